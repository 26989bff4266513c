#include "app/cli/explain.hpp"

#include "app/backtest/history.hpp"
#include "app/cli/api.hpp"
#include "app/cli/mistake_words.hpp"
#include "app/offline/runner.hpp"
#include "config/daemon.hpp"
#include "config/rule_test.hpp"
#include "io/api/encode_explain.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <memory>
#include <optional>
#include <ostream>
#include <utility>

namespace surged::app::cli {
namespace {

namespace json = boost::json;

Result<json::value> ask(const Globals& globals, const ExplainOptions& options) {
    auto api = Api::open(globals);
    if (!api) return tl::make_unexpected(api.error());
    return api->get(
        "/api/v1/explain?plan=" + percent_encoded(options.plan) +
        (options.queue.empty() ? "" : "&queue=" + percent_encoded(options.queue))
    );
}

Result<config::LoadedRules> rules_in(const std::string& folder) {
    auto loaded = config::load_rules(folder, nullptr);
    if (loaded) return std::move(*loaded);
    return tl::make_unexpected(as_error(loaded.error()));
}

/// Local time of the site, or RFC 3339; none: to the end of the history.
Result<std::optional<Instant>> until(const std::string& text, const plan::RuleSet& rules) {
    if (text.empty()) return std::optional<Instant>{};
    if (const auto wall = parse_rfc3339(text)) return std::optional{to_instant(*wall, Micros{0})};
    const auto moment = config::parse_moment(text);
    if (!moment)
        return fail(text + " is no time", "such as '2026-11-11 20:05', local time, or RFC 3339");
    return std::optional{to_instant(plan::wall_of_local(rules.site.zone, *moment), Micros{0})};
}

/// The engine as it stood at that time of the history.
Result<std::unique_ptr<offline::Runner>> replayed(
    backtest::History& history, config::LoadedRules loaded, std::optional<Instant> upto
) {
    const auto rules = std::make_shared<const plan::RuleSet>(std::move(loaded.rules));
    std::unique_ptr<offline::Runner> time;
    for (;;) {
        auto inputs = history.next();
        if (!inputs) return tl::make_unexpected(inputs.error());
        if (inputs->empty()) break;
        for (engine::Input& input : *inputs) {
            if (upto && input.instant > *upto) break;
            if (!time)
                time = std::make_unique<offline::Runner>(
                    rules,
                    loaded.hash,
                    to_wall(input.instant, Micros{0}),
                    [](const engine::Effect&) {}
                );
            time->advance(input.instant);
            (void)time->give(std::move(input.body), std::move(input.source));
        }
        if (upto && !inputs->empty() && inputs->back().instant > *upto) break;
    }
    if (!time) return fail("no event in any of the files before that time");
    if (upto) time->advance(*upto);
    return time;
}

Result<json::value> replay(const ExplainOptions& options) {
    auto loaded = rules_in(options.rules);
    if (!loaded) return tl::make_unexpected(loaded.error());
    const std::string plan = io::api::plan_named(loaded->rules, options.plan);
    if (plan.empty()) return fail("there is no plan " + options.plan);
    const auto upto = until(options.at, loaded->rules);
    if (!upto) return tl::make_unexpected(upto.error());
    backtest::FeedOptions feed;
    feed.site = loaded->rules.site.id;
    feed.zone = loaded->rules.site.zone;
    feed.source = "history";
    auto history = backtest::History::open(options.events, feed);
    if (!history) return tl::make_unexpected(history.error());
    auto time = replayed(*history, std::move(*loaded), *upto);
    if (!time) return tl::make_unexpected(time.error());
    const auto told = (*time)->engine().explain(plan, options.queue);
    return json::parse(io::api::encode_explanation((*time)->engine(), *told));
}

}  // namespace

Exit explain(const Globals& globals, const ExplainOptions& options) {
    if (options.rules.empty() != options.events.empty())
        return complain(
            globals,
            {"--rules and --events go together", "both: offline; neither: ask surged"},
            Exit::usage
        );
    if (options.rules.empty() && !options.at.empty())
        return complain(globals, {"--at wants --rules and --events", ""}, Exit::usage);
    const auto told = options.rules.empty() ? ask(globals, options) : replay(options);
    if (!told) return complain(globals, told.error());
    if (globals.json)
        *globals.out << json::serialize(*told) << '\n' << std::flush;
    else
        *globals.out << explanation_text(*told, manner_of(globals, *told)) << std::flush;
    return Exit::fine;
}

}  // namespace surged::app::cli
