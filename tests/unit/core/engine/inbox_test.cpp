#include "core/engine/engine.hpp"
#include "support/engine_driver.hpp"

#include <doctest/doctest.h>
#include <string>

using namespace surged;
using engine::Verdict;
using incident::Phase;
using plan::ConditionKind;
using plan::Level;
using test::EngineDriver;

namespace {

plan::Trigger trigger_of(std::string id, ConditionKind kind, Level level) {
    plan::Trigger trigger;
    trigger.id = std::move(id);
    trigger.condition.kind = kind;
    trigger.condition.level = level;
    return trigger;
}

EngineDriver center() {
    EngineDriver d;
    plan::RuleSet rules = test::small_center();
    plan::Plan& p = rules.plans["platform-service"];
    plan::Trigger reported = trigger_of("reported", ConditionKind::report, Level::III);
    reported.condition.reports = {"system_fault", "fire"};
    plan::Trigger fault = trigger_of("fault", ConditionKind::alert, Level::II);
    fault.condition.labels = {
        {"service",  "crm*"    },
        {"severity", "critical"}
    };
    p.triggers.push_back(reported);
    p.triggers.push_back(fault);
    p.kinds = {
        {"fire", {"火灾", "fire"}, Level::I}
    };
    d.load(std::move(rules));
    d.source_up();
    return d;
}

engine::Report report_of(std::string kind) {
    engine::Report report;
    report.kind = std::move(kind);
    report.text = "the CRM hangs";
    report.by = "agent 1001";
    return report;
}

engine::Alerts alert_of(std::string service, Micros lasts) {
    return {
        {{{{"alertname", "Down"}, {"service", std::move(service)}, {"severity", "critical"}},
          "CRM is down",
          lasts}}
    };
}

}  // namespace

TEST_CASE("inbox: a report starts the plan at its kind's level, and stands until somebody ends it"
) {
    EngineDriver d = center();
    CHECK(d.step(report_of("flood")).verdict == Verdict::not_found);
    const auto told = d.step(report_of("system_fault"));
    CHECK(told.verdict == Verdict::done);
    REQUIRE(d.engine.incidents().size() == 1);
    CHECK(told.detail == d.incident().id);
    CHECK(d.incident().level == Level::III);
    CHECK(d.incident().kinds.contains("system_fault"));
    CHECK(d.sent()[0].content.title.find("接报") != std::string::npos);
    d.step(report_of("fire"));
    CHECK(d.incident().level == Level::I);
    CHECK(d.engine.incidents().size() == 1);
    d.step(engine::Acknowledge{d.sent_to("wang").id, "wang"});
    for (const delivery::Page& page : d.sent()) d.accept(page);
    d.advance(24h);
    CHECK(d.incident().phase == Phase::activated);
    d.step(engine::EndIncident{d.incident().id, "wang", "put out"});
    CHECK(d.incident().phase == Phase::ended);
    d.advance(1h);
    CHECK(d.engine.incidents().size() == 1);  // the reports ended with it
    d.step(report_of("system_fault"));
    CHECK(d.engine.incidents().size() == 2);
}

TEST_CASE("inbox: a report that several plans know starts the one that leads them, or wants a name"
) {
    EngineDriver d;
    plan::RuleSet rules = test::small_center();
    plan::Plan& p = rules.plans["platform-service"];
    p.triggers = {trigger_of("reported", ConditionKind::report, Level::III)};
    p.triggers[0].condition.reports = {"system_fault"};
    plan::Plan& other = rules.plans["continuity"];
    other = p;
    other.name = "continuity";
    other.source = "P01";
    d.load(rules);
    const auto asked = d.step(report_of("system_fault"));
    CHECK(asked.verdict == Verdict::conflict);
    CHECK(asked.detail == "2 plans know system_fault, so name one: continuity, platform-service");
    CHECK(d.engine.incidents().empty());
    engine::Report named = report_of("system_fault");
    named.plan = "continuity";
    CHECK(d.step(named).verdict == Verdict::done);
    CHECK(d.incident().plan == "continuity");

    EngineDriver led;
    rules.plans["platform-service"].yields_to = {"continuity"};
    led.load(rules);
    CHECK(led.step(report_of("system_fault")).verdict == Verdict::done);
    REQUIRE(led.engine.incidents().size() == 1);
    CHECK(led.incident().plan == "continuity");
}

TEST_CASE("inbox: the first word of the end withdraws a report, and what recovery asks for comes") {
    EngineDriver d;
    plan::RuleSet rules = test::small_center();
    plan::Plan& p = rules.plans["platform-service"];
    p.triggers = {trigger_of("reported", ConditionKind::report, Level::III)};
    p.triggers[0].condition.reports = {"system_fault"};
    plan::StepRule check;
    check.id = "test-calls";
    check.phase = "recover";
    check.team = "leader";
    check.required = true;
    p.steps.push_back(check);
    d.load(std::move(rules));
    d.step(report_of("system_fault"));
    CHECK(d.incident().phase == Phase::activated);
    const auto first = d.step(engine::EndIncident{d.incident().id, "wang", "it works"});
    CHECK(first.verdict == Verdict::conflict);
    CHECK(first.detail == "test-calls must be done before the end, or skipped with a reason");
    CHECK(d.incident().phase == Phase::recovering);
    CHECK(d.incident().tasks.contains("test-calls"));
    d.step(engine::MarkStep{d.incident().id, "test-calls", false, "li", ""});
    CHECK(
        d.step(engine::EndIncident{d.incident().id, "wang", "it works"}).verdict == Verdict::done
    );
    CHECK(d.incident().phase == Phase::ended);
}

TEST_CASE("inbox: a report that only warns leaves the incident reported") {
    EngineDriver d;
    plan::RuleSet rules = test::small_center();
    plan::Plan& p = rules.plans["platform-service"];
    p.triggers = {trigger_of("reported", ConditionKind::report, Level::IV)};
    p.triggers[0].condition.reports = {"rumour"};
    d.load(std::move(rules));
    d.step(report_of("rumour"));
    CHECK(d.incident().phase == Phase::reported);
    CHECK(d.sent().empty());
    CHECK(
        d.step(engine::Decide{d.incident().id, true, "wang", "it is true"}).verdict == Verdict::done
    );
    CHECK(d.incident().phase == Phase::activated);
}

TEST_CASE("inbox: an alert fires while it is sent again, and until it lapses or ends") {
    EngineDriver d = center();
    d.step(alert_of("shop", 5min));
    CHECK(d.engine.incidents().empty());
    d.step(alert_of("crm-db", 5min));
    REQUIRE(d.engine.incidents().size() == 1);
    CHECK(d.incident().level == Level::II);
    CHECK(d.sent()[0].content.title.find("外部告警:CRM is down") != std::string::npos);
    d.advance(4min);
    d.step(alert_of("crm-db", 5min));
    d.advance(4min);
    CHECK_FALSE(d.incident().clear_since.has_value());
    d.advance(1min);
    CHECK(d.incident().clear_since.has_value());
    d.step(alert_of("crm-db", 5min));
    CHECK_FALSE(d.incident().clear_since.has_value());
    d.step(alert_of("crm-db", Micros{0}));
    CHECK(d.incident().clear_since.has_value());
}

TEST_CASE("inbox: thresholds for a while are in force at once, and the written ones come back") {
    EngineDriver d = center();
    d.join(1);
    CHECK(d.engine.incidents().empty());
    engine::Temporary lower{"platform-service", "pressure", "sales", {}, 10min, "wang", "storm"};
    lower.at.at(Level::III) = 0;
    const auto set = d.step(lower);
    CHECK(set.detail == "");
    CHECK(set.verdict == Verdict::done);
    REQUIRE(d.engine.incidents().size() == 1);
    CHECK(d.incident().level == Level::III);
    d.advance(10min);
    for (const engine::TriggerView& view : d.engine.triggers("sales"))
        if (view.trigger == "pressure") CHECK(view.thresholds.at(Level::III) != 0.0);
    d.answer(1);
    d.advance(2h);
    CHECK(d.incident().phase != Phase::activated);

    engine::Temporary wrong = lower;
    wrong.trigger = "nope";
    CHECK(d.step(wrong).verdict == Verdict::not_found);
    wrong = lower;
    wrong.at.at(Level::II) = -1;  // graver, and easier to reach
    CHECK(d.step(wrong).verdict == Verdict::conflict);
    wrong = lower;
    wrong.at = {};
    CHECK(d.step(wrong).verdict == Verdict::not_found);  // none to take back
}

TEST_CASE("inbox: what a lost feed explains is inhibited, and speaks again after it") {
    EngineDriver d;
    plan::RuleSet rules = test::small_center();
    plan::Plan& p = rules.plans["platform-service"];
    plan::Trigger fault = trigger_of("fault", ConditionKind::alert, Level::IV);
    fault.condition.labels = {
        {"service", "*"}
    };
    p.triggers.push_back(fault);
    p.triggers[0].inhibited_by = {"fault"};
    d.load(std::move(rules));
    d.source_up();
    d.step(alert_of("pbx", 5min));
    d.join(4);
    REQUIRE(d.engine.incidents().size() == 1);
    CHECK(d.incident().level == Level::IV);
    CHECK(d.sent().empty());
    d.advance(5min);
    CHECK(d.incident().level >= Level::III);
    CHECK(!d.sent().empty());
}

TEST_CASE("inbox: of two plans for one surge the leading one opens, and the other when that is calm"
) {
    EngineDriver d;
    plan::RuleSet rules = test::small_center();
    plan::Plan season = rules.plans["platform-service"];
    season.name = "peak-service";
    season.source = "P16";
    season.triggers[0].condition.during = "peak-season";
    rules.site.calendars["peak-season"].spans = {
        {0, 1}
    };
    rules.plans["peak-service"] = season;
    rules.plans["platform-service"].yields_to = {"peak-service"};
    const plan::RuleSet ordinary = rules;
    rules.site.calendars["peak-season"].spans = {
        {0, 4'000'000'000}
    };
    d.load(std::move(rules));
    d.source_up();
    d.join(4);
    REQUIRE(d.engine.incidents().size() == 1);
    CHECK(d.incident().plan == "peak-service");
    CHECK(d.sent().size() == 1);
    d.load(ordinary, "h2");  // the season is over
    d.advance(1s);
    bool other = false;
    for (const auto& [id, one] : d.engine.incidents())
        other = other || one.plan == "platform-service";
    CHECK(other);
}

TEST_CASE("inbox: quiet hours hold a mild page until they end") {
    EngineDriver d;
    plan::RuleSet rules = test::small_center();
    plan::Plan& p = rules.plans["platform-service"];
    const std::int64_t begin = 1'795'451'700 + 8 * 3600;
    rules.site.calendars["night"].spans = {
        {begin - 3600, begin + 3600}
    };
    p.quiet = {"night", Level::II};
    d.load(std::move(rules));
    d.source_up();
    d.join(4);
    CHECK(d.incident().phase == Phase::activated);
    CHECK(d.sent().empty());
    CHECK(d.incident().quiet);
    d.advance(1h);
    CHECK(d.sent().size() == 1);
    CHECK_FALSE(d.incident().quiet);
}
