#include "core/threshold/outside.hpp"

#include <doctest/doctest.h>

using namespace surged;
using plan::Level;
using threshold::Outside;

TEST_CASE("outside: an alert matches by all labels of the condition, globs included") {
    const std::map<std::string, std::string> labels{
        {"service",  "crm-db"  },
        {"severity", "critical"}
    };
    CHECK(threshold::matches(
        {
            {"service", "crm*"}
    },
        labels
    ));
    CHECK(threshold::matches({}, labels));
    CHECK_FALSE(threshold::matches(
        {
            {"service", "crm"}
    },
        labels
    ));
    CHECK_FALSE(threshold::matches(
        {
            {"team", "*"}
    },
        labels
    ));
}

TEST_CASE("outside: the gravest report of a plan's kinds speaks, the oldest alert does") {
    Outside outside;
    outside.reports = {
        {"p", "fault", Level::none, "", "a", Instant{1s}},
        {"p", "fire",  Level::I,    "", "b", Instant{2s}},
        {"q", "fault", Level::I,    "", "c", Instant{3s}},
    };
    plan::Condition condition;
    condition.level = Level::III;
    condition.reports = {"fault", "fire"};
    CHECK(threshold::gravest_report(outside, condition, "p")->by == "b");
    condition.reports = {"fault"};
    CHECK(
        threshold::level_of(*threshold::gravest_report(outside, condition, "p"), condition) ==
        Level::III
    );
    CHECK(threshold::gravest_report(outside, condition, "r") == nullptr);

    condition.labels = {
        {"service", "*"}
    };
    CHECK(threshold::oldest_alert(outside, condition) == nullptr);
    outside.alerts["b"] = {{{"service", "b"}}, "", Instant{5s}, Instant{60s}};
    outside.alerts["a"] = {{{"service", "a"}}, "", Instant{9s}, Instant{60s}};
    CHECK(threshold::oldest_alert(outside, condition)->since == Instant{5s});
}
