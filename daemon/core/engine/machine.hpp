// The engine's state and its moving parts. Private to core/engine: others see Engine.
//
// What is canonical (journaled in snapshots, hashed) stands above what is derived from it and the
// rules; `rebuild` makes the derived part again.
#pragma once

#include "core/acd/floor.hpp"
#include "core/delivery/page.hpp"
#include "core/engine/effect.hpp"
#include "core/engine/engine.hpp"
#include "core/incident/incident.hpp"
#include "core/paging/ladder.hpp"
#include "core/threshold/evaluate.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace surged::engine {

struct TriggerKey {
    std::string plan, trigger, queue;  // queue empty: the trigger watches a source
    template <class A>
    void fields(A& a) {
        a(plan, trigger, queue);
    }
    auto operator<=>(const TriggerKey&) const = default;
};

/// Where one incident may stand: plan, and queue if the plan's scope is the queue.
using ScopeKey = std::pair<std::string, std::string>;

/// A trigger that fires; the first of a set is the gravest, then the oldest, then by name.
struct Firing {
    int gravity{0};  // minus level
    Instant since;
    std::string queue, trigger;
    auto operator<=>(const Firing&) const = default;
};

/// One trigger on one queue, ready to be evaluated.
struct Slot {
    TriggerKey key;
    const plan::Plan* plan{nullptr};
    const plan::Trigger* trigger{nullptr};
    threshold::State* state{nullptr};  // a node of Machine::triggers: stable
};
struct Watched {
    std::vector<Slot> slots;
    std::optional<Instant> wake;
    bool asks_sources{false};  // a trigger asks whether a source is silent
};

struct Machine {
    // Canonical.
    Instant now;
    Micros wall_offset{0};
    std::string rules_hash;
    acd::Floor floor;
    std::map<TriggerKey, threshold::State> triggers;
    std::map<std::string, incident::Incident> incidents;
    std::map<std::string, delivery::Page> pages;
    std::map<std::pair<std::string, std::string>, paging::Ladder> ladders;    // incident, team
    std::map<std::pair<std::string, std::string>, std::uint32_t> day_counts;  // name, local date
    std::map<ScopeKey, plan::Level> suppressed;  // ended by hand while firing, at this level
    std::map<std::pair<std::string, plan::Level>, std::uint64_t> opened_total;
    std::uint64_t effect_hash{14695981039346656037ULL};

    // Derived.
    plan::Rules rules;
    std::map<std::string, plan::Rules> known;  // by hash: in force, or an open incident's own
    std::map<std::string, Watched> watched;    // by queue; "" for sources
    std::set<std::pair<Instant, std::string>> wakes;
    std::map<ScopeKey, std::set<Firing>> firing;
    std::map<ScopeKey, std::string> open;             // incident that stands
    std::set<std::string> open_pages;                 // those with a deadline
    std::set<ScopeKey> dirty;                         // scopes whose firing changed in this step
    bool sources_changed{false};                      // one went up or down in this step
    std::set<std::pair<Instant, std::string>> ended;  // incidents kept for readers, by their end
    std::vector<Effect> effects;                      // of this step
    plan::InForce in_force;                           // calendars, at the wall's now
    std::optional<Instant> calendars_change;          // when that may be another set

    template <class A>
    void fields(A& a) {
        a(now,
          wall_offset,
          rules_hash,
          triggers,
          incidents,
          pages,
          ladders,
          day_counts,
          suppressed,
          opened_total,
          effect_hash);
    }

    // machine.cpp
    void run_until(Instant to);
    void settle();  // everything that follows from what was touched, at `now`
    [[nodiscard]] std::optional<Instant> next_deadline() const;
    void emit(EffectBody body);
    void load(plan::Rules next, std::string hash);
    void rebuild();
    void turn_calendars();  // at their change: what hangs on them is evaluated
    void read_calendars();
    void forget_rules();      // those that nothing refers to any more
    void forget_incidents();  // those that ended long ago

    // evaluation.cpp
    void hear(const Input& input);
    void evaluate_touched();
    void evaluate_due();
    void evaluate(const std::string& queue);
    void sweep_gone_queues();
    Watched& watch(const std::string& queue);
    void forget(const std::string& queue);
    void set_wake(const std::string& queue, Watched& watched, std::optional<Instant> at);
    void refire(const Slot& slot, plan::Level before, std::optional<Instant> since_before);
    [[nodiscard]] threshold::Context context(const std::string& queue) const;

    // desk.cpp: incidents and paging
    void settle_incidents();
    void update_scope(const ScopeKey& scope);
    void open_incident(const ScopeKey& scope, const plan::Plan& plan, const Firing& top);
    void incident_changed(const incident::Incident& incident, std::size_t told);
    [[nodiscard]] incident::Cause cause_of(const ScopeKey& scope, const Firing& top) const;
    void end_cleared();
    [[nodiscard]] std::optional<Instant> ends_at(const incident::Incident& incident) const;
    void end_incident(incident::Incident& incident, std::string by, std::string why);
    void start_paging(incident::Incident& incident, const Firing& top);
    void stop_paging(const std::string& incident, std::string_view why);
    void run_ladders();
    void run_pages();
    void page(const paging::Ladder& ladder, const std::vector<paging::Due>& due);
    void send(delivery::Page& page);
    void receipt(const Receipt& receipt);
    void receipt_of_earlier(delivery::Page& page, const Receipt& receipt);
    [[nodiscard]] bool is_full(const std::string& incident) const;  // of pages
    void make_room(const std::string& incident);
    void acknowledge(const Acknowledge& ack, Step& step);
    void end_by_hand(const EndIncident& end, Step& step);
    void restarted(Instant to);  // at the last instant before the stop; we are back at `to`
    void forgive_absence();      // at the first instant after it
    [[nodiscard]] bool wants(const delivery::Page& page) const;
    [[nodiscard]] const plan::RuleSet& rules_of(const incident::Incident& incident) const;
    [[nodiscard]] ScopeKey scope_of(const incident::Incident& incident) const;

    // compose.cpp
    [[nodiscard]] delivery::Content compose(
        const incident::Incident& incident, const plan::Person& person
    ) const;
};

}  // namespace surged::engine
