#include "io/exporter/exporter.hpp"

#include "io/exporter/board_metrics.hpp"
#include "io/exporter/incident_metrics.hpp"

#include <utility>

namespace surged::io::exporter {

std::string render(const engine::Engine& engine, DaemonFigures figures) {
    figures.sources = engine.floor().sources();
    figures.pages_unacknowledged = engine.pages_unacknowledged();
    const std::string& site = engine.rules().site.id;
    figures.site = site;
    Text text;
    board_metrics(text, engine.board(), site);
    trigger_metrics(text, engine.triggers(), site);
    incident_metrics(text, engine.incidents(), engine.rules().plans, site);
    oncall_metrics(text, engine.rules().teams, site);
    std::string out = std::move(text).take();
    out += render_daemon(figures);
    return out;
}

}  // namespace surged::io::exporter
