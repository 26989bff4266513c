// Happenings as the lines that POST /api/v1/events takes. Pure.
#pragma once

#include "app/simulate/happening.hpp"
#include "app/simulate/setup.hpp"

#include <string>

namespace surged::app::simulate {

/// One line with its end; empty for what an HTTP feed does not tell (a ringing phone).
/// @param sequence  of the line in its run: with `start` it makes the event's id
[[nodiscard]] std::string event_line(
    const Setup& setup, const Happening& happening, Wall start, std::uint64_t sequence
);
/// The feed lives, though nothing happens.
[[nodiscard]] std::string heartbeat_line(Wall at);

}  // namespace surged::app::simulate
