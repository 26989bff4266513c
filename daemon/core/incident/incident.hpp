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
    resumed,
    ended,
    acknowledged,
    paged,
    page_failed,
    note
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
    std::uint32_t rise{0};  // upward level changes; the opening is 1
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
          rise,
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

}  // namespace surged::incident
