// The two times of surged: engine time (Instant), which never steps, and the wall clock (Wall).
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace surged {

using Micros = std::chrono::microseconds;
using Seconds = std::chrono::seconds;  // never a bare integer
using namespace std::chrono_literals;

/// Engine time: monotone microseconds, anchored once to the wall clock, never stepped.
/// Every duration runs on it. Not the wall clock: see Wall.
using Instant = std::chrono::sys_time<Micros>;

/// Wall-clock time in microseconds since the Unix epoch, as people and other machines tell it.
/// Used only by calendars, display and the mapping of event times.
struct Wall {
    std::int64_t us{0};
    constexpr auto operator<=>(const Wall&) const = default;
};

/// Maps between the two. `offset` is wall minus engine, part of the engine's state.
[[nodiscard]] constexpr Wall to_wall(Instant at, Micros offset) {
    return Wall{(at.time_since_epoch() + offset).count()};
}
[[nodiscard]] constexpr Instant to_instant(Wall wall, Micros offset) {
    return Instant{Micros{wall.us} - offset};
}

/// RFC 3339 in UTC with microseconds: 2026-11-23T16:35:19.360044Z.
[[nodiscard]] std::string format_rfc3339(Wall wall);
/// Parses what format_rfc3339 writes, and RFC 3339 with any offset or fraction; nullopt if wrong.
[[nodiscard]] std::optional<Wall> parse_rfc3339(std::string_view text);

/// A duration for people's eyes in YAML's own spelling: 90s, 5m, 1h30m, 250ms.
[[nodiscard]] std::string format_duration(Micros duration);
/// Parses 90s, 5m, 1h30m, 2d, 250ms; nullopt for anything else (no sign, no bare number).
[[nodiscard]] std::optional<Micros> parse_duration(std::string_view text);

}  // namespace surged
