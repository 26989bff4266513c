// One incident: a case under one plan and scope, from its opening to its end.
#pragma once

#include "base/time.hpp"
#include "core/incident/task.hpp"
#include "core/plan/rules.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace surged::incident {

/// `reported`: a person's report opened it, and it is not activated yet.
enum class Phase : std::uint8_t { warned, activated, recovering, ended, reported };
[[nodiscard]] std::string_view name_of(Phase phase);

/// What happened, for timelines. `by` names a person or "surged"; `detail` is data, not prose.
enum class Entry : std::uint8_t {
    opened,
    raised,
    lowered,
    activated,
    recovering,
    ended,
    acknowledged,
    paged,
    page_failed,
    note,
    reported,
    asked,
    declined,
    pinned,
    unpinned,
    step_opened,
    step_done,
    step_skipped,
    step_overdue,
    led,  // another plan leads: this incident is handed over
};
[[nodiscard]] std::string_view name_of(Entry entry);
struct TimelineItem {
    Instant at;
    Entry entry{Entry::note};
    plan::Level level{plan::Level::none};
    std::string by, detail;
    template <class A>
    void fields(A& a) {
        a(at, entry, level, by, detail);
    }
    bool operator==(const TimelineItem&) const = default;
};

/// Why the incident stands at its level: one firing trigger on one queue, with its figures.
struct Cause {
    std::string trigger, queue;
    plan::Level level{plan::Level::none};
    board::Measure measure;
    std::optional<board::Quantity> value;
    std::optional<board::Millionths> threshold;
    Instant since;
    std::string source;  // not empty: a source has been silent, and there is no figure
    std::string told;    // not empty: an alert, a report or a date, in its own words; no figure
    plan::Relative relative{plan::Relative::none};  // value and threshold are multiples of this
    Micros change_over{0};                          // not 0: they are a change over so long
    template <class A>
    void fields(A& a) {
        a(trigger, queue, level, measure, value, threshold, since, source);
        if (a.version() >= 2) a(told);
        if (a.version() >= 3) a(relative, change_over);
    }
    bool operator==(const Cause&) const = default;
};

/// A decision that is asked of a role.
struct Ask {
    std::string by;  // role or team
    plan::Level level{plan::Level::none};
    Instant until;
    bool then_activate{true};  // without an answer
    bool confirm{false};       // it is activated already; a no takes that back
    template <class A>
    void fields(A& a) {
        a(by, level, until, then_activate, confirm);
    }
    bool operator==(const Ask&) const = default;
};
/// A level held by a person, whatever the triggers say, until a time.
struct Pin {
    plan::Level level{plan::Level::none};
    Instant until;
    std::string by;
    template <class A>
    void fields(A& a) {
        a(level, until, by);
    }
    bool operator==(const Pin&) const = default;
};

struct Incident {
    std::string id;     // P06-hz-20261123-2
    std::string plan;   // name
    std::string queue;  // scope queue only
    std::string rules;  // hash of the set it started with
    plan::Level level{plan::Level::none};
    plan::Level highest{plan::Level::none};
    plan::Level previous_level{plan::Level::none};  // before the newest change; none: just opened
    std::uint32_t rise{0};                          // upward level changes; the opening is 1
    std::uint32_t acked_rise{0};                    // the newest rise that somebody has taken
    Phase phase{Phase::warned};
    Instant opened_at, level_since;
    std::optional<Instant> clear_since;  // no trigger fires since then
    std::optional<Instant> ended_at;
    std::string ended_by;
    std::set<std::string> queues;  // ever touched
    std::optional<Cause> cause;    // the gravest, now or last
    bool drill{false};
    std::vector<TimelineItem> timeline;
    plan::Level activated{plan::Level::none};  // the gravest level whose response was started
    plan::Level declined{plan::Level::none};   // not asked again up to here
    std::optional<Ask> ask;
    std::optional<Pin> pin;
    std::set<std::string> kinds;        // of what was reported
    std::map<std::string, Task> tasks;  // steps that have opened, by id
    std::optional<Wall> planned_for;    // the date it was started for
    bool quiet{false};                  // a page is held until the quiet hours end
    template <class A>
    void fields(A& a) {
        a(id,
          plan,
          queue,
          rules,
          level,
          highest,
          previous_level,
          rise,
          acked_rise,
          phase,
          opened_at,
          level_since,
          clear_since,
          ended_at,
          ended_by,
          queues,
          cause,
          drill,
          timeline);
        if (a.version() >= 2)
            a(activated, declined, ask, pin, kinds, tasks, planned_for, quiet);
        else if (phase == Phase::activated || phase == Phase::recovering)
            activated = level;
    }
    bool operator==(const Incident&) const = default;
};

/// A page may go out for it: it stands, somebody must know or decide, and nobody has taken this
/// rise yet.
[[nodiscard]] inline bool wants_pages(const Incident& incident) {
    const bool somebody = incident.phase == Phase::activated || incident.ask.has_value();
    return somebody && incident.phase != Phase::ended && incident.acked_rise < incident.rise;
}

/// The timeline keeps its first and its newest items: a flapping week must not fill the memory.
inline constexpr std::size_t timeline_items_max = 500;
void note(Incident& incident, TimelineItem item);

/// The effect of all triggers of an incident's scope on it: `top` is the gravest level that fires
/// now (none: all clear). Changes level, rise and phase, and notes why.
enum class Change : std::uint8_t { none, raised, lowered, cleared };
Change apply_level(
    Incident& incident,
    plan::Level top,
    const std::optional<Cause>& cause,
    const plan::ActivationRule& activation,
    Instant now
);

/// Starts the response at its level, by a person's word or by itself. It counts as a rise if people
/// were asked first: those who act have not heard of it yet.
void activate(Incident& incident, std::string by, std::string why, bool as_rise, Instant now);
/// A person says no to what is asked, or takes back what was started.
void decline(Incident& incident, std::string by, std::string why, Instant now);

/// Ends it, by a person's word or by itself ("surged").
void end(Incident& incident, std::string by, std::string why, Instant now);

}  // namespace surged::incident
