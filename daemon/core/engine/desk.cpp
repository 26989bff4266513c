// The incident desk: opens, raises, lowers and ends incidents as triggers fire and clear.
#include "core/engine/machine.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utility>

namespace surged::engine {

using incident::Incident;
using incident::Phase;
using plan::Level;

const plan::RuleSet& Machine::rules_of(const Incident& incident) const {
    const auto it = known.find(incident.rules);
    return it == known.end() ? *rules : *it->second;
}

ScopeKey Machine::scope_of(const Incident& incident) const {
    return {incident.plan, incident.queue};
}

// Tells what was noted since the timeline had `told` items (all told: the newest one).
void Machine::incident_changed(const Incident& incident, std::size_t told) {
    const auto& items = incident.timeline;
    if (items.empty()) return;
    for (std::size_t i = std::min(told, items.size() - 1); i < items.size(); ++i)
        emit(IncidentChanged{incident.id, incident.plan, items[i].level, incident.phase, items[i]});
}

incident::Cause Machine::cause_of(const ScopeKey& scope, const Firing& top) const {
    incident::Cause cause;
    cause.trigger = top.trigger;
    cause.queue = top.queue;
    cause.level = static_cast<Level>(-top.gravity);
    cause.since = top.since;
    const auto plan = rules->plans.find(scope.first);
    if (plan == rules->plans.end()) return cause;
    for (const plan::Trigger& trigger : plan->second.triggers) {
        if (trigger.id != top.trigger) continue;
        const auto state = triggers.find({scope.first, top.trigger, top.queue});
        if (state == triggers.end()) continue;
        // Evaluated once more on a copy: at the same instant it changes nothing, and it tells the
        // leading figure and since when that has met its threshold.
        threshold::State copy = state->second;
        threshold::Context where = context(top.queue);
        where.plan = scope.first;
        plan::Ladder ladder;
        if (const TemporaryRule* temporary = temporary_for(state->first)) {
            ladder = {trigger.condition.leaf.ladder.below, temporary->at};
            where.temporary = &ladder;
        }
        const auto told = threshold::evaluate(trigger.condition, where, copy);
        const threshold::Reading& reading = told.leading;
        cause.measure = reading.measure;
        cause.value = reading.value;
        cause.source = reading.source;
        cause.told = reading.told;
        cause.relative = reading.relative;
        cause.change_over = reading.change_over;
        cause.since = told.leading_since.value_or(top.since);
        const bool rung = cause.level != Level::none;
        cause.threshold = rung ? reading.thresholds.at(cause.level) : reading.threshold;
        if (!cause.threshold) cause.threshold = reading.threshold;
    }
    return cause;
}

void Machine::open_incident(const ScopeKey& scope, const plan::Plan& plan, const Firing& top) {
    const std::string& name = plan.source.empty() ? plan.name : plan.source;
    const std::string date = plan::local_date(rules->site.zone, to_wall(now, wall_offset));
    // Days that are over need no count. Those to come may have one: the wall clock can step back.
    std::erase_if(day_counts, [&](const auto& item) {
        return item.first.first == name && item.first.second < date;
    });
    std::uint32_t& count = day_counts[{name, date}];
    Incident incident;
    do {
        incident.id = fmt::format("{}-{}-{}-{}", name, rules->site.id, date, ++count);
    } while (incidents.contains(incident.id));
    incident.plan = plan.name;
    incident.queue = scope.second;
    incident.rules = rules_hash;
    incident.opened_at = now;
    for (const plan::Trigger& trigger : plan.triggers)
        if (trigger.condition.kind == plan::ConditionKind::calendar)
            incident.planned_for = plan::begins(
                rules->site.calendars,
                rules->site.zone,
                trigger.condition.calendar,
                to_wall(now, wall_offset)
            );
    const Level level = static_cast<Level>(-top.gravity);
    ++opened_total[{plan.name, level}];
    open[scope] = incident.id;
    incidents.emplace(incident.id, std::move(incident));
}

const plan::Plan* Machine::plan_of(const Incident& incident) const {
    const auto& own = rules_of(incident).plans;
    const auto plan = own.find(incident.plan);
    return plan == own.end() ? nullptr : &plan->second;
}

// Of two plans that yield to each other: the narrower one leads, then the one whose season it is.
bool Machine::leads(const plan::Plan& one, const plan::Plan& other) const {
    const auto& back = one.yields_to;
    if (std::find(back.begin(), back.end(), other.name) == back.end()) return true;
    if (one.scope != other.scope) return one.scope == plan::Scope::queue;
    if (one.queues.empty() != other.queues.empty()) return other.queues.empty();
    const auto in_season = [&](const plan::Plan& plan) {
        return std::any_of(plan.triggers.begin(), plan.triggers.end(), [&](const auto& trigger) {
            return in_force.contains(trigger.condition.during) ||
                   in_force.contains(trigger.condition.calendar);
        });
    };
    if (in_season(one) != in_season(other)) return in_season(one);
    return one.name < other.name;
}

// One surge is one incident: what fires on a queue on which a plan that leads this one fires too is
// that plan's matter.
std::optional<Firing> Machine::leading(const ScopeKey& scope) {
    led.erase(scope);
    const auto fires = firing.find(scope);
    if (fires == firing.end()) return std::nullopt;
    const auto plan = rules->plans.find(scope.first);
    if (plan == rules->plans.end()) return std::nullopt;
    const auto led_by = [&](const Firing& one) -> const std::string* {
        if (one.queue.empty()) return nullptr;
        for (const std::string& name : plan->second.yields_to) {
            const auto other = rules->plans.find(name);
            if (other == rules->plans.end() || !leads(other->second, plan->second)) continue;
            for (const std::string& queue : {std::string{}, one.queue}) {
                const auto theirs = firing.find({name, queue});
                if (theirs == firing.end()) continue;
                for (const Firing& their : theirs->second)
                    if (their.queue == one.queue) return &name;
            }
        }
        return nullptr;
    };
    for (const Firing& one : fires->second) {
        const std::string* leader = led_by(one);
        if (leader == nullptr) return one;
        led[scope] = *leader;
    }
    return std::nullopt;
}

void Machine::learn_of_reports(Incident& incident) const {
    for (const threshold::Reported& report : outside.reports)
        if (report.plan == incident.plan) incident.kinds.insert(report.kind);
}

void Machine::update_scope(const ScopeKey& scope) {
    const std::optional<Firing> fires = leading(scope);
    Level top = fires ? static_cast<Level>(-fires->gravity) : Level::none;
    const auto stands = open.find(scope);
    if (stands == open.end()) {
        const auto muted = suppressed.find(scope);
        if (muted != suppressed.end()) {
            if (top > muted->second || !fires)
                suppressed.erase(muted);
            else
                return;
        }
        const auto plan = rules->plans.find(scope.first);
        if (!fires || plan == rules->plans.end()) return;
        open_incident(scope, plan->second, *fires);
    }
    Incident& incident = incidents.at(open.at(scope));
    if (const auto by = led.find(scope); !fires && by != led.end()) {
        incident::note(incident, {now, incident::Entry::led, incident.level, "surged", by->second});
        return end_incident(incident, "surged", "led by " + by->second);
    }
    if (incident.pin) top = incident.pin->level;
    learn_of_reports(incident);
    if (const auto set = firing.find(scope); set != firing.end())
        for (const Firing& one : set->second)
            if (!one.queue.empty() && incident.queues.size() < rules->site.limits.queues)
                incident.queues.insert(one.queue);
    const plan::Plan* plan = plan_of(incident);
    plan::ActivationRule activation;
    if (top != Level::none && plan != nullptr) activation = plan->activation.at(top);
    std::optional<incident::Cause> cause;
    if (fires) cause = cause_of(scope, *fires);
    const std::size_t told = incident.timeline.size();
    const auto change = incident::apply_level(incident, top, cause, activation, now);
    if (change != incident::Change::none) incident_changed(incident, told);
    if (change == incident::Change::cleared) stop_paging(incident.id, "cleared");
    if (change == incident::Change::lowered && activation.mode == plan::Activation::warn)
        stop_paging(incident.id, "lowered");
    if (change == incident::Change::raised && incident::wants_pages(incident))
        start_paging(incident);
    run_tasks(incident);
    arm(incident);
}

void Machine::settle_incidents() {
    if (dirty.empty()) return;
    std::set<ScopeKey> changed = std::exchange(dirty, {});
    // Whom they lead, or no longer lead.
    for (const auto& [name, plan] : rules->plans) {
        const bool moved = std::any_of(
            plan.yields_to.begin(),
            plan.yields_to.end(),
            [&](const std::string& leader) {
                const auto at = changed.lower_bound({leader, ""});
                return at != changed.end() && at->first == leader;
            }
        );
        if (!moved) continue;
        const ScopeKey first{name, ""};
        for (auto at = firing.lower_bound(first); at != firing.end() && at->first.first == name;
             ++at)
            changed.insert(at->first);
    }
    for (const ScopeKey& scope : changed) update_scope(scope);
}

void Machine::end_incident(Incident& incident, std::string by, std::string why) {
    const std::size_t told = incident.timeline.size();
    incident::end(incident, std::move(by), std::move(why), now);
    incident_changed(incident, told);
    open.erase(scope_of(incident));
    incident_wakes.set(incident.id, std::nullopt);
    stop_paging(incident.id, "ended");
    for (const auto& [id, task] : incident.tasks) stop_paging(incident.id, id, "ended");
    const std::string prefix = incident.id + ".";
    for (auto it = pages.lower_bound(prefix); it != pages.end() && it->first.starts_with(prefix);
         ++it) {
        delivery::Page& page = it->second;
        if (page.state == delivery::State::accepted || page.state == delivery::State::sent) {
            page.state = delivery::State::over;
            page.retry_at.reset();
            arm(page);
        }
    }
    const auto reported = std::erase_if(outside.reports, [&](const threshold::Reported& report) {
        return report.plan == incident.plan;
    });
    if (reported > 0) sources_changed = true;  // what they started is over
    ended.emplace(now, incident.id);
    forget_rules();
    forget_incidents();  // last: it may be this one's turn, if very many end at once
}

std::optional<Instant> Machine::ends_at(const Incident& incident) const {
    if (!incident.clear_since) return std::nullopt;
    const plan::Plan* plan = plan_of(incident);
    if (plan == nullptr) return *incident.clear_since + plan::End{}.when_clear_for;
    if (!plan->end.declared_by.empty() || !incident::blocking(*plan, incident).empty())
        return std::nullopt;
    return *incident.clear_since + plan->end.when_clear_for;
}

void Machine::arm(const Incident& incident) {
    std::optional<Instant> at;
    if (incident.phase != Phase::ended) {
        const auto consider = [&](std::optional<Instant> one) {
            if (one && (!at || *one < *at)) at = one;
        };
        consider(ends_at(incident));
        if (incident.ask) consider(incident.ask->until);
        if (incident.pin) consider(incident.pin->until);
        consider(tasks_wake(incident));
    }
    incident_wakes.set(incident.id, at);
}

void Machine::run_incidents() {
    for (const std::string& id : incident_wakes.due(now)) run_incident(incidents.at(id));
}

void Machine::run_incident(Incident& incident) {
    if (const auto at = ends_at(incident); at && *at <= now)
        return end_incident(incident, "surged", "clear");
    if (incident.pin && incident.pin->until <= now)
        return unpin(incident, "surged");  // it may have ended by that, and been forgotten
    if (incident.ask && incident.ask->until <= now) decide_by_time(incident);
    run_tasks(incident);
    arm(incident);
}

namespace {

/// A step that must be done before the end opens only once the incident recovers.
bool recovery_owes(const plan::Plan& plan, const Incident& incident) {
    return std::any_of(plan.steps.begin(), plan.steps.end(), [&](const plan::StepRule& step) {
        if (!step.required || incident.highest < step.from_level) return false;
        if (step.phase != "recover" && step.phase != "end") return false;
        if (incident.tasks.contains(step.id)) return false;
        return step.kinds.empty() ||
               std::any_of(step.kinds.begin(), step.kinds.end(), [&](const std::string& kind) {
                   return incident.kinds.contains(kind);
               });
    });
}

}  // namespace

// A report stands until the end. Where steps of the recovery must be done before it, the first word
// of the end withdraws what was reported: the incident recovers, unless something else fires, and
// those steps open.
void Machine::withdraw_reports(const std::string& plan) {
    const auto gone = std::erase_if(outside.reports, [&](const threshold::Reported& report) {
        return report.plan == plan;
    });
    if (gone == 0) return;
    evaluate("");
    settle_incidents();
}

void Machine::end_by_hand(const EndIncident& end, Step& step) {
    const auto it = incidents.find(end.incident);
    if (it == incidents.end()) {
        step.verdict = Verdict::not_found;
        step.detail = "no such incident";
        return;
    }
    Incident& incident = it->second;
    if (incident.phase == Phase::ended) {
        step.verdict = Verdict::conflict;
        step.detail = fmt::format("it was ended by {}", incident.ended_by);
        return;
    }
    const plan::Plan* plan = plan_of(incident);
    if (plan != nullptr && incident.phase == Phase::activated && recovery_owes(*plan, incident))
        withdraw_reports(incident.plan);
    if (plan != nullptr) {
        const auto open_steps = incident::blocking(*plan, incident);
        if (!open_steps.empty()) {
            step.verdict = Verdict::conflict;
            step.detail = fmt::format(
                "{} must be done before the end, or skipped with a reason",
                fmt::join(open_steps, ", ")
            );
            return;
        }
    }
    // What still fires must not open the next incident at once; only something graver may.
    if (firing.contains(scope_of(incident))) suppressed[scope_of(incident)] = incident.level;
    end_incident(incident, end.by, end.why);
}

}  // namespace surged::engine
