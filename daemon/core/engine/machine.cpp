#include "core/engine/machine.hpp"

#include "base/assert.hpp"
#include "base/codec.hpp"
#include "base/hash.hpp"
#include "core/delivery/delivery.hpp"
#include "core/paging/message.hpp"

#include <algorithm>

namespace surged::engine {
namespace {

/// Ended incidents are kept for readers: so many at least, so many at most, and in between those
/// that ended within this time.
constexpr std::size_t ended_least = 500, ended_most = 1000;
constexpr Micros ended_kept{std::chrono::days{7}};

bool is_timed(const plan::Condition& condition) {
    const auto timed = [](const plan::Leaf& leaf) {
        return leaf.ratio_to != plan::Relative::none ||
               leaf.measure.kpi == board::Kpi::lines_in_use;
    };
    const auto& others = condition.overrides;
    const auto& members = condition.members;
    return timed(condition.leaf) ||
           std::any_of(
               others.begin(), others.end(), [&](const auto& one) { return timed(one.leaf); }
           ) ||
           std::any_of(members.begin(), members.end(), is_timed);
}

std::optional<Instant> earlier(std::optional<Instant> a, std::optional<Instant> b) {
    if (!a || (b && *b < *a)) return b;
    return a;
}

}  // namespace

void Machine::emit(EffectBody body) {
    Effect effect{now, std::move(body)};
    effect_hash = fnv1a(codec::encode(effect), effect_hash);
    effects.push_back(std::move(effect));
}

std::optional<Instant> Machine::next_deadline() const {
    std::optional<Instant> at = floor.next_wake();
    at = earlier(at, calendars_change);
    at = earlier(at, learns);
    at = earlier(at, remembers);
    if (!wakes.empty()) at = earlier(at, wakes.begin()->at);
    at = earlier(at, incident_wakes.first());
    at = earlier(at, ladder_wakes.first());
    at = earlier(at, page_wakes.first());
    return earlier(at, lapses);
}

void Machine::run_until(Instant to) {
    while (const auto at = next_deadline()) {
        if (*at > to) break;
        now = std::max(now, *at);
        floor.advance(now);
        sweep_gone_queues();
        turn_calendars();
        lapse();
        learn();
        remember();
        evaluate_due();
        settle();
    }
    now = std::max(now, to);
    floor.advance(now);
}

void Machine::settle() {
    evaluate_touched();
    settle_incidents();
    run_incidents();
    run_ladders();
    run_pages();
}

void Machine::load(plan::Rules next, std::string hash) {
    SURGED_ASSERT(next != nullptr);
    rules = std::move(next);
    rules_hash = std::move(hash);
    known[rules_hash] = rules;
    // Triggers that the new rules do not have are gone, and with them what they fired.
    std::erase_if(triggers, [&](const auto& item) {
        const TriggerKey& key = item.first;
        const auto plan = rules->plans.find(key.plan);
        if (plan == rules->plans.end()) return true;
        const auto& list = plan->second.triggers;
        return std::none_of(list.begin(), list.end(), [&](const plan::Trigger& trigger) {
            return trigger.id == key.trigger;
        });
    });
    rebuild();
    evaluate_all();
    for (const auto& [scope, id] : open) dirty.insert(scope);
    for (const auto& [scope, level] : suppressed) dirty.insert(scope);
    forget_rules();
}

void Machine::read_calendars() {
    const plan::Site& site = rules->site;
    const Wall wall = to_wall(now, wall_offset);
    in_force = {};
    calendars_change.reset();
    for (const auto& [name, calendar] : site.calendars) {
        if (plan::in_force(site.calendars, site.zone, name, wall)) in_force.insert(name);
        if (const auto next = plan::next_change(site.calendars, site.zone, name, wall))
            calendars_change = earlier(calendars_change, now + Micros{next->us - wall.us});
    }
}

void Machine::turn_calendars() {
    if (!calendars_change || *calendars_change > now) return;
    const plan::InForce before = in_force;
    read_calendars();
    if (in_force == before) return;
    evaluate_all();
    for (const auto& [scope, id] : open) {
        incident::Incident& incident = incidents.at(id);
        if (incident.quiet) start_paging(incident);  // the quiet hours may be over
    }
}

void Machine::rebuild() {
    read_calendars();
    wakes.clear();
    watched_at.clear();
    watched.clear();
    watching.clear();
    firing.clear();
    open.clear();
    incident_wakes.clear();
    page_wakes.clear();
    ladder_wakes.clear();
    led.clear();
    dirty.clear();
    ended.clear();
    std::vector<board::Measure> measures;
    for (const auto& [name, plan] : rules->plans) {
        for (const plan::Trigger& trigger : plan.triggers) {
            const plan::Condition& condition = trigger.condition;
            watching.push_back(
                {&plan,
                 &trigger,
                 threshold::reads_of(condition),
                 threshold::wake_reads(condition),
                 threshold::node_reads(condition),
                 !condition.members.empty(),
                 is_timed(condition)}
            );
            const auto more = threshold::measures_of(condition);
            measures.insert(measures.end(), more.begin(), more.end());
        }
    }
    const auto told = paging::measures_of_figures();
    measures.insert(measures.end(), told.begin(), told.end());
    std::sort(measures.begin(), measures.end());
    measures.erase(std::unique(measures.begin(), measures.end()), measures.end());
    floor.load(*rules, measures, now);
    for (const auto& [id, incident] : incidents) {
        if (incident.phase != incident::Phase::ended)
            open[scope_of(incident)] = id;
        else
            ended.emplace(incident.ended_at.value_or(Instant{}), id);
    }
    for (const auto& [id, page] : pages) arm(page);
    for (const auto& [key, ladder] : ladders) arm(key);
    for (const auto& [scope, id] : open) arm(incidents.at(id));
    find_lapses();
    watch("");
    for (const board::QueueIx queue : floor.view().queues()) watch(floor.view().name(queue));
    // What no rule asks about any more, or of a queue that is gone, keeps no state: it would be an
    // old level on the day it is asked about again.
    std::set<TriggerKey> asked;
    for (const auto& [queue, entry] : watched)
        for (const Slot& slot : entry.slots) asked.insert(slot.key());
    std::erase_if(triggers, [&](const auto& item) { return !asked.contains(item.first); });
    forget_expectations();
    find_learning();
}

void Machine::forget_rules() {
    std::erase_if(known, [&](const auto& item) {
        if (item.first == rules_hash) return false;
        return std::none_of(open.begin(), open.end(), [&](const auto& scope) {
            return incidents.at(scope.second).rules == item.first;
        });
    });
}

// Only when an incident ends, never because time has passed: a tick must not change the state.
void Machine::forget_incidents() {
    while (ended.size() > ended_least) {
        const auto& [at, id] = *ended.begin();
        if (ended.size() <= ended_most && at + ended_kept > now) return;
        const std::string prefix = id + ".";
        for (auto page = pages.lower_bound(prefix);
             page != pages.end() && page->first.starts_with(prefix);) {
            page_wakes.set(page->first, std::nullopt);
            page = pages.erase(page);
        }
        incidents.erase(id);
        ended.erase(ended.begin());
    }
}

}  // namespace surged::engine
