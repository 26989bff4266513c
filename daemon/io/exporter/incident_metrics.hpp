// Triggers and incidents as they stand at this scrape.
#pragma once

#include "core/engine/engine.hpp"
#include "io/exporter/text.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace surged::io::exporter {

/// Thresholds and firing per level for the levels that have a threshold.
void trigger_metrics(
    Text& out, const std::vector<engine::TriggerView>& triggers, std::string_view site
);
/// `plans`: each has a total per level, 0 too, so that a rate exists before the first incident.
void incident_metrics(
    Text& out,
    const std::map<std::string, incident::Incident>& incidents,
    const std::map<std::string, plan::Plan>& plans,
    std::string_view site
);
/// Whom each team's ladder begins with: its first rung that has anybody, else the last resort.
void oncall_metrics(
    Text& out, const std::map<std::string, plan::Team>& teams, std::string_view site
);

}  // namespace surged::io::exporter
