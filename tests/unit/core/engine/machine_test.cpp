#include "core/engine/engine.hpp"
#include "support/engine_driver.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <set>
#include <string>
#include <vector>

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

/// One incident per queue.
EngineDriver many_queues() {
    EngineDriver d;
    plan::RuleSet rules = test::small_center();
    rules.plans["platform-service"].scope = plan::Scope::queue;
    rules.people["wang"].contact.resize(1);
    rules.site.limits.call_ttl = std::chrono::days{30};
    d.load(std::move(rules));
    d.source_up();
    return d;
}

void offered(EngineDriver& d, const std::string& queue, int calls) {
    acd::Batch batch;
    for (int i = 0; i < calls; ++i) {
        const std::string call = fmt::format("{}-{}", queue, i);
        acd::Event e;
        e.type = acd::EventType::offered;
        e.queue = queue;
        e.call = call;
        batch.append(e);
    }
    d.step(engine::Events{std::move(batch)});
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

TEST_CASE("engine: more open incidents than are kept, and one of them ends with its page under way"
) {
    EngineDriver d = many_queues();
    for (int i = 0; i < 1100; ++i) offered(d, fmt::format("q{}", i), 4);
    REQUIRE(d.engine.incidents().size() == 1100);
    const std::string id = d.incident().id;
    d.step(engine::EndIncident{id, "wang", ""});
    CHECK(d.engine.next_wake().has_value());
    CHECK(d.engine.incidents().contains(id));  // readers see that it ended
    d.advance(10min);
    CHECK(d.engine.pages().contains(d.sent()[0].id));
}

TEST_CASE("engine: of many incidents that ended the newest thousand stay") {
    EngineDriver d = many_queues();
    for (int i = 0; i < 1100; ++i) offered(d, fmt::format("q{}", i), 4);
    std::vector<std::string> ids;
    for (const auto& [id, incident] : d.engine.incidents()) ids.push_back(id);
    for (const std::string& id : ids) {
        d.now += Micros{1s};
        d.step(engine::EndIncident{id, "wang", ""});
    }
    CHECK(d.engine.incidents().size() == 1000);
    CHECK_FALSE(d.engine.incidents().contains(ids.front()));
    CHECK(d.engine.incidents().contains(ids.back()));
}

TEST_CASE("time: what is forgotten does not depend on when somebody looks") {
    // 600 incidents, ended ten minutes apart; then a week passes, with looks between or without.
    const auto history = [](bool look) {
        EngineDriver d = many_queues();
        for (int i = 0; i < 600; ++i) offered(d, fmt::format("q{}", i), 4);
        for (const delivery::Page& page : d.sent()) d.step(engine::Acknowledge{page.id, "wang"});
        std::vector<std::string> ids;
        for (const auto& [id, incident] : d.engine.incidents()) ids.push_back(id);
        for (const std::string& id : ids) {
            d.now += Micros{10min};
            d.step(engine::EndIncident{id, "wang", ""});
        }
        for (int i = 0; i < 20 && look; ++i) {
            engine::Input tick;
            tick.instant = d.now + Micros{6h} * (i + 1);
            (void)d.engine.step(tick);
        }
        d.now += Micros{200h};
        d.step(engine::Tick{});
        return d.engine.snapshot();
    };
    CHECK(history(true) == history(false));
}

TEST_CASE("engine: who posts is heard again after our restart") {
    EngineDriver d;
    d.load(test::small_center());
    const auto post = [&](int calls) {
        engine::Input input;
        input.instant = d.now;
        input.source = "local";
        input.actor = {engine::ActorKind::person, "local", "http"};
        acd::Batch batch;
        for (int i = 0; i < calls; ++i) {
            const std::string call = fmt::format("{}-{}", d.now.time_since_epoch().count(), i);
            acd::Event e;
            e.type = acd::EventType::offered;
            e.queue = "sales";
            e.call = call;
            batch.append(e);
        }
        input.body = engine::Events{std::move(batch)};
        return d.engine.step(input);
    };
    post(1);
    d.now += 1min;
    d.step(engine::Restarted{"test"}, "");
    CHECK_FALSE(d.engine.floor().sources().at("local").up);
    d.now += 1s;
    const auto step = post(5);  // level II
    CHECK(d.engine.floor().sources().at("local").up);
    CHECK(d.engine.incidents().size() == 1);
    CHECK(d.engine.pages().size() == 1);
    // A feed with a connection is not up because of what it said before it went down.
    d.source_up();
    d.step(engine::SourceState{false, true, "lost"});
    engine::Input late;
    late.instant = d.now;
    late.source = "pbx";
    late.actor = {engine::ActorKind::source, "pbx", "feed"};
    late.body = engine::Events{};
    (void)d.engine.step(late);
    CHECK_FALSE(d.engine.floor().sources().at("pbx").up);
}

TEST_CASE("engine: an absence beside a figure is judged queue by queue") {
    plan::RuleSet rules = test::small_center();
    plan::Condition absent;
    absent.kind = plan::ConditionKind::absent;
    absent.source = "log";
    absent.level = plan::Level::I;
    plan::Trigger& trigger = rules.plans["platform-service"].triggers[0];
    plan::Condition all;
    all.kind = plan::ConditionKind::all;
    all.members = {trigger.condition, absent};
    trigger.condition = all;
    EngineDriver d;
    d.load(std::move(rules));
    d.source_up();
    d.step(engine::SourceState{true, true, ""}, "log");
    offered(d, "other", 1);
    d.join(4);
    CHECK(d.engine.incidents().empty());
    d.step(engine::SourceState{false, true, "gone"}, "log");
    REQUIRE(d.engine.incidents().size() == 1);
    CHECK(d.incident().queues == std::set<std::string>{"sales"});
    REQUIRE(d.engine.triggers("other").size() == 1);
    CHECK(d.engine.triggers("other")[0].firing == plan::Level::none);
}
