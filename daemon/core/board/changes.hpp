// What of a queue has changed since somebody looked, so that only what reads it is looked at again.
#pragma once

#include "core/board/kpi.hpp"

#include <cstdint>

namespace surged::board {

/// A bit for each thing that figures are made of.
using Changes = std::uint16_t;
namespace changes {
inline constexpr Changes waiting = 1U << 0U;  // who waits, settles, or writes with an agent
inline constexpr Changes connected = 1U << 1U;
inline constexpr Changes agents = 1U << 2U;   // the state of one
inline constexpr Changes traffic = 1U << 3U;  // the groups of tally.hpp, and the waits
inline constexpr Changes handling = 1U << 4U;
inline constexpr Changes care = 1U << 5U;
inline constexpr Changes repeats = 1U << 6U;
inline constexpr Changes responses = 1U << 7U;
inline constexpr Changes complaints = 1U << 8U;  // open and overdue
inline constexpr Changes gauges = 1U << 9U;
inline constexpr Changes plan = 1U << 10U;  // of the day
/// It moves at every instant: at no look can it be said to be as it was.
inline constexpr Changes time = 1U << 11U;
/// An instant that View::next_change or View::grows_since names may be earlier than it was.
inline constexpr Changes sooner = 1U << 12U;
inline constexpr Changes staffed = 1U << 13U;  // one has signed in or out
inline constexpr Changes front = 1U << 14U;    // who waits longest, or is open longest, is another
/// A queue that is new or has other rules, data lost or back: with all others. Every figure reads
/// it.
inline constexpr Changes anew = 1U << 15U;
inline constexpr Changes all = 0xffff;
}  // namespace changes

/// What a figure, and the contacts under it, are made of. What else moves it, View::next_change and
/// View::grows_since tell.
[[nodiscard]] Changes made_of(const Measure& measure);
/// What can bring forward the instant that View::next_change or View::grows_since names.
[[nodiscard]] Changes brings_forward(const Measure& measure);
/// False: but for its parts nothing moves it, and View::next_change and View::grows_since name
/// nothing.
[[nodiscard]] bool changes_by_itself(Kpi kpi);

}  // namespace surged::board
