#include "app/cli/tune.hpp"

#include "app/backtest/history.hpp"
#include "app/backtest/runner.hpp"
#include "app/backtest/tune_report.hpp"
#include "app/cli/language.hpp"
#include "app/cli/mistake_words.hpp"
#include "app/cli/unknown.hpp"
#include "config/daemon.hpp"
#include "config/ladder_text.hpp"
#include "core/paging/words.hpp"
#include "io/api/encode_explain.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <initializer_list>
#include <map>
#include <ostream>
#include <string_view>
#include <utility>

namespace surged::app::cli {
namespace {

using backtest::History;
using backtest::LadderTrials;
using backtest::Runner;

Result<backtest::TuneWish> wish_of(const TuneOptions& options) {
    backtest::TuneWish out;
    for (const std::string& one : options.want) {
        const std::size_t is = one.find('=');
        const auto level = plan::parse_level(one.substr(0, is));
        double a_week = -1;
        if (is != std::string::npos) {
            const char* const end = one.data() + one.size();
            const auto [stop, wrong] = std::from_chars(one.data() + is + 1, end, a_week);
            if (wrong != std::errc{} || stop != end) a_week = -1;
        }
        if (!level || *level == plan::Level::none || !std::isfinite(a_week) || a_week <= 0)
            return fail(fmt::format("--want {}: want a level and alarms a week, as III=1", one));
        out.a_week.at(*level) = a_week;
    }
    for (const std::string& file : options.files)
        if (file == "-") return fail("the history is read twice: give it as a file");
    return out;
}

/// Plans by their names, as the tuner knows them; an error for one that there is not.
Result<std::vector<std::string>> triggers_of(
    const TuneOptions& options, const plan::RuleSet& rules, plan::Language language
) {
    std::vector<std::string> known;
    for (const auto& [name, plan] : rules.plans) {
        known.push_back(name);
        for (const plan::Trigger& trigger : plan.triggers) known.push_back(name + "/" + trigger.id);
    }
    std::vector<std::string> out;
    for (const std::string& word : options.triggers) {
        const std::size_t slash = std::min(word.find('/'), word.size());
        const std::string plan = io::api::plan_named(rules, word.substr(0, slash));
        const std::string name = (plan.empty() ? word.substr(0, slash) : plan) + word.substr(slash);
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            const std::vector<std::string_view> names{known.begin(), known.end()};
            const std::string what = paging::phrase(
                language, "没有预案或触发条件 {}", "there is no plan or trigger {}", word
            );
            return tl::make_unexpected(unknown_name(language, what, name, names));
        }
        out.push_back(name);
    }
    return out;
}

/// Takes every runner through the files once.
Result<backtest::Reading> run(
    const TuneOptions& options, const plan::Site& site, std::initializer_list<Runner*> runners
) {
    backtest::FeedOptions feed;
    feed.site = site.id;
    feed.zone = site.zone;
    feed.source = options.source.empty() ? "history" : options.source;
    feed.lateness = site.limits.lateness;
    auto history = History::open(options.files, feed);
    if (!history) return tl::make_unexpected(history.error());
    for (auto inputs = history->next();; inputs = history->next()) {
        if (!inputs) return tl::make_unexpected(inputs.error());
        if (inputs->empty()) return history->reading();
        for (const engine::Input& input : *inputs)
            for (Runner* runner : runners) runner->take(input);
    }
}

Result<backtest::RunOptions> run_options(const TuneOptions& options, const plan::Site& site) {
    backtest::RunOptions out;
    if (!options.source.empty()) out.feeds.insert(options.source);
    backtest::FeedOptions feed;
    feed.site = site.id;
    feed.zone = site.zone;
    const auto history = History::open(options.files, feed);
    if (!history) return tl::make_unexpected(history.error());
    out.knows_sources = history->tells_of_sources();
    return out;
}

std::vector<config::RungEdit> edits_of(const LadderTrials& ladder, const plan::Trigger& trigger) {
    std::vector<config::RungEdit> out;
    for (std::size_t i = 0; i < ladder.proposed.size(); ++i) {
        const plan::Ladder& was =
            i == 0 ? trigger.condition.leaf.ladder : trigger.condition.overrides[i - 1].leaf.ladder;
        const auto where = i == 0 ? std::nullopt : std::optional{i - 1};
        for (const plan::Level level : plan::levels) {
            const auto& to = ladder.proposed[i].at.at(level);
            if (to && to != was.at.at(level)) out.push_back({ladder.trigger, where, level, *to});
        }
    }
    return out;
}

Result<std::string> diff_of(
    const config::LoadedRules& rules, const std::vector<LadderTrials>& ladders
) {
    std::string out;
    for (const auto& [path, text] : rules.sources) {
        if (!path.starts_with("plans/")) continue;
        const std::string name = config::plan_in(text);
        std::vector<config::RungEdit> edits;
        for (const LadderTrials& ladder : ladders) {
            if (!ladder.changed || ladder.plan != name) continue;
            for (const plan::Trigger& trigger : rules.rules.plans.at(name).triggers)
                if (trigger.id == ladder.trigger)
                    for (auto& edit : edits_of(ladder, trigger)) edits.push_back(std::move(edit));
        }
        if (edits.empty()) continue;
        const auto changed = config::with_rungs(text, edits);
        if (!changed)
            return fail(fmt::format("{}: {}", path, changed.error().what), changed.error().hint);
        out += config::unified_diff(path, text, *changed);
    }
    return out;
}

Result<backtest::TuneSheet> tuned(
    const TuneOptions& options, const config::LoadedRules& rules, backtest::TuneWish wish
) {
    const plan::Site& site = rules.rules.site;
    const auto how = run_options(options, site);
    if (!how) return tl::make_unexpected(how.error());
    const backtest::Tuner tuner{rules.rules, wish};
    Runner probes{tuner.probes(), "probes", *how};
    Runner now{rules.rules, rules.hash, *how};
    const auto read = run(options, site, {&probes, &now});
    if (!read) return tl::make_unexpected(read.error());
    if (read->events == 0) return fail("no event in any of the files");
    backtest::TuneSheet out;
    out.wish = std::move(wish);
    const Micros lateness = site.limits.lateness;
    out.before = {now.finish(), *read, options.rules, options.files, std::nullopt, false, lateness};
    out.ladders = tuner.propose(probes.finish());
    out.untuned = tuner.untuned();
    if (!out.proposes()) return out;
    auto diff = diff_of(rules, out.ladders);
    if (!diff) return tl::make_unexpected(diff.error());
    out.diff = std::move(*diff);
    Runner proposed{with_proposals(rules.rules, out.ladders), "proposed", *how};
    if (const auto again = run(options, site, {&proposed}); !again)
        return tl::make_unexpected(again.error());
    out.after = {
        proposed.finish(), *read, options.rules, options.files, std::nullopt, false, lateness
    };
    return out;
}

}  // namespace

Exit tune(const Globals& globals, const TuneOptions& options) {
    auto wish = wish_of(options);
    if (!wish) return complain(globals, wish.error(), Exit::usage);
    const auto rules = config::load_rules(options.rules, nullptr);
    if (!rules) return complain(globals, as_error(rules.error()));
    auto triggers = triggers_of(options, rules->rules, language_for(globals.language));
    if (!triggers) return complain(globals, triggers.error(), Exit::usage);
    wish->triggers = std::move(*triggers);
    const auto sheet = tuned(options, *rules, std::move(*wish));
    if (!sheet) return complain(globals, sheet.error());
    if (sheet->ladders.empty())
        return complain(globals, {"no trigger to tune", "one figure, and a level that is wanted"});
    if (!options.patch.empty()) {
        const auto written = write_file(options.patch, sheet->diff);
        if (!written) return complain(globals, written.error());
    }
    *globals.out << (globals.json ? backtest::json_tuning(*sheet)
                                  : backtest::text_tuning(*sheet, language_for(globals.language)))
                 << std::flush;
    return Exit::fine;
}

}  // namespace surged::app::cli
