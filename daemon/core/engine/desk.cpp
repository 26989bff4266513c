// The incident desk: opens, raises, lowers and ends incidents as triggers fire and clear.
#include "core/engine/machine.hpp"

#include <algorithm>
#include <fmt/format.h>

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
        const auto told = threshold::evaluate(trigger.condition, context(top.queue), copy);
        const threshold::Reading& reading = told.leading;
        cause.measure = reading.measure;
        cause.value = reading.value;
        cause.source = reading.source;
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
    const Level level = static_cast<Level>(-top.gravity);
    ++opened_total[{plan.name, level}];
    open[scope] = incident.id;
    incidents.emplace(incident.id, std::move(incident));
}

void Machine::update_scope(const ScopeKey& scope) {
    const auto fires = firing.find(scope);
    const bool clear = fires == firing.end();
    const Level top = clear ? Level::none : static_cast<Level>(-fires->second.begin()->gravity);
    const auto stands = open.find(scope);
    if (stands == open.end()) {
        const auto muted = suppressed.find(scope);
        if (muted != suppressed.end()) {
            if (top > muted->second || clear)
                suppressed.erase(muted);
            else
                return;
        }
        const auto plan = rules->plans.find(scope.first);
        if (clear || plan == rules->plans.end()) return;
        open_incident(scope, plan->second, *fires->second.begin());
    }
    Incident& incident = incidents.at(open.at(scope));
    if (!clear) {
        for (const Firing& one : fires->second)
            if (!one.queue.empty() && incident.queues.size() < rules->site.limits.queues)
                incident.queues.insert(one.queue);
    }
    const auto& own = rules_of(incident);
    const auto plan = own.plans.find(incident.plan);
    const auto activation = clear || plan == own.plans.end() ? plan::Activation::warn
                                                             : plan->second.activation.at(top).mode;
    std::optional<incident::Cause> cause;
    if (!clear) cause = cause_of(scope, *fires->second.begin());
    const std::size_t told = incident.timeline.size();
    const auto change = incident::apply_level(incident, top, cause, activation, now);
    if (change == incident::Change::none) return;
    incident_changed(incident, told);
    if (change == incident::Change::cleared) stop_paging(incident.id, "cleared");
    if (change == incident::Change::raised && incident.phase == Phase::activated)
        start_paging(incident, *fires->second.begin());
}

void Machine::settle_incidents() {
    const std::set<ScopeKey> changed = std::exchange(dirty, {});
    for (const ScopeKey& scope : changed) update_scope(scope);
}

void Machine::end_incident(Incident& incident, std::string by, std::string why) {
    const std::size_t told = incident.timeline.size();
    incident::end(incident, std::move(by), std::move(why), now);
    incident_changed(incident, told);
    open.erase(scope_of(incident));
    stop_paging(incident.id, "ended");
    for (auto& [id, page] : pages) {
        if (page.incident != incident.id) continue;
        if (page.state == delivery::State::accepted || page.state == delivery::State::sent) {
            page.state = delivery::State::over;
            page.retry_at.reset();
        }
    }
    ended.emplace(now, incident.id);
    forget_rules();
    forget_incidents();  // last: it may be this one's turn, if very many end at once
}

std::optional<Instant> Machine::ends_at(const Incident& incident) const {
    if (!incident.clear_since) return std::nullopt;
    const auto& own = rules_of(incident).plans;
    const auto plan = own.find(incident.plan);
    if (plan == own.end()) return *incident.clear_since + plan::End{}.when_clear_for;
    if (!plan->second.end.declared_by.empty()) return std::nullopt;
    return *incident.clear_since + plan->second.end.when_clear_for;
}

void Machine::end_cleared() {
    std::vector<std::string> due;
    for (const auto& [scope, id] : open)
        if (const auto at = ends_at(incidents.at(id)); at && *at <= now) due.push_back(id);
    for (const std::string& id : due) end_incident(incidents.at(id), "surged", "clear");
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
    // What still fires must not open the next incident at once; only something graver may.
    if (firing.contains(scope_of(incident))) suppressed[scope_of(incident)] = incident.level;
    end_incident(incident, end.by, end.why);
}

}  // namespace surged::engine
