#include "app/cli/explain.hpp"

#include "app/backtest/history.hpp"
#include "app/cli/api.hpp"
#include "app/cli/language.hpp"
#include "app/cli/mistake_words.hpp"
#include "app/cli/show.hpp"
#include "app/cli/site_time.hpp"
#include "app/cli/unknown.hpp"
#include "app/offline/runner.hpp"
#include "config/daemon.hpp"
#include "core/paging/words.hpp"
#include "io/api/encode_explain.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <memory>
#include <optional>
#include <ostream>
#include <string_view>
#include <utility>

namespace surged::app::cli {
namespace {

namespace json = boost::json;

using Names = std::vector<std::string>;

Result<config::LoadedRules> rules_in(const std::string& folder) {
    auto loaded = config::load_rules(folder, nullptr);
    if (loaded) return std::move(*loaded);
    return tl::make_unexpected(as_error(loaded.error()));
}

/// None: to the end of the history.
Result<std::optional<Instant>> until(const std::string& text, const plan::RuleSet& rules) {
    if (text.empty()) return std::optional<Instant>{};
    const auto wall = site_time(text, rules.site.zone);
    if (!wall) return tl::make_unexpected(wall.error());
    return std::optional{to_instant(*wall, Micros{0})};
}

/// What there is to say, or why there is nothing.
struct Answer {
    json::value told;
    std::optional<Error> unknown;  // of the plan or the queue: nothing is called so
};

Answer no_plan(
    plan::Language language, const std::string& word, const Names& names, const Names& sources
) {
    const std::vector<std::string_view> known{names.begin(), names.end()};
    const std::vector<std::string_view> others{sources.begin(), sources.end()};
    const std::string what = paging::phrase(language, "没有预案 {}", "there is no plan {}", word);
    return {{}, unknown_name(language, what, word, known, others)};
}

Answer no_queue(plan::Language language, const std::string& word, const Names& names) {
    const std::vector<std::string_view> known{names.begin(), names.end()};
    const std::string what =
        paging::phrase(language, "看板上没有队列 {}", "there is no queue {} on the board", word);
    return {{}, unknown_name(language, what, word, known)};
}

Result<Answer> ask(const Globals& globals, const ExplainOptions& options) {
    auto api = Api::open(globals);
    if (!api) return tl::make_unexpected(api.error());
    const plan::Language language = language_for(globals.language);
    const std::string path = "/api/v1/explain?plan=" + percent_encoded(options.plan);
    auto told =
        api->get(path + (options.queue.empty() ? "" : "&queue=" + percent_encoded(options.queue)));
    Names names, sources;
    if (!told) {
        if (cell(api->problem(), "/status") != "404") return tl::make_unexpected(told.error());
        const auto all = api->get("/api/v1/plans");
        if (!all) return tl::make_unexpected(told.error());
        for (const json::value& one : list_at(*all, "plans")) {
            names.push_back(cell(one, "/plan"));
            if (std::string source = cell(one, "/source"); !source.empty())
                sources.push_back(std::move(source));
        }
        return no_plan(language, options.plan, names, sources);
    }
    if (options.queue.empty() || cell(*told, "/known") == "yes")
        return Answer{std::move(*told), std::nullopt};
    if (const auto all = api->get(path))  // of those that the plan watches
        for (const json::value& one : list_at(*all, "queues")) names.push_back(cell(one, "/queue"));
    return no_queue(language, options.queue, names);
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

Result<Answer> replay(const ExplainOptions& options, plan::Language language) {
    auto loaded = rules_in(options.rules);
    if (!loaded) return tl::make_unexpected(loaded.error());
    const std::string plan = io::api::plan_named(loaded->rules, options.plan);
    Names names, sources;
    if (plan.empty()) {
        for (const auto& item : loaded->rules.plans) {
            names.push_back(item.first);
            if (!item.second.source.empty()) sources.push_back(item.second.source);
        }
        return no_plan(language, options.plan, names, sources);
    }
    const auto upto = until(options.at, loaded->rules);
    if (!upto) return tl::make_unexpected(upto.error());
    backtest::FeedOptions feed;
    feed.site = loaded->rules.site.id;
    feed.zone = loaded->rules.site.zone;
    feed.source = "history";
    feed.lateness = loaded->rules.site.limits.lateness;
    auto history = backtest::History::open(options.events, feed);
    if (!history) return tl::make_unexpected(history.error());
    auto time = replayed(*history, std::move(*loaded), *upto);
    if (!time) return tl::make_unexpected(time.error());
    const engine::Engine& engine = (*time)->engine();
    const auto told = engine.explain(plan, options.queue);
    if (!told->known) {
        for (const board::QueueIx queue : engine.board().queues())
            names.push_back(engine.board().name(queue));
        return no_queue(language, options.queue, names);
    }
    return Answer{json::parse(io::api::encode_explanation(engine, *told)), std::nullopt};
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
    const auto answer = options.rules.empty() ? ask(globals, options)
                                              : replay(options, language_for(globals.language));
    if (!answer) return complain(globals, answer.error());
    if (answer->unknown) return complain(globals, *answer->unknown, Exit::usage);
    const json::value& told = answer->told;
    if (globals.json)
        *globals.out << json::serialize(told) << '\n' << std::flush;
    else
        *globals.out << explanation_text(told, manner_of(globals, told)) << std::flush;
    return Exit::fine;
}

}  // namespace surged::app::cli
