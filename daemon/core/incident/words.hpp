// Phases, entries of a timeline, states of steps and pages, as people read them.
#pragma once

#include "core/plan/level.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace surged::incident {

enum class Term : std::uint8_t { phase, entry, step, page };

/// What a name of the API and the log ("step_overdue") is called: 步骤超时; step overdue. A name
/// that is not known is given back.
[[nodiscard]] std::string said(Term term, std::string_view name, plan::Language language);

}  // namespace surged::incident
