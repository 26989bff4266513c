// The daemon's own health as metric families: store, sources, pages, HTTP, rules, build.
#pragma once

#include "core/acd/floor.hpp"
#include "io/api/host.hpp"
#include "io/http/server.hpp"

#include <cstdint>
#include <map>
#include <prometheus/metric_family.h>
#include <string>
#include <utility>
#include <vector>

namespace surged::io::exporter {

using BySourceAndReason = std::map<std::pair<std::string, std::string>, std::uint64_t>;

struct DaemonFigures {
    std::string site;
    ShellStats shell;
    std::vector<Component> components;
    http::ServerStats http;
    BySourceAndReason rejected;                           // by the API, before the engine
    std::map<std::string, std::uint64_t> ignored_fields;  // by source
    std::map<std::string, acd::SourceCounts> sources;     // the engine's
    std::uint64_t pages_unacknowledged{0};
};

/// Families in the order of the catalogue, samples in the order of their labels.
[[nodiscard]] std::vector<prometheus::MetricFamily> daemon_metrics(const DaemonFigures& figures);
/// The same as text.
[[nodiscard]] std::string render_daemon(const DaemonFigures& figures);

}  // namespace surged::io::exporter
