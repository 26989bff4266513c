// The wall clock: the only place that asks the machine what time people say it is.
#pragma once

#include "base/time.hpp"

namespace surged::io {

[[nodiscard]] Wall wall_now();

}  // namespace surged::io
