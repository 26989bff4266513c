// Runs one test of rules on the engine in virtual time, and compares.
#pragma once

#include "config/rule_test.hpp"
#include "core/plan/rules.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace surged::app::offline {

/// One thing that was not as expected.
struct Difference {
    std::string what;  // level, paged, trigger pressure …
    std::string expected, found;
};
/// An expectation that did not hold, or something given that could not be done.
struct Failure {
    config::Place place;
    Micros at{0};
    std::string when;  // local time
    std::vector<Difference> differences;
    std::vector<std::string> context;  // how things stood, line by line
};
struct TestResult {
    std::string name;
    config::Place place;
    std::vector<Failure> failures;
    [[nodiscard]] bool passed() const { return failures.empty(); }
};

/// What tests have reached: levels of triggers, steps that opened.
class Coverage {
public:
    using PlanAndName = std::pair<std::string, std::string>;
    void trigger(const std::string& plan, const std::string& id, plan::Level level);
    void step(const std::string& plan, const std::string& id);
    void add(const Coverage& other);

    struct OfPlan {
        std::string plan;
        std::size_t levels{0}, levels_reached{0}, steps{0}, steps_reached{0};
        std::vector<std::string> missed;  // "trigger late: II, I", "step listen"
    };
    /// One entry a plan, in their order.
    [[nodiscard]] std::vector<OfPlan> against(const plan::RuleSet& rules) const;

private:
    std::map<PlanAndName, std::set<plan::Level>> triggers_;
    std::set<PlanAndName> steps_;
};

/// The levels at which a condition can fire by its own numbers.
[[nodiscard]] std::set<plan::Level> levels_of(const plan::Condition& condition);

/// `source`: which feed the test's figures come from.
[[nodiscard]] TestResult run_test(
    const config::RuleTest& test,
    const std::string& source,
    const plan::Rules& rules,
    Coverage& coverage
);

}  // namespace surged::app::offline
