// One incident: a case under one plan and scope, from its opening to its end.
#pragma once

#include "base/time.hpp"
#include "core/plan/rules.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace surged::incident {

enum class Phase : std::uint8_t { warned, activated, recovering, ended };
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
    template <class A>
    void fields(A& a) {
        a(trigger, queue, level, measure, value, threshold, since, source);
    }
    bool operator==(const Cause&) const = default;
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
    }
    bool operator==(const Incident&) const = default;
};

/// A page may go out for it: it stands, somebody must know, and nobody has taken this rise yet.
[[nodiscard]] inline bool wants_pages(const Incident& incident) {
    return incident.phase == Phase::activated && incident.acked_rise < incident.rise;
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
    plan::Activation activation,
    Instant now
);

/// Ends it, by a person's word or by itself ("surged").
void end(Incident& incident, std::string by, std::string why, Instant now);

}  // namespace surged::incident
