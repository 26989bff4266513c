#include "app/cli/dry_run.hpp"

#include "app/cli/table.hpp"
#include "app/offline/dry_run.hpp"
#include "config/rule_test.hpp"
#include "io/runtime/wall_clock.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <ostream>

namespace surged::app::cli {
namespace {

namespace json = boost::json;

void as_json(const Globals& globals, const std::vector<offline::Happened>& found) {
    json::array out;
    for (const auto& one : found)
        out.push_back(json::object{
            {"after_s", static_cast<double>(one.after.count()) / 1e6},
            {"when",    one.when                                    },
            {"what",    one.what                                    },
            {"who",     one.who                                     },
            {"text",    one.text                                    }
        });
    *globals.out << json::serialize(json::object{
                        {"happens", std::move(out)}
    })
                 << '\n';
}

/// What the command line says, as values; an error for what it says wrongly.
Result<offline::DryRun> wanted(const DryRunOptions& options, const plan::RuleSet& rules) {
    offline::DryRun out;
    out.plan = options.plan;
    for (const auto& [name, plan] : rules.plans)
        if (plan.source == options.plan) out.plan = name;
    if (!rules.plans.contains(out.plan))
        return fail("there is no plan " + options.plan, "surgectl check lists mistakes");
    const auto level = plan::parse_level(options.level);
    if (!level || *level == plan::Level::none)
        return fail(options.level + " is no level", "IV, III, II or I");
    const auto lasts = parse_duration(options.lasts);
    if (!lasts) return fail(options.lasts + " is no duration", "such as 2h");
    out.level = *level;
    out.lasts = *lasts;
    out.kind = options.kind;
    out.queue = options.queue;
    if (options.at.empty()) {
        out.at = Wall{io::wall_now().us / 1'000'000 * 1'000'000};
        return out;
    }
    const auto moment = config::parse_moment(options.at);
    if (!moment) return fail(options.at + " is no local time", "such as '2026-11-11 20:05'");
    out.at = plan::wall_of_local(rules.site.zone, *moment);
    return out;
}

}  // namespace

Exit dry_run(const Globals& globals, const DryRunOptions& options) {
    const auto loaded = config::load_rules(options.rules, nullptr);
    if (!loaded) {
        for (const auto& d : loaded.error()) *globals.err << d.text() << '\n';
        return Exit::finding;
    }
    const auto run = wanted(options, loaded->rules);
    if (!run) return complain(globals, run.error(), Exit::usage);
    const auto language = options.language == "zh-CN" ? plan::Language::zh_cn : plan::Language::en;
    const auto found = offline::dry_run(loaded->rules, *run, language);
    if (globals.json) {
        as_json(globals, found);
        return Exit::fine;
    }
    Table table{
        {"LOCAL TIME", "AFTER", "WHAT", "WHO", "TEXT"}
    };
    for (const auto& one : found)
        table.add({one.when, format_duration(one.after), one.what, one.who, one.text});
    *globals.out << table.text()
                 << "Nothing was sent. Notices and actions are not carried out by surged yet.\n"
                 << std::flush;
    return Exit::fine;
}

}  // namespace surged::app::cli
