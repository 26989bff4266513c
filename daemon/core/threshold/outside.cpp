#include "core/threshold/outside.hpp"

#include <algorithm>

namespace surged::threshold {

bool matches(
    const std::map<std::string, std::string>& wanted,
    const std::map<std::string, std::string>& labels
) {
    return std::all_of(wanted.begin(), wanted.end(), [&](const auto& one) {
        const auto found = labels.find(one.first);
        return found != labels.end() && plan::glob_matches(one.second, found->second);
    });
}

plan::Level level_of(const Reported& report, const plan::Condition& condition) {
    return report.level == plan::Level::none ? condition.level : report.level;
}

const Reported* gravest_report(
    const Outside& outside, const plan::Condition& condition, std::string_view plan
) {
    const Reported* gravest = nullptr;
    for (const Reported& report : outside.reports) {
        if (report.plan != plan) continue;
        const auto& kinds = condition.reports;
        if (std::find(kinds.begin(), kinds.end(), report.kind) == kinds.end()) continue;
        if (!gravest || level_of(report, condition) > level_of(*gravest, condition))
            gravest = &report;
    }
    return gravest;
}

const Alerting* oldest_alert(const Outside& outside, const plan::Condition& condition) {
    const Alerting* oldest = nullptr;
    for (const auto& [key, alert] : outside.alerts)
        if (matches(condition.labels, alert.labels) && (!oldest || alert.since < oldest->since))
            oldest = &alert;
    return oldest;
}

}  // namespace surged::threshold
