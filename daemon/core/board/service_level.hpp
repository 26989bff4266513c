// Service level: the share of callers who reached a person in time, in the variants of the field.
#pragma once

#include "core/board/kpi.hpp"

#include <cstdint>
#include <optional>

namespace surged::board {

/// A = answered, B = abandoned, X = left otherwise; _T: within the target T; Bs: abandoned
/// within S. "Within" is ≤.
///
///     V1 A_T/(A+B)          V2 (A_T+B_T)/(A+B)   V3 A_T/A          V4 A_T/(A+B−B_T)
///     V5 (A_T+Bs)/(A+B)     V6 A_T/(A+B−Bs)      V7 A_T/(A+B+X)    V8 A_T/(A+B+X−Bs)
///
/// @source V1–V4: ICMI QueueTips 2002. V2 and V3 are ServicelevelPerf2 and ServicelevelPerf of
///         Asterisk's app_queue. V6, V7: Genesys Cloud's options. V8 is surged's own: callers who
///         hang up at once are nobody's miss, callers who were sent elsewhere are.
enum class Formula : std::uint8_t { V1, V2, V3, V4, V5, V6, V7, V8 };

/// Callers who left a queue in one window.
struct Left {
    std::int64_t answered{0}, answered_in_target{0}, abandoned{0}, abandoned_in_target{0},
        short_abandoned{0}, exited{0};
};

/// The level as a fraction in [0, 1]; nullopt if nobody is under it: no traffic is not 100 %.
/// `late_waiting`: callers now waiting longer than T; given, this is the live form, where they are
/// sure misses already.
[[nodiscard]] std::optional<Quantity> service_level(
    const Left& left, Formula formula = Formula::V8, std::int64_t late_waiting = 0
);

}  // namespace surged::board
