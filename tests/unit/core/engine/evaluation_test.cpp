#include "core/engine/engine.hpp"
#include "support/engine_driver.hpp"

#include <doctest/doctest.h>
#include <set>
#include <string>

using namespace surged;
using plan::Level;
using test::EngineDriver;

TEST_CASE("evaluation: a plan watches the queues it applies to, an override its own") {
    EngineDriver d;
    plan::RuleSet rules = test::small_center();
    plan::Plan& p = rules.plans["platform-service"];
    p.queues = {"sales", "vip-*"};
    plan::Override vip{{"vip-*"}, p.triggers[0].condition.leaf, {}};
    vip.leaf.ladder.at.at(Level::III) = 1'000'000;
    p.triggers[0].condition.overrides.push_back(vip);
    d.load(std::move(rules));
    d.source_up();
    const auto join = [&](const std::string& queue, const std::string& call) {
        acd::Event e;
        e.type = acd::EventType::offered;
        e.queue = queue;
        e.call = call;
        d.event(e);
    };
    for (int i = 0; i < 20; ++i) join("back-office", "b" + std::to_string(i));
    CHECK(d.engine.incidents().empty());
    CHECK(d.engine.triggers("back-office").empty());
    join("vip-1", "v1");
    REQUIRE(d.engine.incidents().size() == 1);
    CHECK(d.incident().level == Level::III);
    CHECK(d.incident().queues == std::set<std::string>{"vip-1"});
    const auto triggers = d.engine.triggers("vip-1");
    REQUIRE(triggers.size() == 1);
    CHECK(triggers[0].value == 1.0);
    CHECK(triggers[0].thresholds.at(Level::III) == 1.0);
    CHECK(triggers[0].firing == Level::III);
}

TEST_CASE("evaluation: a lost feed freezes what it feeds, and its own trigger pages") {
    EngineDriver d;
    plan::RuleSet rules = test::small_center();
    plan::Trigger lost;
    lost.id = "feed-lost";
    lost.condition.kind = plan::ConditionKind::absent;
    lost.condition.source = "pbx";
    lost.condition.hold = 60s;
    lost.condition.level = Level::III;
    rules.plans["platform-service"].triggers.push_back(lost);
    d.load(std::move(rules));
    d.source_up();
    d.join(3);  // IV
    CHECK(d.incident().level == Level::IV);
    d.step(engine::SourceState{false, true, "connection refused"});
    d.advance(59s);
    CHECK(d.sent().empty());
    d.advance(1s);
    REQUIRE(d.sent().size() == 1);
    CHECK(d.sent()[0].content.trigger == "feed-lost");
    d.source_up();
    d.advance(1s);
    CHECK(d.incident().level == Level::IV);  // still waiting, as far as we know
}

TEST_CASE("evaluation: a queue that is gone takes its triggers along") {
    EngineDriver d;
    plan::RuleSet rules = test::small_center();
    rules.site.limits.queue_ttl = Micros{1h};
    d.load(std::move(rules));
    d.source_up();
    d.join(2);
    CHECK(d.engine.triggers("sales").size() == 1);
    d.answer(2);
    acd::Event done;
    done.type = acd::EventType::completed;
    done.queue = "sales";
    done.agent = "1001";
    for (const char* call : {"c-1", "c-2"}) {
        done.call = call;
        d.event(done);
    }
    d.advance(8h);
    CHECK_FALSE(d.engine.board().find("sales").has_value());
    CHECK(d.engine.triggers("sales").empty());
    CHECK(d.incident().phase == incident::Phase::ended);
}
