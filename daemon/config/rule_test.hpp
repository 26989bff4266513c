// Tests of rules, as their YAML says them: what happens at which time, and what must then be so.
#pragma once

#include "base/time.hpp"
#include "config/daemon.hpp"
#include "config/report.hpp"
#include "core/plan/level.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace surged::config {

/// One figure of one queue over time: complaints{topic=delivery} has a name and labels.
struct TestFigure {
    std::string name;
    std::map<std::string, std::string> labels;
    Place at;
    std::vector<std::optional<double>> values;  // one each step; none: as before
};
/// The plan of the day of one queue: contacts expected in each quarter hour.
struct TestPlan {
    std::string queue;
    std::vector<std::optional<double>> values;
};
struct TestSeries {
    std::string queue;
    std::vector<TestFigure> figures;
};

/// Something that happens beside the figures.
struct TestGiven {
    enum class What : std::uint8_t {
        report,
        alert,
        resolved,
        down,
        up,
        event,
        ack,
        activate,
        decline,
        done,
        skip,
        pin,
        end
    };
    Micros at{0};
    Place place;
    What what{What::event};
    std::string word;  // the kind, source, person or step that the key names
    std::string plan, by, why, queue, where;
    plan::Level level{plan::Level::none};
    Micros lasts{0};
    bool refused{false};                        // it must be
    std::map<std::string, std::string> labels;  // of an alert
    /// Of an event: each field with its words; more than one only for a list.
    std::vector<std::pair<std::string, std::vector<std::string>>> fields;
};

template <class T>
struct Wanted {
    T value{};
    Place at;
};
/// What must be so at one time. A part that is not there is not asked for.
struct TestExpect {
    Micros at{0};
    Place place;
    std::string plan;
    std::optional<Wanted<plan::Level>> level;  // none: no incident of the plan stands
    std::optional<Wanted<std::string>> phase;
    std::map<std::string, Wanted<plan::Level>> triggers;
    std::map<std::string, Wanted<std::string>> steps;  // open, done, skipped, overdue, none
    std::optional<Wanted<std::vector<std::string>>> paged, chased, standing;
    std::optional<Wanted<std::string>> queue;
};

struct RuleTest {
    std::string name;
    Place place;
    std::int64_t start_s{0};  // local seconds, as plan::local_seconds has them
    Micros every{60s};        // a step of the series
    std::string plan;
    std::vector<TestSeries> series;
    std::vector<TestPlan> planned;
    std::map<std::string, std::int32_t> lines;  // in place of what the site says
    std::vector<TestGiven> given;               // by time
    std::vector<TestExpect> expect;             // by time
};
struct RuleTests {
    std::string file;
    std::string rules;   // folder, absolute
    std::string source;  // which feed the queues have
    std::vector<RuleTest> tests;
};

[[nodiscard]] tl::expected<RuleTests, Diagnostics> load_rule_tests(const std::string& file);
/// Plans, triggers, steps, kinds and people that the tests name and the rules do not have.
[[nodiscard]] Diagnostics check_names(const RuleTests& tests, const plan::RuleSet& rules);

/// The figures that a series can give by themselves; any other word that is no KPI is a gauge.
[[nodiscard]] bool is_test_figure(std::string_view name);

/// 2026-11-11 or 2026-11-11 20:05 as local seconds; nullopt if it is neither.
[[nodiscard]] std::optional<std::int64_t> parse_moment(std::string_view text);

}  // namespace surged::config
