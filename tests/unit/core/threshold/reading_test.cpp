#include "unit/core/threshold/drive.hpp"

#include <doctest/doctest.h>

using namespace surged;
using namespace surged::test;
using plan::Condition;
using plan::ConditionKind;
using plan::Level;

TEST_CASE("reading: what speaks without a figure says so in a word of ours and its own") {
    Condition rule;
    rule.kind = ConditionKind::calendar;
    rule.calendar = "double-11";
    rule.level = Level::III;
    World date{rule};
    CHECK(threshold::read(rule, date.context()).told == "date double-11");

    rule.kind = ConditionKind::report;
    rule.reports = {"fire"};
    World report{rule};
    CHECK(threshold::read(rule, report.context()).told.empty());
    report.outside.reports = {
        {"p", "fire", Level::I, "floor 3", "li", start}
    };
    CHECK(threshold::read(rule, report.context()).told == "report fire: floor 3");
    report.touched();
    CHECK(report.level() == "I");

    rule.kind = ConditionKind::alert;
    rule.labels = {
        {"service", "crm"}
    };
    World alert{rule};
    alert.outside.alerts["x"] = {
        {{"alertname", "Down"}, {"service", "crm"}},
        "", start, start + 60s
    };
    CHECK(threshold::read(rule, alert.context()).told == "alert Down");
    alert.touched();
    CHECK(alert.level() == "III");
}
