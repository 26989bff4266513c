// Service level: the share of callers who reached a person in time, in the variants of the field.
#pragma once

#include "core/board/kpi.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace surged::board {

/// A = answered, B = abandoned, X = left otherwise; _T: within the target T; Bs: abandoned
/// within S. "Within" is ≤.
///
///     V1 A_T/(A+B)          V2 (A_T+B_T)/(A+B)   V3 A_T/A          V4 A_T/(A+B−B_T)
///     V5 (A_T+Bs)/(A+B)     V6 A_T/(A+B−Bs)      V7 A_T/(A+B+X)    V8 A_T/(A+B+X−Bs)
///
/// A queue names its own by `formula:` in site.yaml.
///
///     V1 strict: every abandon is a miss. @source ICMI QueueTips 2002
///     V2 an abandon within T is a success. @source ICMI; Asterisk's ServicelevelPerf2
///     V3 abandons do not count. @source ICMI; Asterisk's ServicelevelPerf
///     V4 an abandon within T does not count. @source ICMI; Bright Pattern
///     V5 a short abandon is a success. @source callcentrehelper.com 206890
///     V6 a short abandon does not count. @source Genesys Cloud, "exclude short abandons"
///     V7 a caller sent elsewhere is a miss. @source Genesys Cloud, "include flow-outs"
///     V8 surged's own: who hangs up at once is nobody's miss, who was sent elsewhere is.
///
/// Live, for all of them: a caller now waiting longer than T can no more be answered within T, so
/// he is under the fraction already. V1 to V6 do not count those sent elsewhere and V3 no abandons
/// either: there he is taken for one who will be answered, late.
enum class Formula : std::uint8_t { V1, V2, V3, V4, V5, V6, V7, V8 };
inline constexpr std::size_t formulas = 8;
[[nodiscard]] std::string_view name_of(Formula formula);  // "V1" … "V8"
[[nodiscard]] std::optional<Formula> parse_formula(std::string_view text);

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
