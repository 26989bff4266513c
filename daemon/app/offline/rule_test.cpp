#include "app/offline/rule_test.hpp"

#include "app/offline/happen.hpp"
#include "app/offline/runner.hpp"
#include "app/offline/series.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <memory>
#include <optional>

namespace surged::app::offline {
namespace {

using config::TestExpect;
using config::TestGiven;
using plan::Level;

std::string joined(const std::vector<std::string>& words) {
    if (words.empty()) return "nobody";
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
    return out;
}

void sources_of(const plan::Condition& condition, std::set<std::string>& out) {
    if (condition.kind == plan::ConditionKind::absent) out.insert(condition.source);
    for (const plan::Condition& member : condition.members) sources_of(member, out);
}

class Run {
public:
    Run(const config::RuleTest& test,
        const std::string& source,
        const plan::Rules& rules,
        Coverage& coverage)
        : test_{test},
          source_{source},
          rules_{rules},
          coverage_{coverage},
          runner_{
              rules,
              "test",
              plan::wall_of_local(rules->site.zone, test.start_s),
              [this](const engine::Effect& effect) { saw(effect); }
          },
          start_{runner_.now()} {
        result_.name = test.name;
        result_.place = test.place;
    }

    TestResult go() {
        // A feed that a rule watches is there until the test says otherwise.
        std::set<std::string> sources{source_};
        for (const auto& [name, plan] : rules_->plans)
            for (const plan::Trigger& trigger : plan.triggers)
                sources_of(trigger.condition, sources);
        for (const std::string& each : sources)
            runner_.give(engine::SourceState{true, true, ""}, each);
        if (!test_.planned.empty())
            runner_.give(engine::Events{plan_of_day(test_, start_)}, source_);
        events_ = events_of(test_, start_);
        auto given = test_.given.begin();
        for (const TestExpect& expect : test_.expect) {
            for (; given != test_.given.end() && given->at <= expect.at; ++given) {
                pass_to(start_ + given->at);
                happen(*given);
            }
            pass_to(start_ + expect.at);
            compare(expect);
        }
        return std::move(result_);
    }

private:
    void saw(const engine::Effect& effect) {
        if (const auto* send = std::get_if<engine::SendPage>(&effect.body)) {
            const auto found = runner_.engine().incidents().find(send->page.incident);
            if (found == runner_.engine().incidents().end()) return;
            (send->page.step.empty() ? paged_ : chased_)[found->second.plan].insert(
                send->page.person
            );
        } else if (std::holds_alternative<engine::IncidentChanged>(effect.body)) {
            look();
        }
    }

    /// What stands at this instant is reached.
    void look() {
        for (const engine::TriggerView& view : runner_.engine().triggers())
            coverage_.trigger(view.plan, view.trigger, view.firing);
        for (const auto& [id, incident] : runner_.engine().incidents())
            for (const auto& [step, task] : incident.tasks) coverage_.step(incident.plan, step);
    }

    /// Lets time pass, with the events of the series that are due by then.
    void pass_to(Instant to) {
        while (!events_.empty() && events_.begin()->first <= to) {
            auto due = events_.extract(events_.begin());
            runner_.advance(due.key());
            look();
            runner_.give(engine::Events{std::move(due.mapped())}, source_);
        }
        runner_.advance(to);
        look();
    }

    void happen(const TestGiven& given) {
        const std::string fault = give(runner_, given, source_);
        if (fault.empty() != given.refused) return;
        Failure failure = failure_at(given.place, given.at);
        failure.differences.push_back(
            given.refused ? Difference{"given", "it is refused", "it was done"}
                          : Difference{"given", "it can be done", fault}
        );
        result_.failures.push_back(std::move(failure));
    }

    Failure failure_at(config::Place place, Micros at) const {
        const Wall wall = to_wall(runner_.now(), runner_.engine().wall_offset());
        return {place, at, plan::local_clock(rules_->site.zone, wall), {}, {}};
    }

    /// The newest incident of the plan, whether or not it stands.
    [[nodiscard]] const incident::Incident* newest(const TestExpect& expect) const {
        return newest_of(runner_.engine(), expect.plan, expect.queue ? expect.queue->value : "");
    }

    void compare(const TestExpect& expect) {
        Failure failure = failure_at(expect.place, expect.at);
        const auto differs = [&](std::string what, std::string wanted, std::string found) {
            if (wanted != found)
                failure.differences.push_back({std::move(what), std::move(wanted), std::move(found)}
                );
        };
        const incident::Incident* found = newest(expect);
        const bool stands = found != nullptr && found->phase != incident::Phase::ended;
        if (expect.level)
            differs(
                "level",
                std::string{plan::name_of(expect.level->value)},
                std::string{plan::name_of(stands ? found->level : Level::none)}
            );
        if (expect.phase)
            differs(
                "phase",
                expect.phase->value,
                found == nullptr ? "no incident" : std::string{incident::name_of(found->phase)}
            );
        for (const auto& [id, level] : expect.triggers)
            differs(
                "trigger " + id,
                std::string{plan::name_of(level.value)},
                std::string{plan::name_of(fires_at(expect, id))}
            );
        for (const auto& [id, state] : expect.steps)
            differs("step " + id, state.value, state_of(found, id));
        if (expect.paged) differs("paged", joined(expect.paged->value), listed(paged_, expect));
        if (expect.chased) differs("chased", joined(expect.chased->value), listed(chased_, expect));
        if (expect.standing) differs("standing", joined(expect.standing->value), standing());
        if (failure.differences.empty()) return;
        failure.context = context_of(expect, found);
        result_.failures.push_back(std::move(failure));
    }

    /// The gravest level of the trigger, on the queue asked for or on any.
    [[nodiscard]] Level fires_at(const TestExpect& expect, const std::string& trigger) const {
        Level out = Level::none;
        for (const engine::TriggerView& view : runner_.engine().triggers())
            if (view.plan == expect.plan && view.trigger == trigger &&
                (!expect.queue || view.queue.empty() || view.queue == expect.queue->value))
                out = std::max(out, view.firing);
        return out;
    }

    static std::string state_of(const incident::Incident* incident, const std::string& step) {
        if (incident == nullptr) return "none";
        const auto task = incident->tasks.find(step);
        if (task == incident->tasks.end()) return "none";
        if (task->second.state == incident::TaskState::open && task->second.overdue)
            return "overdue";
        return std::string{incident::name_of(task->second.state)};
    }

    using People = std::map<std::string, std::set<std::string>>;
    static std::string listed(const People& people, const TestExpect& expect) {
        const auto found = people.find(expect.plan);
        if (found == people.end()) return "nobody";
        return joined({found->second.begin(), found->second.end()});
    }

    [[nodiscard]] std::string standing() const {
        std::set<std::string> plans;
        for (const auto& [id, incident] : runner_.engine().incidents())
            if (incident.phase != incident::Phase::ended) plans.insert(incident.plan);
        return joined({plans.begin(), plans.end()});
    }

    [[nodiscard]] std::vector<std::string> context_of(
        const TestExpect& expect, const incident::Incident* incident
    ) const {
        std::vector<std::string> out;
        if (incident != nullptr) {
            std::string line = fmt::format(
                "{} {}, {}",
                incident->id,
                plan::name_of(incident->level),
                incident::name_of(incident->phase)
            );
            if (incident->cause)
                line += fmt::format(
                    ", by {}{}{}",
                    incident->cause->trigger,
                    incident->cause->queue.empty() ? "" : " on ",
                    incident->cause->queue
                );
            out.push_back(std::move(line));
        }
        for (const engine::TriggerView& view : runner_.engine().triggers()) {
            if (view.plan != expect.plan) continue;
            if (!view.value && view.firing == Level::none &&
                !expect.triggers.contains(view.trigger))
                continue;
            out.push_back(line_of(view));
        }
        return out;
    }

    static std::string line_of(const engine::TriggerView& view) {
        std::string line = fmt::format("trigger {}", view.trigger);
        if (!view.queue.empty()) line += " on " + view.queue;
        line += view.value ? fmt::format(": {:.6g}", *view.value) : ": no value";
        std::string ladder;
        for (const Level level : plan::levels)
            if (const auto& at = view.thresholds.at(level))
                ladder += fmt::format(" {} {:.6g}", plan::name_of(level), *at);
        if (!ladder.empty()) line += " (thresholds" + ladder + ")";
        return line + ", fires " + std::string{plan::name_of(view.firing)};
    }

    const config::RuleTest& test_;
    const std::string& source_;
    const plan::Rules& rules_;
    Coverage& coverage_;
    TestResult result_;
    People paged_, chased_;  // before the runner: loading the rules may open an incident
    Runner runner_;
    Instant start_;
    std::map<Instant, acd::Batch> events_;
};

}  // namespace

TestResult run_test(
    const config::RuleTest& test,
    const std::string& source,
    const plan::Rules& rules,
    Coverage& coverage
) {
    if (test.lines.empty()) return Run{test, source, rules, coverage}.go();
    plan::RuleSet other = *rules;
    for (const auto& [queue, lines] : test.lines) other.site.queues[queue].lines = lines;
    const auto in_force = std::make_shared<const plan::RuleSet>(std::move(other));
    return Run{test, source, in_force, coverage}.go();
}

}  // namespace surged::app::offline
