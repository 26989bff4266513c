#include "app/cli/simulate.hpp"

#include "app/simulate/feed.hpp"
#include "app/simulate/scenarios.hpp"
#include "io/runtime/wall_clock.hpp"

#include <cerrno>
#include <cstdio>
#include <fmt/format.h>
#include <memory>
#include <ostream>
#include <system_error>

namespace surged::app::cli {
namespace {

using simulate::Setup;
using simulate::Truth;

/// A duration option: empty is `otherwise`.
Result<Micros> span(std::string_view name, const std::string& text, Micros otherwise) {
    if (text.empty()) return otherwise;
    const auto parsed = parse_duration(text);
    if (!parsed) return fail(fmt::format("--{}: want a duration such as 90s or 10m", name));
    return *parsed;
}

Result<Setup> setup_for(const SimulateOptions& options) {
    simulate::Wish wish;
    const auto scenario = simulate::parse_scenario(options.scenario);
    if (!scenario)
        return fail("--scenario: want normal, surge, outage, complaints, shortage or double11");
    wish.scenario = *scenario;
    wish.seed = options.seed;
    wish.queues = options.queues;
    wish.agents = options.agents.value_or(simulate::usual_agents(wish.scenario));
    wish.speed = options.speed;
    const Micros usual = options.to.empty() ? Micros{0} : simulate::usual_duration(wish.scenario);
    const auto duration = span("duration", options.duration, usual);
    if (!duration) return tl::make_unexpected(duration.error());
    wish.duration = *duration;
    return simulate::make_setup(wish);
}

struct CloseFile {
    void operator()(std::FILE* file) const {
        if (file != stdout) std::fclose(file);
    }
};

Result<Truth> to_file(const SimulateOptions& options, const Setup& setup) {
    Wall start = io::wall_now();
    const auto scenario = simulate::parse_scenario(options.scenario);
    std::string wanted = options.start;
    if (wanted.empty() && scenario) wanted = simulate::usual_start(*scenario);
    if (!wanted.empty()) {
        const auto parsed = parse_rfc3339(wanted);
        if (!parsed) return fail("--start: want a time such as 2026-11-23T09:00:00+08:00");
        start = *parsed;
    }
    const bool standard = options.to == "-";
    const std::unique_ptr<std::FILE, CloseFile> file{
        standard ? stdout : std::fopen(options.to.c_str(), "w")
    };
    if (!file)
        return fail(
            fmt::format("cannot write {}: {}", options.to, std::generic_category().message(errno))
        );
    return simulate::write_events(setup, start, file.get());
}

Result<Truth> to_api(const Globals& globals, const Setup& setup) {
    simulate::ApiOptions api;
    api.url = globals.url;
    if (!globals.token_file.empty()) {
        const auto token = secret_from(globals.token_file);
        if (!token) return tl::make_unexpected(token.error());
        api.token = *token;
    }
    return simulate::post_events(setup, api, stop_on_signals());
}

Result<simulate::AmiOptions> ami_options(const Globals& globals, const SimulateOptions& options) {
    const auto listen = parse_listen(options.as_ami);
    if (!listen) return fail("--as-ami: want HOST:PORT");
    if (options.secret_file.empty())
        return fail("--as-ami needs --secret-file", "the file holds the manager account's secret");
    const auto secret = secret_from(options.secret_file);
    if (!secret) return tl::make_unexpected(secret.error());
    const auto linger = span("linger", options.linger, Micros{0});
    if (!linger) return tl::make_unexpected(linger.error());
    simulate::AmiOptions ami;
    ami.manager.address = listen->first;
    ami.manager.port = listen->second;
    ami.manager.username = options.user;
    ami.manager.secret = *secret;
    ami.wait = options.wait;
    ami.linger = *linger;
    ami.on_listening = [out = globals.out, host = listen->first](std::uint16_t port) {
        *out << fmt::format("listening ami://{}:{}", host, port) << '\n' << std::flush;
    };
    return ami;
}

}  // namespace

Exit simulate(const Globals& globals, const SimulateOptions& given) {
    SimulateOptions options = given;
    if (options.ndjson && !options.to.empty())
        return complain(globals, {"--ndjson and --to exclude each other", ""}, Exit::usage);
    if (options.ndjson) options.to.assign(1, '-');
    if (!options.to.empty() && !options.as_ami.empty())
        return complain(globals, {"--to and --as-ami exclude each other", ""}, Exit::usage);
    const auto setup = setup_for(options);
    if (!setup) return complain(globals, setup.error(), Exit::usage);
    simulate::AmiOptions ami;
    if (!options.as_ami.empty()) {
        auto wanted = ami_options(globals, options);
        if (!wanted) return complain(globals, wanted.error(), Exit::usage);
        ami = std::move(*wanted);
    }
    const auto truth = !options.to.empty() ? to_file(options, *setup)
                       : !options.as_ami.empty()
                           ? simulate::act_as_asterisk(*setup, ami, stop_on_signals())
                           : to_api(globals, *setup);
    if (!truth) return complain(globals, truth.error());
    const std::string summary = truth->to_json();
    if (options.to != "-") *globals.out << summary << '\n' << std::flush;
    if (!options.summary.empty()) {
        const auto written = write_file(options.summary, summary + '\n');
        if (!written) return complain(globals, written.error());
    }
    return Exit::fine;
}

}  // namespace surged::app::cli
