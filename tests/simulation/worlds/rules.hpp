// The rules of a simulated site: four queues, five people, four teams, four plans; in four
// versions, for reloads.
#pragma once

#include "app/live.hpp"
#include "core/plan/rules.hpp"

#include <array>
#include <string>
#include <vector>

namespace surged::worlds {

inline constexpr std::array<const char*, 4> queues{"sales", "support", "vip", "returns"};
inline constexpr std::array<const char*, 3> channels{"hook", "sms", "mail"};
inline constexpr int rule_versions = 4;
/// The plan that the checkers know best: callers waiting, an incident for each queue.
inline constexpr const char* pressure_plan = "queue-pressure";

/// What a checker must know of the pressure plan in this version.
struct Pressure {
    std::array<int, 4> at;  // callers waiting, from IV to I
    Micros hold;
    bool operator==(const Pressure&) const = default;
};
[[nodiscard]] Pressure pressure_of(int version);

[[nodiscard]] app::NewRules rules_of(int version);

}  // namespace surged::worlds
