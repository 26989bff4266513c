// One leaf: how a figure against its ladder becomes a level, and how it comes down again.
//
// Pure: what the board says goes in as an Observation, so the rules of hold, margin and dwell can
// be tried without a board. Nothing here depends on how often it is called: every instant at which
// time alone changes the answer is named by next_wake, and calling in between changes nothing.
#pragma once

#include "base/time.hpp"
#include "core/board/kpi.hpp"
#include "core/plan/rules.hpp"

#include <cstdint>
#include <optional>

namespace surged::threshold {

/// What one node of a condition remembers. A composite uses `level` alone.
struct LeafState {
    plan::PerLevel<std::optional<Instant>> over_since;  // value at or over that level's threshold
    plan::Level level{plan::Level::none};
    std::optional<Instant> raised_at;     // the last rise; dwell counts from here
    std::optional<Instant> inside_since;  // inside the clear threshold of `level`, at this level
    std::optional<Instant> silent_since;  // absent: the source has been down since
    std::optional<Instant> gone_since;    // at a level, and there has been no value since
    template <class A>
    void fields(A& a) {
        a(over_since, level, raised_at, inside_since, silent_since);
        if (a.version() >= 3) a(gone_since);
    }
    bool operator==(const LeafState&) const = default;
};

/// What the board says about one leaf at one instant.
struct Observation {
    bool live{false};  // the queue's data can be believed; if not, the leaf is frozen
    std::optional<board::Quantity> value;  // none: no value, or a floor or minimum is not met
    bool held_up{false};                   // callers older than T still wait: nothing comes down
};

/// Value at or over (`below`: at or under) the threshold of `level`. A missing rung takes no level.
[[nodiscard]] bool over(
    const plan::Ladder& ladder, plan::Level level, const board::Quantity& value
);
/// Where `level` counts as over: its threshold less (`below`: plus) margin × |threshold|, rounded
/// away from the threshold to a whole millionth. nullopt: the ladder has no such rung.
[[nodiscard]] std::optional<board::Millionths> clear_threshold(
    const plan::Leaf& leaf, plan::Level level
);
/// Value at or beyond the clear threshold of `level`, and not over its threshold (they are the same
/// point where the margin is 0). A rung that the ladder no longer has is always inside.
[[nodiscard]] bool inside(const plan::Leaf& leaf, plan::Level level, const board::Quantity& value);

/// Brings `state` up to `now`.
///
/// Up: at once to the gravest level whose threshold was met without a break for its hold. Each
/// level keeps its own time, so crossing a graver threshold does not restart the milder ones. Down:
/// one level at a time, when the value has been inside the clear threshold of the level for its
/// clear hold, its dwell since the last rise is over, and no caller older than T waits. The next
/// step needs a hold of its own, counted from the step before or from when the value went inside
/// that level's clear threshold, whichever is later: a sudden calm still walks down the ladder.
///
/// No value with live data: nothing is over; for `keep` the level stays, then everything is inside.
/// No live data: the level stays,
/// and every pending time starts again when the data is back, because lost data is not "no calls".
void step(const plan::Leaf& leaf, const Observation& seen, Instant now, LeafState& state);

/// The earliest instant after `now` at which step() would change `state` if the observation stays
/// as it is; nullopt: only another observation can.
[[nodiscard]] std::optional<Instant> next_wake(
    const plan::Leaf& leaf, const Observation& seen, Instant now, const LeafState& state
);

/// The value is gone, and the level outlives it still.
[[nodiscard]] bool is_kept(const plan::Leaf& leaf, const LeafState& state, Instant now);
/// When the level may come down if it stays inside as it has since `inside`.
[[nodiscard]] Instant down_at(const plan::Leaf& leaf, const LeafState& state, Instant inside);

/// `at + by`, at most the end of time: durations come from files.
[[nodiscard]] Instant later(Instant at, Micros by);

}  // namespace surged::threshold
