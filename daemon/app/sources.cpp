// What config/ calls a source becomes one of io's.
#include "app/parts.hpp"
#include "io/crypto.hpp"
#include "io/runtime/wall_clock.hpp"
#include "io/source/ami/client.hpp"
#include "io/source/csv/client.hpp"
#include "io/source/esl/client.hpp"
#include "io/source/prometheus/client.hpp"
#include "io/source/queue_log/client.hpp"
#include "io/source/statsd/client.hpp"
#include "io/source/webhook/hook.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

namespace surged::app {
namespace net = boost::asio;
namespace {

constexpr std::size_t behind_bytes = 8U << 20;  // wait for the journal: no more for now

using Made = Result<std::unique_ptr<io::Source>>;

io::hook::Signing signing_of(const config::WebhookSource& of, std::string_view secrets) {
    io::hook::Signing out;
    out.scheme = io::hook::parse_scheme(of.signature).value_or(io::hook::Scheme::bearer);
    while (!secrets.empty()) {  // one a line
        const std::string_view line = secrets.substr(0, secrets.find('\n'));
        secrets.remove_prefix(std::min(secrets.size(), line.size() + 1));
        const std::size_t end = line.find_last_not_of(" \r\t");
        if (end != std::string_view::npos) out.secrets.emplace_back(line.substr(0, end + 1));
    }
    out.username = of.username;
    out.header = of.header;
    out.url = of.url;
    out.window = of.window;
    return out;
}

/// The value of the Authorization header; empty without one.
Result<std::string> authorization_of(const config::PrometheusSource& of) {
    const std::string& file = of.username.empty() ? of.token_file : of.password_file;
    auto secret = secret_or_none(file);
    if (!secret || secret->empty()) return secret;
    if (of.username.empty()) return "Bearer " + *secret;
    return "Basic " + io::crypto::to_base64(of.username + ":" + *secret);
}

io::csv::Kind kind_of(std::string_view content) {
    if (content == "plan") return io::csv::Kind::plan;
    if (content == "history") return io::csv::Kind::history;
    return content == "staffing" ? io::csv::Kind::staffing : io::csv::Kind::complaints;
}

struct Maker {
    net::any_io_executor loop;
    const config::Daemon& config;
    const config::Source& source;
    Live& live;
    io::hook::Hooks& hooks;

    Made operator()(const config::AmiSource& of) const {
        auto secret = secret_or_none(of.secret_file);
        if (!secret) return tl::make_unexpected(secret.error());
        auto key = site_key(config.store.path);
        if (!key) return tl::make_unexpected(key.error());
        io::ami::ClientOptions options;
        options.name = source.name;
        options.host = of.host;
        options.port = of.port;
        options.username = of.username;
        options.secret = std::move(*secret);
        options.stale_after = source.stale_after;
        return std::make_unique<io::ami::Client>(
            loop, options, live.add_source(source.name, nullptr), caller_hash(std::move(*key), live)
        );
    }

    Made operator()(const config::EslSource& of) const {
        auto secret = secret_or_none(of.secret_file);
        if (!secret) return tl::make_unexpected(secret.error());
        auto key = site_key(config.store.path);
        if (!key) return tl::make_unexpected(key.error());
        io::esl::ClientOptions options;
        options.name = source.name;
        options.host = of.host;
        options.port = of.port;
        options.secret = std::move(*secret);
        options.format = of.format == "json" ? io::esl::Format::json : io::esl::Format::plain;
        options.stale_after = source.stale_after;
        options.poll = of.poll;
        return std::make_unique<io::esl::Client>(
            loop, options, live.add_source(source.name, nullptr), caller_hash(std::move(*key), live)
        );
    }

    Made operator()(const config::QueueLogSource& of) const {
        auto key = site_key(config.store.path);
        if (!key) return tl::make_unexpected(key.error());
        io::queue_log::ClientOptions options;
        options.name = source.name;
        options.path = of.path;
        options.cursor = live.engine().floor().cursor(source.name);
        options.companion = !source.companion.empty();
        // What stands there at a companion's first start, its main source has told already.
        options.from_end = of.from_end || options.companion;
        options.members = of.members;
        options.caller_hash = caller_hash(std::move(*key), live);
        options.hold_back = [&live = live] { return live.backlog_bytes() > behind_bytes; };
        return std::make_unique<io::queue_log::Client>(
            loop,
            std::move(options),
            std::make_unique<io::queue_log::PosixFiles>(),
            live.add_source(source.name, nullptr)
        );
    }

    Made operator()(const config::WebhookSource& of) const {
        auto secret = config::read_secret(of.secret_file);
        if (!secret) return tl::make_unexpected(secret.error());
        auto key = site_key(config.store.path);
        if (!key) return tl::make_unexpected(key.error());
        io::hook::HookOptions options;
        options.name = source.name;
        options.map = of.map;
        options.signing = signing_of(of, *secret);
        options.naming = {of.queue, of.queue_names, of.agent_queues};
        options.caller = caller_hash(std::move(*key), live);
        options.body_bytes_max = of.body_bytes_max;
        options.rate = of.rate;
        options.stale_after = source.stale_after;
        options.wall = [] { return io::wall_now(); };
        options.steady = shell_clock().steady;
        auto made = std::make_unique<io::hook::Hook>(
            loop, std::move(options), live, live.add_source(source.name, nullptr)
        );
        hooks.add(*made);
        return made;
    }

    Made operator()(const config::StatsdSource& of) const {
        io::statsd::ClientOptions options;
        options.name = source.name;
        options.address = of.address;
        options.port = of.port;
        options.buffer = of.buffer;
        options.flush = of.flush;
        options.stale_after = source.stale_after;
        for (const config::StatsdMetric& each : of.metrics)
            options.rules.push_back(
                {each.metric,
                 each.gauge,
                 each.queue,
                 each.queue_tag,
                 io::statsd::parse_take(each.take).value_or(io::statsd::Take::usual)}
            );
        return std::make_unique<io::statsd::Client>(
            loop, std::move(options), live.add_source(source.name, nullptr)
        );
    }

    Made operator()(const config::PrometheusSource& of) const {
        auto authorization = authorization_of(of);
        if (!authorization) return tl::make_unexpected(authorization.error());
        io::prometheus::ClientOptions options;
        options.name = source.name;
        options.server = !of.base_url.empty();
        options.url = options.server ? of.base_url : of.scrape_url;
        options.authorization = std::move(*authorization);
        options.interval = of.interval;
        options.timeout = of.timeout;
        options.stale_after = source.stale_after;
        options.queue_names.insert(of.queue_names.begin(), of.queue_names.end());
        for (const config::PrometheusSeries& each : of.series)
            options.picks.push_back({
                each.query,
                each.metric,
                {each.labels.begin(), each.labels.end()},
                each.gauge,
                each.queue,
                each.queue_label
            });
        return std::make_unique<io::prometheus::Client>(
            loop, std::move(options), live.add_source(source.name, nullptr)
        );
    }

    Made operator()(const config::CsvSource& of) const {
        io::csv::ClientOptions options;
        options.name = source.name;
        options.path = of.path;
        options.kind = kind_of(of.content);
        options.mapping.columns.insert(of.columns.begin(), of.columns.end());
        options.mapping.queue = of.queue;
        options.mapping.queue_names.insert(of.queue_names.begin(), of.queue_names.end());
        options.mapping.severities.insert(of.severities.begin(), of.severities.end());
        options.mapping.interval = of.interval;
        options.zone = [&live = live] { return live.engine().rules().site.zone; };
        options.stale_after = source.stale_after;
        options.hold_back = [&live = live] { return live.backlog_bytes() > behind_bytes; };
        return std::make_unique<io::csv::Client>(
            loop, std::move(options), live.add_source(source.name, nullptr)
        );
    }
};

}  // namespace

Result<std::unique_ptr<io::Source>> make_source(
    const config::Source& source,
    const config::Daemon& config,
    Live& live,
    io::hook::Hooks& hooks,
    net::any_io_executor loop
) {
    auto made = std::visit(Maker{std::move(loop), config, source, live, hooks}, source.of);
    if (made) live.set_status(source.name, [raw = made->get()] { return raw->status(); });
    return made;
}

}  // namespace surged::app
