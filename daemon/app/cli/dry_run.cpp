#include "app/cli/dry_run.hpp"

#include "app/cli/language.hpp"
#include "app/cli/manner.hpp"
#include "app/cli/mistake_words.hpp"
#include "app/cli/site_time.hpp"
#include "app/cli/table.hpp"
#include "app/cli/unknown.hpp"
#include "app/offline/dry_run.hpp"
#include "io/api/encode_explain.hpp"
#include "io/runtime/wall_clock.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <ostream>
#include <string_view>
#include <vector>

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
class Wanted {
public:
    Wanted(const DryRunOptions& options, const plan::RuleSet& rules, const Manner& manner)
        : options_{options}, rules_{rules}, manner_{manner} {}

    [[nodiscard]] Result<offline::DryRun> read() const {
        offline::DryRun out;
        out.plan = io::api::plan_named(rules_, options_.plan);
        if (out.plan.empty()) return no_plan();
        const auto level = plan::parse_level(options_.level);
        if (!level || *level == plan::Level::none)
            return fail(
                manner_.say("{} 不是级别", "{} is no level", options_.level),
                manner_.say("IV、III、II 或 I", "IV, III, II or I")
            );
        const auto lasts = parse_duration(options_.lasts);
        if (!lasts)
            return fail(
                manner_.say("{} 不是时长", "{} is no duration", options_.lasts),
                manner_.say("如 2h", "such as 2h")
            );
        if (auto fits = kind(rules_.plans.at(out.plan)); !fits)
            return tl::make_unexpected(fits.error());
        out.level = *level;
        out.lasts = *lasts;
        out.kind = options_.kind;
        out.queue = options_.queue;
        if (options_.at.empty()) {
            out.at = Wall{io::wall_now().us / 1'000'000 * 1'000'000};
            return out;
        }
        const auto moment = local_time(options_.at, rules_.site.zone);
        if (!moment)
            return fail(
                manner_.say("{} 不是当地时间", "{} is no local time", options_.at),
                manner_.say("如 '2026-11-11 20:05'", "such as '2026-11-11 20:05'")
            );
        out.at = *moment;
        return out;
    }

private:
    [[nodiscard]] tl::unexpected<Error> no_plan() const {
        std::vector<std::string_view> names, sources;
        for (const auto& [name, plan] : rules_.plans) {
            names.push_back(name);
            if (!plan.source.empty()) sources.push_back(plan.source);
        }
        return tl::make_unexpected(unknown_name(
            manner_.language(),
            manner_.say("没有预案 {}", "there is no plan {}", options_.plan),
            options_.plan,
            names,
            sources
        ));
    }
    /// A plan takes reports of its own kinds only, and without one no report is made up.
    [[nodiscard]] Status kind(const plan::Plan& plan) const {
        if (options_.kind.empty() && !options_.queue.empty())
            return fail(
                manner_.say("--queue 须与 --kind 同用", "--queue goes with --kind"),
                manner_.say("它是上报所涉的队列", "it is the queue of a report")
            );
        std::string all;
        for (const plan::KindRule& one : plan.kinds) {
            if (one.id == options_.kind) return {};
            all += (all.empty() ? "" : ", ") + one.id;
        }
        if (options_.kind.empty()) return {};
        return fail(
            manner_.say("{} 没有类别 {}", "{} has no kind {}", plan.name, options_.kind),
            all.empty() ? manner_.say("该预案没有类别", "it has none")
                        : manner_.say("现有:{}", "it has {}", all)
        );
    }

    const DryRunOptions& options_;
    const plan::RuleSet& rules_;
    const Manner& manner_;
};

std::string what_in(const Manner& manner, const std::string& what) {
    struct Word {
        std::string_view en, zh;
    };
    constexpr Word words[] = {
        {"page",     "呼叫"    },
        {"incident", "事件"    },
        {"step",     "处置步骤"},
        {"overdue",  "超时"    },
        {"action",   "联动动作"},
        {"notice",   "客户公告"},
        {"trouble",  "问题"    },
    };
    if (manner.language() == plan::Language::zh_cn)
        for (const Word& word : words)
            if (what == word.en) return std::string{word.zh};
    return what;
}

}  // namespace

Exit dry_run(const Globals& globals, const DryRunOptions& options) {
    const auto loaded = config::load_rules(options.rules, nullptr);
    if (!loaded) {
        for (const auto& d : loaded.error())
            *globals.err << told(d, language_for(globals.language)) << '\n';
        return Exit::finding;
    }
    const Manner manner{language_for(globals.language), loaded->rules.site.zone};
    const auto run = Wanted{options, loaded->rules, manner}.read();
    if (!run) return complain(globals, run.error(), Exit::usage);
    const auto found = offline::dry_run(loaded->rules, *run, manner.language());
    if (globals.json) {
        as_json(globals, found);
        return Exit::fine;
    }
    Table table{
        {manner.say("当地时间", "LOCAL TIME"),
         manner.say("经过", "AFTER"),
         manner.say("事项", "WHAT"),
         manner.say("对象", "WHO"),
         manner.say("内容", "TEXT")}
    };
    for (const auto& one : found)
        table.add(
            {one.when, format_duration(one.after), what_in(manner, one.what), one.who, one.text}
        );
    *globals.out << table.text()
                 << manner.say(
                        "未发送任何内容。客户公告和联动动作目前不由 surged 执行。\n",
                        "Nothing was sent. Notices and actions are not carried out by surged yet.\n"
                    )
                 << std::flush;
    return Exit::fine;
}

}  // namespace surged::app::cli
