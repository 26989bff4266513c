// surgectl explain: why a plan fires or does not on a queue.
#pragma once

#include "app/cli/common.hpp"
#include "core/plan/level.hpp"

#include <boost/json/value.hpp>
#include <string>
#include <vector>

namespace surged::app::cli {

struct ExplainOptions {
    std::string plan, queue, language;
    // Offline: these rules over recorded events, at a moment of them.
    std::string rules, at;
    std::vector<std::string> events;
};
[[nodiscard]] Exit explain(const Globals& globals, const ExplainOptions& options);

/// The answer of GET /api/v1/explain, in words.
[[nodiscard]] std::string explanation_text(const boost::json::value& told, plan::Language language);

}  // namespace surged::app::cli
