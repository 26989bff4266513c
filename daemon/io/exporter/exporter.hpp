// GET /metrics: everything surged tells Prometheus, in text format 0.0.4.
#pragma once

#include "core/engine/engine.hpp"
#include "io/exporter/daemon_metrics.hpp"

#include <string>

namespace surged::io::exporter {

/// The engine's figures and the daemon's own. `figures.site`, `.sources` and
/// `.pages_unacknowledged` are taken from the engine.
[[nodiscard]] std::string render(const engine::Engine& engine, DaemonFigures figures);

}  // namespace surged::io::exporter
