// The bounds of what an event may say, whoever says it.
#pragma once

#include "core/acd/event.hpp"

namespace surged::acd {

/// Every input can be wrong: nothing beyond these bounds gets further. Texts have 256 bytes at
/// most (but for a reason, which nobody keeps), times lie between 1970 and 2100, spans between
/// nothing and 30 days, values within 10^12.
[[nodiscard]] bool is_sane(const Event& event);

}  // namespace surged::acd
