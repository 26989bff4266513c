#include "core/engine/explanation.hpp"
#include "support/engine_driver.hpp"

#include <doctest/doctest.h>

using namespace surged;
using plan::Level;
using test::EngineDriver;

namespace {

engine::Explanation told(const EngineDriver& d, const std::string& plan = "platform-service") {
    auto found = d.engine.explain(plan, "sales");
    REQUIRE(found.has_value());
    return *found;
}

}  // namespace

TEST_CASE("explain: a plan that fires names its incident; one that is not there is nothing") {
    EngineDriver d;
    d.load(test::small_center());
    d.source_up();
    d.join(1);
    CHECK(told(d).firing == Level::none);
    CHECK(told(d).known);
    CHECK(told(d).watched);
    d.join(3);
    CHECK(told(d).firing == Level::III);
    CHECK(told(d).incident == d.incident().id);
    REQUIRE(told(d).triggers.size() == 1);
    CHECK(told(d).triggers[0].nodes.size() == 1);
    CHECK_FALSE(d.engine.explain("nothing", "sales").has_value());
    CHECK_FALSE(d.engine.explain("platform-service", "elsewhere")->known);
}

TEST_CASE("explain: ended by hand, nothing opens up to that level, and it says so") {
    EngineDriver d;
    d.load(test::small_center());
    d.source_up();
    d.join(4);
    d.step(engine::EndIncident{d.incident().id, "wang", "test"});
    CHECK(told(d).firing == Level::III);
    CHECK(told(d).ended_at == Level::III);
    CHECK(told(d).incident.empty());
}

TEST_CASE("explain: who leads, who yields, and what mutes a trigger") {
    EngineDriver d;
    plan::RuleSet rules = test::small_center();
    plan::Plan other = rules.plans["platform-service"];
    other.name = "peak";
    other.source = "P16";
    rules.plans["platform-service"].yields_to = {"peak"};
    rules.plans["peak"] = other;
    d.load(rules);
    d.source_up();
    d.join(4);
    const auto led = told(d);
    CHECK(led.led_by == "peak");
    CHECK(led.incident.empty());
    REQUIRE(led.yields_to.size() == 1);
    CHECK(led.yields_to[0].plan == "peak");
    CHECK(led.yields_to[0].level == Level::III);
    const auto leads = told(d, "peak");
    CHECK(leads.led_by.empty());
    REQUIRE(leads.led.size() == 1);
    CHECK(leads.led[0].plan == "platform-service");

    rules.plans["peak"].triggers[0].inhibited_by = {"platform-service/pressure"};
    d.load(rules, "h2");
    d.join(1);
    const auto muted = told(d, "peak");
    REQUIRE(muted.triggers.size() == 1);
    CHECK(muted.triggers[0].muted_by == std::vector<std::string>{"platform-service/pressure"});
    CHECK(muted.firing == Level::none);
}

TEST_CASE("explain: thresholds that a person set are listed with what is left of them") {
    EngineDriver d;
    d.load(test::small_center());
    d.source_up();
    d.join(1);
    engine::Temporary set;
    set.plan = "platform-service";
    set.trigger = "pressure";
    set.at.at(Level::III) = 8'000'000;
    set.lasts = 1h;
    set.by = "wang";
    set.why = "ads";
    d.step(set);
    d.advance(20min);
    REQUIRE(d.engine.temporaries().size() == 1);
    CHECK(d.engine.temporaries()[0].lasts == 40min);
    const auto trigger = told(d).triggers.at(0);
    REQUIRE(trigger.temporary.has_value());
    CHECK(trigger.temporary->why == "ads");
    CHECK(trigger.nodes.at(0).temporary);
    d.advance(41min);
    CHECK(d.engine.temporaries().empty());
    CHECK_FALSE(told(d).triggers.at(0).temporary.has_value());
}
