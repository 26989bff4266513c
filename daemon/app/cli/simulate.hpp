// surgectl simulate: a call centre that does not exist, for demos and tests.
#pragma once

#include "app/cli/common.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace surged::app::cli {

struct SimulateOptions {
    std::string scenario{"normal"};
    std::uint64_t seed{1};
    std::optional<std::uint32_t> agents;  // none: the scenario's
    std::vector<std::string> queues;
    std::string duration;  // "10m"; empty: no end, or of a file the scenario's
    double speed{1};
    std::string to;      // a file of events; "-" is standard output
    bool ndjson{false};  // to standard output
    std::string start;  // RFC 3339: the first instant of such a file; empty: the scenario's, or now
    std::string as_ami;  // HOST:PORT
    std::string user{"surged"};
    std::string secret_file;
    bool wait{false};
    std::string linger;
    std::string summary;  // a file for the true counts
};

/// Without `to` and `as_ami` it posts to the HTTP API at the global --url.
[[nodiscard]] Exit simulate(const Globals& globals, const SimulateOptions& options);

}  // namespace surged::app::cli
