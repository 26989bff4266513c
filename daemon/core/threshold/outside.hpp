// What stands beside the figures: reports of people, alerts of other systems.
#pragma once

#include "base/time.hpp"
#include "core/plan/rules.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace surged::threshold {

/// One report under one plan. It stands until the plan's incident has ended.
struct Reported {
    std::string plan, kind;
    plan::Level level{plan::Level::none};  // none: the trigger's
    std::string text, by;
    Instant at;
    template <class A>
    void fields(A& a) {
        a(plan, kind, level, text, by, at);
    }
    bool operator==(const Reported&) const = default;
};

struct Alerting {
    std::map<std::string, std::string> labels;
    std::string summary;
    Instant since, until;
    template <class A>
    void fields(A& a) {
        a(labels, summary, since, until);
    }
    bool operator==(const Alerting&) const = default;
};

struct Outside {
    std::vector<Reported> reports;           // in the order they came
    std::map<std::string, Alerting> alerts;  // by their labels
    template <class A>
    void fields(A& a) {
        a(reports, alerts);
    }
    bool operator==(const Outside&) const = default;
};

/// The condition's labels are all there, each matching its glob.
[[nodiscard]] bool matches(
    const std::map<std::string, std::string>& wanted,
    const std::map<std::string, std::string>& labels
);
/// The gravest report of these kinds under the plan, the first among equals; nullptr: none.
[[nodiscard]] const Reported* gravest_report(
    const Outside& outside, const plan::Condition& condition, std::string_view plan
);
/// The level it stands for: its own, else the condition's.
[[nodiscard]] plan::Level level_of(const Reported& report, const plan::Condition& condition);
/// The alert that matches the condition's labels since longest; nullptr: none.
[[nodiscard]] const Alerting* oldest_alert(
    const Outside& outside, const plan::Condition& condition
);

}  // namespace surged::threshold
