// Other thresholds for a while, asked by the link of a page: what its form may ask, and what the
// engine is told because of it. Pure.
#pragma once

#include "base/time.hpp"
#include "core/engine/engine.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace surged::io::ack {

/// What the form offers: by how much, and for how long.
inline constexpr int percents_offered[] = {20, 50, 100};
inline constexpr int hold_minutes_offered[] = {30, 60, 120, 240};
inline constexpr std::size_t reason_bytes_max = 500;

struct RaiseAsked {
    int percent{0};
    Micros lasts{0};
    std::string why;  // never empty
};

/// The form's fields `percent`, `hold` (minutes) and `why`; nullopt: without a reason, not what is
/// offered, or longer than `most`.
[[nodiscard]] std::optional<RaiseAsked> raise_asked(
    const std::map<std::string, std::string>& fields, Micros most
);

/// A threshold of `now`, harder to reach by `factor` (more than 1), whichever its sign. A share
/// cannot exceed the whole: of what is left to the whole a part goes, so that no level is out of
/// reach.
[[nodiscard]] double harder(const plan::Leaf& leaf, double now, double factor);

/// For every trigger of one figure that fires in this incident: its thresholds of now, harder to
/// reach by so many percent. Not those that somebody has set already: a second press, or a second
/// person, raises nothing further.
[[nodiscard]] std::vector<engine::Temporary> raised(
    const engine::Engine& engine,
    const incident::Incident& incident,
    const RaiseAsked& asked,
    const std::string& by
);

/// What is set for a while on this incident's plan and queue, by whomever.
[[nodiscard]] std::vector<engine::Temporary> set_already(
    const engine::Engine& engine, const incident::Incident& incident
);

}  // namespace surged::io::ack
