// What starts a plan, in words for people: the figure with all that narrows it, its thresholds with
// their units, what it is measured against, how long it must hold, and what queues have instead.
#pragma once

#include "core/plan/rules.hpp"

#include <string>
#include <vector>

namespace surged::app::offline {

/// One line for the condition, and one for each override of a figure in it.
[[nodiscard]] std::vector<std::string> trigger_words(
    const plan::Condition& condition, plan::Language language
);

}  // namespace surged::app::offline
