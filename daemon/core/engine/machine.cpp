#include "core/engine/machine.hpp"

#include "base/assert.hpp"
#include "base/codec.hpp"
#include "base/hash.hpp"
#include "core/delivery/delivery.hpp"
#include "core/paging/message.hpp"

#include <algorithm>

namespace surged::engine {
namespace {

/// Ended incidents are kept for readers this long, and no more than so many.
constexpr Micros ended_kept{std::chrono::days{7}};
constexpr std::size_t incidents_max = 1000;

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
    if (!wakes.empty()) at = earlier(at, wakes.begin()->first);
    for (const auto& [scope, id] : open) {
        const incident::Incident& incident = incidents.at(id);
        const auto plan = rules_of(incident).plans.find(incident.plan);
        if (!incident.clear_since || plan == rules_of(incident).plans.end()) continue;
        if (plan->second.end.declared_by.empty())
            at = earlier(at, *incident.clear_since + plan->second.end.when_clear_for);
    }
    for (const auto& [key, ladder] : ladders) at = earlier(at, paging::next_wake(ladder));
    for (const std::string& id : open_pages) at = earlier(at, delivery::next_wake(pages.at(id)));
    return at;
}

void Machine::run_until(Instant to) {
    while (const auto at = next_deadline()) {
        if (*at > to) break;
        now = std::max(now, *at);
        floor.advance(now);
        sweep_gone_queues();
        evaluate_due();
        settle();
    }
    now = std::max(now, to);
    floor.advance(now);
}

void Machine::settle() {
    evaluate_touched();
    settle_incidents();
    end_cleared();
    run_ladders();
    run_pages();
    prune();
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
    for (const auto& [queue, entry] : watched) evaluate(queue);
    for (const auto& [scope, id] : open) dirty.insert(scope);
}

void Machine::rebuild() {
    watched.clear();
    wakes.clear();
    firing.clear();
    open.clear();
    open_pages.clear();
    dirty.clear();
    std::vector<board::Measure> measures;
    for (const auto& [name, plan] : rules->plans) {
        for (const plan::Trigger& trigger : plan.triggers) {
            const auto more = threshold::measures_of(trigger.condition);
            measures.insert(measures.end(), more.begin(), more.end());
        }
    }
    const auto told = paging::measures_of_figures();
    measures.insert(measures.end(), told.begin(), told.end());
    std::sort(measures.begin(), measures.end());
    measures.erase(std::unique(measures.begin(), measures.end()), measures.end());
    floor.load(*rules, measures, now);
    for (const auto& [id, incident] : incidents)
        if (incident.phase != incident::Phase::ended) open[scope_of(incident)] = id;
    for (const auto& [id, page] : pages)
        if (delivery::next_wake(page)) open_pages.insert(id);
    watch("");
    for (const board::QueueIx queue : floor.view().queues()) watch(floor.view().name(queue));
    // A queue that the floor has forgotten keeps no trigger state.
    std::erase_if(triggers, [&](const auto& item) { return !watched.contains(item.first.queue); });
}

void Machine::prune() {
    std::erase_if(known, [&](const auto& item) {
        if (item.first == rules_hash) return false;
        return std::none_of(open.begin(), open.end(), [&](const auto& scope) {
            return incidents.at(scope.second).rules == item.first;
        });
    });
    if (incidents.size() <= incidents_max / 2) return;
    std::vector<std::pair<Instant, std::string>> ended;
    for (const auto& [id, incident] : incidents)
        if (incident.ended_at) ended.emplace_back(*incident.ended_at, id);
    std::sort(ended.begin(), ended.end());
    for (const auto& [at, id] : ended) {
        if (incidents.size() <= incidents_max && at + ended_kept > now) break;
        incidents.erase(id);
        std::erase_if(pages, [&](const auto& item) { return item.second.incident == id; });
    }
}

}  // namespace surged::engine
