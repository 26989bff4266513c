// The only now() of the shell: everything else is told the time.
#pragma once

#include "base/time.hpp"

#include <chrono>

namespace surged::io {

/// Monotone time for deadlines within this process; means nothing outside it.
using Steady = std::chrono::steady_clock::time_point;

[[nodiscard]] Wall wall_now();
[[nodiscard]] Steady steady_now();

}  // namespace surged::io
