// surgectl explain: why a plan fires or does not on a queue.
#pragma once

#include "app/cli/common.hpp"
#include "app/cli/manner.hpp"

#include <boost/json/value.hpp>
#include <string>
#include <vector>

namespace surged::app::cli {

struct ExplainOptions {
    std::string plan, queue;
    // Offline: these rules over recorded events, at a moment of them.
    std::string rules, at;
    std::vector<std::string> events;
};
[[nodiscard]] Exit explain(const Globals& globals, const ExplainOptions& options);

/// The answer of GET /api/v1/explain, in words.
[[nodiscard]] std::string explanation_text(const boost::json::value& told, const Manner& manner);

}  // namespace surged::app::cli
