// The engine's state and its moving parts. Private to core/engine: others see Engine.
//
// What is canonical (journaled in snapshots, hashed) stands above what is derived from it and the
// rules; `rebuild` makes the derived part again.
#pragma once

#include "core/acd/floor.hpp"
#include "core/delivery/key.hpp"
#include "core/delivery/page.hpp"
#include "core/engine/deadlines.hpp"
#include "core/engine/effect.hpp"
#include "core/engine/engine.hpp"
#include "core/incident/incident.hpp"
#include "core/paging/ladder.hpp"
#include "core/threshold/evaluate.hpp"

#include <cstddef>
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

/// A trigger of a plan, the same for all queues.
struct Rule {
    const plan::Plan* plan{nullptr};
    const plan::Trigger* trigger{nullptr};
    board::Changes reads{board::changes::all};
    board::Changes wake_reads{board::changes::all};  // of them, what may bring a wake forward
    std::vector<board::Changes> node_reads;          // of each node of the condition
    bool is_composed{false};
    /// Its figure is over what time changes, too: what is usual or planned, or a plan's lines.
    bool is_timed{false};
};

/// One trigger on one queue, ready to be evaluated.
struct Slot {
    std::pair<const TriggerKey, threshold::State>* node{nullptr};  // of Machine::triggers: stable
    const Rule* rule{nullptr};                                     // in Machine::watching
    threshold::Steady steady;  // of a condition that is composed, see Watched::nodes
    [[nodiscard]] const TriggerKey& key() const { return node->first; }
    [[nodiscard]] threshold::State& state() const { return node->second; }
};
static_assert(sizeof(Slot) <= 40);

/// What tells whether a slot is to be looked at. Apart from it and small, because a look at many
/// queues of which most rest goes through all of these and reads little else.
struct Look {
    Instant wake;  // time alone may change it then; Instant::max: at no time
    std::uint32_t first_node{0};
    board::Changes reads{board::changes::all};  // of its queue, as it is now
    bool inhibited{false};  // it fires, and another trigger says that this means nothing
    bool composed{false};   // and its nodes are steady
};
static_assert(sizeof(Look) <= 16);

/// The triggers of one queue. They are looked at where what they read has changed or their time has
/// come, and all of them where anything else has.
struct Watched {
    const std::string* name{nullptr};  // its key
    std::vector<Look> looks;           // of each slot
    std::vector<Slot> slots;
    std::vector<threshold::Steady> nodes;  // of all conditions that are composed
    board::QueueIx queue{0};
    bool whole{true};  // all of them are to be looked at
    std::optional<Instant> wake;
    bool asks_sources{false};  // a trigger asks whether a source is silent
};
/// A queue to be looked at. Names outlive it: they are keys of Machine::watched.
struct Wake {
    Instant at;
    const std::string* queue{nullptr};
    bool operator<(const Wake& other) const {
        return at != other.at ? at < other.at : *queue < *other.queue;
    }
};

/// Thresholds that a person has set for a while.
struct TemporaryRule {
    plan::PerLevel<std::optional<board::Millionths>> at;
    Instant until;
    std::string by, why;
    template <class A>
    void fields(A& a) {
        a(at, until, by, why);
    }
    bool operator==(const TemporaryRule&) const = default;
};

/// Incident and team; about a step that is overdue, team/step.
using LadderKey = std::pair<std::string, std::string>;

struct Machine {
    // Canonical.
    Instant now;
    Micros wall_offset{0};
    std::string rules_hash;
    acd::Floor floor;
    std::map<TriggerKey, threshold::State> triggers;
    std::map<std::string, incident::Incident> incidents;
    std::map<std::string, delivery::Page> pages;
    std::map<LadderKey, paging::Ladder> ladders;
    std::map<std::pair<std::string, std::string>, std::uint32_t> day_counts;  // name, local date
    std::map<ScopeKey, plan::Level> suppressed;  // ended by hand while firing, at this level
    std::map<std::pair<std::string, plan::Level>, std::uint64_t> opened_total;
    std::uint64_t effect_hash{14695981039346656037ULL};
    threshold::Outside outside;
    std::map<TriggerKey, TemporaryRule> temporaries;  // queue empty: on all
    expect::Baselines baselines;
    expect::Past past;

    // Derived.
    plan::Rules rules;
    std::map<std::string, plan::Rules> known;  // by hash: in force, or an open incident's own
    std::vector<Rule> watching;                // all triggers
    std::map<std::string, Watched> watched;    // by queue; "" for sources
    std::vector<Watched*> watched_at;          // by QueueIx, where it has been looked up
    std::set<Wake> wakes;
    std::map<ScopeKey, std::set<Firing>> firing;
    std::map<ScopeKey, std::string> open;  // incident that stands
    Deadlines<std::string> incident_wakes, page_wakes;
    Deadlines<LadderKey> ladder_wakes;
    std::optional<Instant> lapses;        // when an alert or a temporary threshold ends
    std::map<ScopeKey, std::string> led;  // scope that fires, and the plan that leads it
    std::set<ScopeKey> dirty;             // scopes whose firing changed in this step
    bool sources_changed{false};          // one went up or down in this step
    std::set<std::pair<Instant, std::string>> ended;  // incidents kept for readers, by their end
    std::vector<Effect> effects;                      // of this step
    plan::InForce in_force;                           // calendars, at the wall's now
    std::optional<Instant> calendars_change;          // when that may be another set
    std::optional<Instant> learns;                    // when a slot of the baselines ends
    std::optional<Instant> remembers;                 // when a figure is kept for its change
    std::set<Micros> steps;                           // of the figures that are kept
    Instant away_until;                               // nobody heard what happened before this

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
        if (a.version() >= 2) a(outside, temporaries);
        if (a.version() >= 3) a(baselines, past);
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
    void evaluate(const std::string& queue);  // all of its triggers
    void evaluate(Watched& entry);            // those that may have changed
    // … of the slot with this number
    [[nodiscard]] static bool follow(
        Watched& entry,
        std::size_t number,
        const threshold::Context& where,
        const threshold::News& news
    );
    /// Of what has changed since; true: its level has.
    [[nodiscard]] bool evaluate(
        Watched& entry, std::size_t number, threshold::Context& where, board::Changes changed
    );
    static void make_steady(Watched& entry, std::size_t number, const threshold::Context& where);
    void evaluate_all();
    void look_at_all();  // of every queue, when it is looked at next
    void sweep_gone_queues();
    Watched& watch(const std::string& queue);
    void forget(const std::string& queue);
    void set_wake(Watched& entry, std::optional<Instant> at);
    void refire(const Slot& slot, plan::Level before, std::optional<Instant> since_before);
    void inhibit(Watched& entry);  // after its triggers, or those of a source, have changed
    [[nodiscard]] bool is_inhibited(const Slot& slot) const;
    [[nodiscard]] threshold::Context context(const std::string& queue) const;
    [[nodiscard]] threshold::Context context(const std::string& queue, board::QueueIx index) const;

    // learning.cpp: what is usual, and what was
    void learn();            // at the end of a slot
    void learn_of_before();  // what a table tells of the weeks before surged was there
    void remember();         // figures whose change some rule watches
    void find_learning();    // when that is next
    void expect_of(const plan::Condition& condition, const std::string& queue);
    void expect_of(const plan::Leaf& leaf, const std::string& queue);
    void forget_expectations();  // those that no rule asks for any more
    void forget_past(const std::string& queue);
    void doubt(
        const std::string& queue, board::QueueIx index
    );  // its data may be lost: this slot teaches nothing
    void doubt_all();

    // desk.cpp: incidents and paging
    void settle_incidents();
    void update_scope(const ScopeKey& scope);
    void open_incident(const ScopeKey& scope, const plan::Plan& plan, const Firing& top);
    void incident_changed(const incident::Incident& incident, std::size_t told);
    [[nodiscard]] incident::Cause cause_of(const ScopeKey& scope, const Firing& top) const;
    void run_incidents();
    void run_incident(incident::Incident& incident);
    void arm(const incident::Incident& incident);
    void arm(const delivery::Page& page);
    void arm(const LadderKey& key);
    [[nodiscard]] const plan::Plan* plan_of(const incident::Incident& incident) const;
    [[nodiscard]] std::optional<Instant> ends_at(const incident::Incident& incident) const;
    void end_incident(incident::Incident& incident, std::string by, std::string why);
    [[nodiscard]] std::optional<Firing> leading(const ScopeKey& scope);
    [[nodiscard]] bool leads(const plan::Plan& one, const plan::Plan& other) const;
    void learn_of_reports(incident::Incident& incident) const;
    void start_paging(incident::Incident& incident);
    void stop_paging(const std::string& incident, std::string_view why);  // of its rise
    void stop_paging(const std::string& incident, const std::string& step, std::string_view why);
    void start_ladder(
        incident::Incident& incident, const std::string& team, const std::string& step
    );
    void run_ladders();
    void run_pages();
    void page(const paging::Ladder& ladder, const std::vector<paging::Due>& due);
    void send(delivery::Page& page);
    void receipt(const Receipt& receipt);
    void receipt_of_earlier(delivery::Page& page, const Receipt& receipt);
    [[nodiscard]] bool is_full(const std::string& incident) const;  // of pages
    void make_room(const std::string& incident);
    void acknowledge(const Acknowledge& ack, Step& step);
    [[nodiscard]] bool could_be_page_of(
        const incident::Incident& incident, const delivery::Key& key
    ) const;
    void acknowledge_unknown(const Acknowledge& ack, Step& step);
    void taken(
        incident::Incident& incident,
        const Acknowledge& ack,
        std::uint32_t rise,
        const std::string& about_step
    );
    void answer(const AnswerPage& answer, Step& step);
    void pass_on(const AnswerPage& answer, Step& step);
    void end_by_hand(const EndIncident& end, Step& step);
    void withdraw_reports(const std::string& plan);

    // decisions.cpp: what people say to an incident
    [[nodiscard]] incident::Incident* standing(const std::string& id, Step& step);
    void decide(const Decide& decide, Step& step);
    void decide_by_time(incident::Incident& incident);
    void pin(const PinLevel& pin, Step& step);
    void unpin(incident::Incident& incident, std::string by);
    void add_note(const AddNote& note, Step& step);

    // tasks.cpp: the steps of a plan
    void run_tasks(incident::Incident& incident);
    void mark(const MarkStep& mark, Step& step);
    void page_for_task(
        incident::Incident& incident, const plan::StepRule& rule, incident::Task& task
    );
    [[nodiscard]] std::optional<Instant> tasks_wake(const incident::Incident& incident) const;

    // inbox.cpp: reports, alerts, temporary thresholds
    void report(const Report& report, Step& step);
    [[nodiscard]] const plan::Plan* first_of(const std::vector<const plan::Plan*>& plans) const;
    void alerts(const Alerts& alerts, Step& step);
    void set_temporary(const Temporary& temporary, Step& step);
    void lapse();
    void find_lapses();
    [[nodiscard]] const TemporaryRule* temporary_for(const TriggerKey& key) const;
    void restarted(Instant to);  // at the last instant before the stop; we are back at `to`
    void forgive_absence();      // at the first instant after it
    [[nodiscard]] bool wants(const delivery::Page& page) const;
    [[nodiscard]] const plan::RuleSet& rules_of(const incident::Incident& incident) const;
    [[nodiscard]] ScopeKey scope_of(const incident::Incident& incident) const;

    // explain.cpp
    [[nodiscard]] Explanation explain(const plan::Plan& plan, const std::string& queue) const;
    [[nodiscard]] std::vector<Temporary> temporaries_left() const;

    // compose.cpp
    [[nodiscard]] delivery::Content compose(
        const incident::Incident& incident, const std::string& about, plan::Language language
    ) const;
};

}  // namespace surged::engine
