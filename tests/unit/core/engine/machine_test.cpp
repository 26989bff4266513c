#include "core/engine/engine.hpp"
#include "support/engine_driver.hpp"

#include <doctest/doctest.h>
#include <string>

using namespace surged;
using plan::Level;
using test::EngineDriver;

namespace {

EngineDriver center() {
    EngineDriver d;
    d.load(test::small_center());
    d.source_up();
    return d;
}

}  // namespace

TEST_CASE("machine: a reload carries state over by name, and an incident keeps its own rules") {
    EngineDriver d = center();
    d.join(4);
    REQUIRE(d.sent().size() == 1);
    plan::RuleSet stricter = test::small_center();
    stricter.teams["duty"].escalation[1].page = {"boss"};
    stricter.plans["platform-service"].triggers[0].condition.leaf.ladder.at.at(Level::II) =
        4'000'000;
    d.load(std::move(stricter), "h2");
    CHECK(d.engine.rules_hash() == "h2");
    CHECK(d.engine.incidents().size() == 1);
    CHECK(d.incident().level == Level::II);  // the new threshold, at once
    CHECK(d.incident().rules == "h1");
    d.advance(5min);
    CHECK(d.sent_to("boss").id.empty());
    CHECK_FALSE(d.sent_to("li").id.empty());  // the ladder it started with
}

TEST_CASE("machine: a reload without a plan clears what it fired") {
    EngineDriver d = center();
    d.join(4);
    plan::RuleSet none = test::small_center();
    none.plans.clear();
    d.load(std::move(none), "h2");
    CHECK(d.incident().phase == incident::Phase::recovering);
    CHECK(d.engine.triggers().empty());
    d.advance(15min);
    CHECK(d.incident().phase == incident::Phase::ended);
}

TEST_CASE("machine: the same rules again change nothing") {
    EngineDriver d = center();
    d.join(4);
    const std::string before = d.engine.snapshot();
    d.load(test::small_center());
    CHECK(d.engine.snapshot() == before);
}
