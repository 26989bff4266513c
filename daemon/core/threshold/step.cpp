#include "core/threshold/step.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <limits>

namespace surged::threshold {
namespace {

using board::Millionths;
using board::Quantity;
using board::Wide;
using plan::Level;

constexpr Millionths whole = 1'000'000;

/// The next milder rung that the ladder has; none below the last.
Level milder(const plan::Ladder& ladder, Level level) {
    auto rung = static_cast<std::uint8_t>(level);
    while (--rung > 0)
        if (ladder.at.at(static_cast<Level>(rung))) return static_cast<Level>(rung);
    return Level::none;
}

bool counts_as_inside(const plan::Leaf& leaf, const Observation& seen, Level level) {
    return !seen.value || inside(leaf, level, *seen.value);
}

void note_what_is_over(
    const plan::Leaf& leaf, const Observation& seen, Instant now, LeafState& state
) {
    for (const Level level : plan::levels) {
        std::optional<Instant>& since = state.over_since.at(level);
        if (!seen.value || !over(leaf.ladder, level, *seen.value))
            since.reset();
        else if (!since)
            since = now;
    }
}

void rise(const plan::Leaf& leaf, Instant now, LeafState& state) {
    for (const Level level : plan::levels) {
        const std::optional<Instant>& since = state.over_since.at(level);
        if (level <= state.level || !since || now < later(*since, leaf.hold.at(level))) continue;
        state.level = level;
        state.raised_at = now;
        state.inside_since.reset();
    }
}

void come_down(const plan::Leaf& leaf, const Observation& seen, Instant now, LeafState& state) {
    while (state.level != Level::none) {
        if (!counts_as_inside(leaf, seen, state.level) || is_kept(leaf, state, now)) {
            state.inside_since.reset();
            return;
        }
        if (!state.inside_since) state.inside_since = now;
        if (seen.held_up || now < down_at(leaf, state, *state.inside_since)) return;
        state.level = milder(leaf.ladder, state.level);
        state.inside_since.reset();  // the next step has a hold of its own, from here
    }
    state.raised_at.reset();
    state.inside_since.reset();
}

}  // namespace

Instant later(Instant at, Micros by) {
    SURGED_ASSERT(by >= Micros{0});
    constexpr Instant end{Micros{std::numeric_limits<std::int64_t>::max()}};
    return at.time_since_epoch() > Micros{0} && by > end - at ? end : at + by;
}

bool is_kept(const plan::Leaf& leaf, const LeafState& state, Instant now) {
    return state.gone_since && now < later(*state.gone_since, leaf.keep);
}

Instant down_at(const plan::Leaf& leaf, const LeafState& state, Instant inside) {
    const Instant held = later(inside, leaf.clear.hold.at(state.level));
    if (!state.raised_at) return held;
    return std::max(held, later(*state.raised_at, leaf.clear.dwell.at(state.level)));
}

bool over(const plan::Ladder& ladder, Level level, const Quantity& value) {
    const std::optional<Millionths>& threshold = ladder.at.at(level);
    if (!threshold) return false;
    return ladder.below ? board::at_most(value, *threshold) : board::at_least(value, *threshold);
}

std::optional<Millionths> clear_threshold(const plan::Leaf& leaf, Level level) {
    const std::optional<Millionths>& threshold = leaf.ladder.at.at(level);
    if (!threshold) return std::nullopt;
    const Wide size = *threshold < 0 ? -static_cast<Wide>(*threshold) : *threshold;
    const Wide gap = (size * leaf.clear.margin + whole - 1) / whole;
    const Wide clear = leaf.ladder.below ? *threshold + gap : *threshold - gap;
    constexpr Wide least = std::numeric_limits<Millionths>::min();
    constexpr Wide most = std::numeric_limits<Millionths>::max();
    return static_cast<Millionths>(std::clamp(clear, least, most));
}

bool inside(const plan::Leaf& leaf, Level level, const Quantity& value) {
    const std::optional<Millionths> clear = clear_threshold(leaf, level);
    if (!clear) return true;
    if (over(leaf.ladder, level, value)) return false;
    return leaf.ladder.below ? board::at_least(value, *clear) : board::at_most(value, *clear);
}

void step(const plan::Leaf& leaf, const Observation& seen, Instant now, LeafState& state) {
    if (!seen.live) {
        state.over_since = {};
        state.inside_since.reset();
        state.gone_since.reset();
        return;
    }
    if (seen.value)
        state.gone_since.reset();
    else if (!state.gone_since && state.level != Level::none)
        state.gone_since = now;
    note_what_is_over(leaf, seen, now, state);
    rise(leaf, now, state);
    come_down(leaf, seen, now, state);
    if (state.level == Level::none) state.gone_since.reset();
}

std::optional<Instant> next_wake(
    const plan::Leaf& leaf, const Observation& seen, Instant now, const LeafState& state
) {
    if (!seen.live) return std::nullopt;
    std::optional<Instant> wake;
    const auto consider = [&](Instant at) {
        if (at > now && (!wake || at < *wake)) wake = at;
    };
    for (const Level level : plan::levels) {
        const std::optional<Instant>& since = state.over_since.at(level);
        if (level > state.level && since) consider(later(*since, leaf.hold.at(level)));
    }
    if (state.gone_since) consider(later(*state.gone_since, leaf.keep));
    // Held up, only a caller who leaves can change the answer, and that touches the queue.
    if (state.inside_since && !seen.held_up) consider(down_at(leaf, state, *state.inside_since));
    return wake;
}

}  // namespace surged::threshold
