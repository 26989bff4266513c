// Happenings as the lines that POST /api/v1/events takes. Pure.
#pragma once

#include "app/simulate/happening.hpp"
#include "app/simulate/setup.hpp"

#include <string>

namespace surged::app::simulate {

/// Whole lines; none for what an HTTP feed does not tell (a ringing phone), two where an agent
/// turns busy or free, because calls do not say that.
/// @param sequence  of the happening in its run: with `start` it makes the events' ids
[[nodiscard]] std::string event_lines(
    const Setup& setup, const Happening& happening, Wall start, std::uint64_t sequence
);
/// The feed lives, though nothing happens.
[[nodiscard]] std::string heartbeat_line(Wall at);

}  // namespace surged::app::simulate
