#include "app/offline/dry_run.hpp"

#include "app/offline/runner.hpp"
#include "core/incident/words.hpp"
#include "core/paging/words.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <memory>
#include <optional>
#include <utility>

namespace surged::app::offline {
namespace {

using incident::Entry;
using plan::Level;

/// Only this plan, started by a report of that kind, or, where none is named, by what nobody has to
/// say: pages then carry the plan's title. What it does by date stays.
plan::RuleSet only(const plan::RuleSet& rules, const DryRun& options) {
    plan::RuleSet out = rules;
    plan::Plan plan = rules.plans.at(options.plan);
    std::erase_if(plan.triggers, [](const plan::Trigger& trigger) {
        return trigger.condition.kind != plan::ConditionKind::calendar;
    });
    plan::Trigger started;
    started.id = "dry-run";
    plan::Condition report;
    report.kind = plan::ConditionKind::report;
    report.level = options.level;
    report.reports = {options.kind};
    if (options.kind.empty()) {
        started.condition.kind = plan::ConditionKind::not_;
        started.condition.level = options.level;
        started.condition.members = {std::move(report)};
    } else {
        started.condition = std::move(report);
    }
    plan.triggers.push_back(std::move(started));
    plan.yields_to.clear();
    out.plans.clear();
    out.plans.emplace(options.plan, std::move(plan));
    return out;
}

class Rehearsal {
public:
    Rehearsal(const plan::RuleSet& rules, const DryRun& options, plan::Language language)
        : options_{options},
          language_{language},
          rules_{std::make_shared<const plan::RuleSet>(only(rules, options))},
          plan_{rules_->plans.at(options.plan)},
          begin_{to_instant(options.at, Micros{0})},
          runner_{rules_, "dry-run", options.at, [this](const auto& effect) { saw(effect); }} {}

    std::vector<Happened> go() {
        if (!options_.kind.empty()) tell_report();
        runner_.advance(begin_ + options_.lasts);
        notices();
        std::stable_sort(found_.begin(), found_.end(), [](const auto& a, const auto& b) {
            return a.after < b.after;
        });
        return std::move(found_);
    }

private:
    void tell_report() {
        engine::Report report;
        report.plan = options_.plan;
        report.kind = options_.kind;
        report.level = options_.level;
        report.queue = options_.queue;
        report.by = say("试运行", "dry-run");
        runner_.give(std::move(report));
    }

    template <class... Args>
    [[nodiscard]] std::string say(
        fmt::format_string<Args...> zh, fmt::format_string<Args...> en, Args&&... args
    ) const {
        return paging::phrase(language_, zh, en, std::forward<Args>(args)...);
    }
    [[nodiscard]] std::string level(plan::Level level) const {
        return language_ == plan::Language::zh_cn ? paging::level_word(level, language_)
                                                  : std::string{plan::name_of(level)};
    }

    void add(Instant at, std::string what, std::string who, std::string text) {
        const Wall wall = to_wall(at, Micros{0});
        found_.push_back(
            {at - begin_,
             plan::local_clock(rules_->site.zone, wall),
             std::move(what),
             std::move(who),
             std::move(text)}
        );
    }

    void saw(const engine::Effect& effect) {
        if (const auto* send = std::get_if<engine::SendPage>(&effect.body))
            add(effect.at,
                "page",
                say("{} 经 {}", "{} by {}", send->page.person, send->page.channel),
                send->page.content.title);
        else if (const auto* change = std::get_if<engine::IncidentChanged>(&effect.body))
            changed(effect.at, *change);
        else if (const auto* trouble = std::get_if<engine::Trouble>(&effect.body))
            add(effect.at, "trouble", trouble->what, trouble->detail);
    }

    void changed(Instant at, const engine::IncidentChanged& change) {
        const auto& item = change.item;
        const plan::StepRule* step = step_of(item.detail);
        if (item.entry == Entry::step_opened && step != nullptr) {
            const std::string within =
                step->within == Micros{0}
                    ? std::string{}
                    : say(",时限 {}", " within {}", format_duration(step->within));
            add(at,
                "step",
                team_of(step->team),
                say("{}{}:{}", "{}{}: {}", step->id, within, step->text.in(language_)));
            if (step->action) action(at, *step);
            return;
        }
        if (item.entry == Entry::step_overdue) return add(at, "overdue", item.by, item.detail);
        if (item.entry == Entry::activated && !activated_) activated_ = at;
        add(at,
            "incident",
            item.entry == Entry::asked ? team_of(item.detail) : item.by,
            fmt::format(
                "{} {}{}",
                incident::said(incident::Term::entry, incident::name_of(item.entry), language_),
                level(item.level),
                item.detail.empty() || item.entry == Entry::asked || item.entry == Entry::opened
                    ? std::string{}
                    : say(":{}", ": {}", item.detail)
            ));
    }

    void action(Instant at, const plan::StepRule& step) {
        std::string text = fmt::format("{} {}", step.action->kind, step.action->target);
        if (!step.action->undo.empty())
            text += say(",撤销用 {}", ", undone by {}", step.action->undo);
        add(at, "action", allowed_by(step.action->approval), text);
    }

    /// From the activation on, each by its own time, and again.
    void notices() {
        if (!activated_) return;
        for (const plan::NoticeRule& notice : plan_.binder.notices) {
            if (options_.level < notice.from_level || notice.text == "recovered") continue;
            Instant at = *activated_ + notice.within;
            do {
                if (at > begin_ + options_.lasts) break;
                add(at,
                    "notice",
                    allowed_by(notice.approval),
                    say("致 {},经 {}:{}",
                        "to {} by {}: {}",
                        notice.to,
                        fmt::to_string(fmt::join(notice.via, ", ")),
                        notice.text));
                at += notice.every;
            } while (notice.every > Micros{0});
        }
    }

    [[nodiscard]] std::string allowed_by(const std::string& role) const {
        return role.empty() ? std::string{} : say("由 {} 审批", "allowed by {}", team_of(role));
    }
    [[nodiscard]] const plan::StepRule* step_of(const std::string& id) const {
        for (const plan::StepRule& step : plan_.steps)
            if (step.id == id) return &step;
        return nullptr;
    }
    [[nodiscard]] std::string team_of(const std::string& role) const {
        const auto team = plan_.teams.find(role);
        return team == plan_.teams.end() || team->second == role
                   ? role
                   : fmt::format("{} ({})", role, team->second);
    }

    const DryRun& options_;
    plan::Language language_;
    std::vector<Happened> found_;  // before the runner: loading the rules may open an incident
    std::optional<Instant> activated_;
    plan::Rules rules_;
    const plan::Plan& plan_;
    Instant begin_;
    Runner runner_;
};

}  // namespace

std::vector<Happened> dry_run(
    const plan::RuleSet& rules, const DryRun& options, plan::Language language
) {
    return Rehearsal{rules, options, language}.go();
}

}  // namespace surged::app::offline
