// Two conditions, part by part and queue by queue. For difference.cpp.
#pragma once

#include "core/plan/difference.hpp"

#include <string>
#include <vector>

namespace surged::plan {

/// all(waiting_per_agent, longest_wait)
[[nodiscard]] std::string summary_of(const Condition& condition);

struct Where {
    std::string plan, trigger;
    std::vector<std::string> queues;
};
/// Appends what differs in behaviour.
void compare_conditions(
    const Condition& before, const Condition& after, const Where& where, std::vector<Change>& out
);

}  // namespace surged::plan
