// Readiness: rules that say nothing because there is no plan of the day.
#pragma once

#include "core/engine/engine.hpp"
#include "io/api/host.hpp"

#include <optional>

namespace surged::app {

/// The component that is not ready, with the triggers and queues by name; nullopt: none lacks one.
[[nodiscard]] std::optional<io::Component> unplanned_component(const engine::Engine& engine);

}  // namespace surged::app
