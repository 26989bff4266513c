#include "core/plan/difference.hpp"

#include "core/plan/difference_leaf.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utility>

namespace surged::plan {
namespace {

std::string list_of(const std::vector<std::string>& names) {
    return fmt::format("{}", fmt::join(names, ", "));
}

std::string text_of(const ActivationRule& rule) {
    switch (rule.mode) {
        case Activation::warn:
            return "warn";
        case Activation::automatic:
            return "automatic";
        case Activation::ask:
            return fmt::format(
                "ask {} within {}, else {}",
                rule.by,
                format_duration(rule.within),
                rule.then_activate ? "activate" : "nothing"
            );
        case Activation::start_then_confirm:
            break;
    }
    return fmt::format("start, {} may stop within {}", rule.by, format_duration(rule.within));
}

std::string text_of(const std::vector<Rung>& rungs) {
    std::string out;
    for (const Rung& rung : rungs)
        out += fmt::format(
            "{}{} {}", out.empty() ? "" : " > ", list_of(rung.page), format_duration(rung.wait)
        );
    return out;
}

std::string text_of(const Team& team) {
    std::string out = text_of(team.escalation);
    for (const Shift& shift : team.shifts)
        out += fmt::format("; {}: {}", shift.when, text_of(shift.escalation));
    out += fmt::format("; x{}", team.repeat);
    if (!team.last_resort.empty()) out += "; last " + team.last_resort;
    return out;
}

/// Without addresses: they are nobody's business who reads a comparison.
std::string text_of(const Person& person) {
    std::string out;
    for (const Method& method : person.contact)
        out += fmt::format(
            "{}{} after {}", out.empty() ? "" : ", ", method.channel, format_duration(method.after)
        );
    return out;
}

std::string text_of(const StepRule& step) {
    std::string out =
        fmt::format("{}, {}, from {}", step.phase, step.team, name_of(step.from_level));
    if (step.within > Micros{0}) out += ", within " + format_duration(step.within);
    if (step.before) out += ", before " + format_duration(*step.before);
    if (step.every > Micros{0}) out += ", every " + format_duration(step.every);
    if (step.required) out += ", required";
    if (!step.kinds.empty()) out += ", kinds " + list_of(step.kinds);
    if (step.action) out += ", action " + step.action->kind + " " + step.action->target;
    return out;
}

std::string text_of(const QueueRule& rule) {
    return fmt::format(
        "target {}, short_abandon {}, wrap {}, lines {}, formula {}, backlog_after {}, "
        "complaint_limit {}",
        rule.target ? format_duration(*rule.target) : "-",
        format_duration(rule.short_abandon),
        format_duration(rule.wrap),
        rule.lines,
        static_cast<int>(rule.formula),
        rule.backlog_after ? format_duration(*rule.backlog_after) : "-",
        rule.complaint_limit ? format_duration(*rule.complaint_limit) : "-"
    );
}

class Comparing {
public:
    Comparing(const RuleSet& before, const RuleSet& after, const std::vector<std::string>& queues)
        : before_{before}, after_{after}, queues_{queues} {}

    std::vector<Change> run() {
        plans();
        people();
        site();
        if (before_.notices != after_.notices) add({What::words, "", "", "notices.yaml"});
        std::stable_sort(out_.begin(), out_.end(), [](const Change& a, const Change& b) {
            return a.what != What::words && b.what == What::words;
        });
        if (out_.empty() && !(before_ == after_)) add({What::site, "", "", "limits"});
        return std::move(out_);
    }

private:
    void add(Change change) { out_.push_back(std::move(change)); }
    /// `one`: all but the values.
    template <class T, class Text>
    void compare(Change one, const T& before, const T& after, Text text) {
        if (before == after) return;
        one.before = text(before);
        one.after = text(after);
        add(std::move(one));
    }
    /// Of two maps: what came, went or is otherwise. `text` of a value; where the texts are alike
    /// though the values are not, what is told is only that it changed.
    template <class Map, class Text>
    void compare_maps(const Change& one, const Map& before, const Map& after, Text text) {
        for (const auto& [name, value] : before) {
            const auto other = after.find(name);
            if (other != after.end() && other->second == value) continue;
            Change change = one;
            change.subject += name;
            change.before = text(value);
            if (other != after.end()) change.after = text(other->second);
            add(std::move(change));
        }
        for (const auto& [name, value] : after) {
            if (before.contains(name)) continue;
            Change change = one;
            change.subject += name;
            change.after = text(value);
            add(std::move(change));
        }
    }

    void plans() {
        for (const auto& [name, plan] : after_.plans)
            if (!before_.plans.contains(name))
                add({What::plan_added, name, "", "", Level::none, "", plan.source});
        for (const auto& [name, plan] : before_.plans) {
            const auto other = after_.plans.find(name);
            if (other == after_.plans.end())
                add({What::plan_removed, name, "", "", Level::none, plan.source});
            else if (!(plan == other->second))
                compare_plans(plan, other->second);
        }
    }

    void compare_plans(const Plan& before, const Plan& after) {
        const std::size_t told = out_.size();
        triggers(before, after);
        for (const Level level : levels) {
            compare(
                {What::activation, after.name, "", "", level},
                before.activation.at(level),
                after.activation.at(level),
                [](const ActivationRule& r) { return text_of(r); }
            );
            compare(
                {What::paging, after.name, "", "page", level},
                before.page.at(level),
                after.page.at(level),
                list_of
            );
        }
        const auto same = [](const std::string& text) { return text; };
        compare_maps({What::paging, after.name, "", "team "}, before.teams, after.teams, same);
        compare(
            {What::paging, after.name, "", "quiet"},
            before.quiet,
            after.quiet,
            [](const Quiet& quiet) {
                return fmt::format("{} below {}", quiet.during, name_of(quiet.below));
            }
        );
        steps(before, after);
        scope(before, after);
        if (out_.size() == told || !(before.title == after.title) ||
            !(before.binder == after.binder))
            add({What::words, after.name, "", "title, kinds, notices, cards, drills, review"});
    }

    void triggers(const Plan& before, const Plan& after) {
        const auto named = [](const Plan& plan) {
            std::map<std::string, const Trigger*> out;
            for (const Trigger& trigger : plan.triggers) out[trigger.id] = &trigger;
            return out;
        };
        const auto old = named(before), next = named(after);
        for (const auto& [id, trigger] : next)
            if (!old.contains(id))
                add(
                    {What::trigger_added,
                     after.name,
                     id,
                     "",
                     Level::none,
                     "",
                     summary_of(trigger->condition)}
                );
        for (const auto& [id, trigger] : old) {
            const auto other = next.find(id);
            if (other == next.end()) {
                add(
                    {What::trigger_removed,
                     after.name,
                     id,
                     "",
                     Level::none,
                     summary_of(trigger->condition)}
                );
                continue;
            }
            compare_conditions(
                trigger->condition, other->second->condition, {after.name, id, watched(after)}, out_
            );
            compare(
                {What::paging, after.name, id, "page"}, trigger->page, other->second->page, list_of
            );
            compare(
                {What::scope, after.name, id, "inhibited_by"},
                trigger->inhibited_by,
                other->second->inhibited_by,
                list_of
            );
        }
    }

    /// The queues that the plan watches, and the ones that nothing names.
    [[nodiscard]] std::vector<std::string> watched(const Plan& plan) const {
        std::vector<std::string> out;
        for (const std::string& queue : queues_)
            if (plan.queues.empty() || any_glob_matches(plan.queues, queue)) out.push_back(queue);
        out.emplace_back("*");
        return out;
    }

    void steps(const Plan& before, const Plan& after) {
        const auto named = [](const Plan& plan) {
            std::map<std::string, StepRule> out;
            for (const StepRule& step : plan.steps) out.emplace(step.id, step);
            return out;
        };
        compare_maps(
            {What::step, after.name},
            named(before),
            named(after),
            [](const StepRule& step) { return text_of(step); }
        );
    }

    void scope(const Plan& before, const Plan& after) {
        const auto list = [&](const char* subject, const auto& one, const auto& other) {
            compare({What::scope, after.name, "", subject}, one, other, list_of);
        };
        list("queues", before.queues, after.queues);
        list("channels", before.channels, after.channels);
        list("yields_to", before.yields_to, after.yields_to);
        compare({What::scope, after.name, "", "scope"}, before.scope, after.scope, [](Scope scope) {
            return scope == Scope::queue ? "queue" : "plan";
        });
        compare({What::scope, after.name, "", "end"}, before.end, after.end, [](const End& end) {
            return fmt::format(
                "clear for {}{}",
                format_duration(end.when_clear_for),
                end.declared_by.empty() ? "" : ", declared by " + end.declared_by
            );
        });
        const auto kinds = [](const std::vector<KindRule>& all) {
            std::string out;
            for (const KindRule& kind : all)
                out +=
                    fmt::format("{}{} {}", out.empty() ? "" : ", ", kind.id, name_of(kind.level));
            return out;
        };
        if (kinds(before.kinds) != kinds(after.kinds))
            compare({What::scope, after.name, "", "kinds"}, before.kinds, after.kinds, kinds);
    }

    void people() {
        compare_maps({What::team}, before_.teams, after_.teams, [](const Team& team) {
            return text_of(team);
        });
        compare_maps({What::person}, before_.people, after_.people, [](const Person& person) {
            return text_of(person);
        });
    }

    void site() {
        const Site &before = before_.site, &after = after_.site;
        const auto written = [](const Calendar& calendar) {
            return fmt::format(
                "{} slots, {} spans, with {}, without {}",
                calendar.weekly.size(),
                calendar.spans.size(),
                list_of(calendar.with),
                list_of(calendar.without)
            );
        };
        compare_maps({What::calendar}, before.calendars, after.calendars, written);
        compare_maps(
            {What::site, "", "", "queue "},
            before.queues,
            after.queues,
            [](const QueueRule& rule) { return text_of(rule); }
        );
        const auto same = [](const std::string& text) { return text; };
        const auto key = [&](const char* name, const std::string& one, const std::string& other) {
            compare({What::site, "", "", name}, one, other, same);
        };
        key("id", before.id, after.id);
        key("timezone", before.zone.name, after.zone.name);
        key("special_days", before.special_days, after.special_days);
        key("second_person.during", before.second_person_during, after.second_person_during);
        compare(
            {What::site, "", "", "second_person.in_incident"},
            before.second_person_in_incident,
            after.second_person_in_incident,
            [](bool yes) { return yes ? "true" : "false"; }
        );
        key("public_url", before_.public_url, after_.public_url);
        compare_maps(
            {What::site, "", "", "companion "}, before_.companions, after_.companions, same
        );
    }

    const RuleSet &before_, &after_;
    const std::vector<std::string>& queues_;
    std::vector<Change> out_;
};

}  // namespace

std::string_view name_of(What what) {
    constexpr std::array<std::string_view, 19> names{
        "plan_added", "plan_removed", "trigger_added", "trigger_removed", "condition",
        "threshold",  "hold",         "way_down",      "floor",           "figure",
        "paging",     "activation",   "step",          "scope",           "person",
        "team",       "calendar",     "site",          "words",
    };
    return names.at(static_cast<std::size_t>(what));
}

std::vector<std::string> queues_of(
    const RuleSet& before, const RuleSet& after, const std::vector<std::string>& seen
) {
    std::set<std::string> out{seen.begin(), seen.end()};
    const auto take = [&](const std::vector<std::string>& globs) {
        for (const std::string& glob : globs)
            if (glob.find_first_of("*?") == std::string::npos) out.insert(glob);
    };
    const auto take_overrides = [&](const auto& self, const Condition& condition) -> void {
        for (const Override& other : condition.overrides) take(other.queues);
        for (const Condition& member : condition.members) self(self, member);
    };
    for (const RuleSet* rules : {&before, &after}) {
        for (const auto& [name, rule] : rules->site.queues) take({name});
        for (const auto& [name, plan] : rules->plans) {
            take(plan.queues);
            for (const Trigger& trigger : plan.triggers)
                take_overrides(take_overrides, trigger.condition);
        }
    }
    return {out.begin(), out.end()};
}

std::vector<Change> difference(
    const RuleSet& before, const RuleSet& after, const std::vector<std::string>& queues
) {
    return Comparing{before, after, queues}.run();
}

}  // namespace surged::plan
