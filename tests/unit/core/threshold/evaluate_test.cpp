#include "core/threshold/evaluate.hpp"

#include "base/codec.hpp"
#include "unit/core/threshold/drive.hpp"

#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace surged;
using namespace surged::test;
using board::Kpi;
using board::Measure;
using board::Window;
using plan::Condition;
using plan::ConditionKind;
using plan::Level;

TEST_CASE("threshold: floors and minimums not met are no value") {
    Condition rule = pressure();
    rule.leaf.floors = {
        {calls_waiting, 5'000'000}
    };
    rule.leaf.min_calls = 30;
    struct Row {
        std::int64_t waiting;
        std::uint64_t base;
        const char* level;
    };
    const Row rows[] = {
        {4,   30,  "none"},
        {5,   29,  "none"},
        {5,   30,  "II"  },
        {900, 900, "II"  }
    };
    for (const Row& row : rows) {
        CAPTURE(row.waiting);
        CAPTURE(row.base);
        World world{rule};
        world.view.queue().bases[waiting_per_agent] = row.base;
        world.view.set(calls_waiting, row.waiting);
        world.set(waiting_per_agent, 50, 100);
        CHECK(world.level() == row.level);
    }
}

TEST_CASE("threshold: a floor without a value is not met, and a firing leaf clears under its floor"
) {
    Condition rule = pressure();
    rule.leaf.floors = {
        {calls_waiting, 5'000'000}
    };
    World world{rule};
    world.set(waiting_per_agent, 50, 100);
    CHECK(world.level() == "none");
    world.set(calls_waiting, 5);
    CHECK(world.level() == "II");
    world.set(calls_waiting, 4);
    CHECK(world.level() == "II");
    world.run_for(60s);
    CHECK(world.level() == "III");
    world.run_for(120s);
    CHECK(world.level() == "none");
}

TEST_CASE("threshold: min_count compares the count itself") {
    const Measure complaints{Kpi::complaints, Window::m60, {}, {}, {}};
    Condition rule = leaf_of(complaints, {no_rung, 3'000'000, no_rung, no_rung});
    rule.leaf.min_count = 15;
    World world{rule};
    world.view.queue().bases[complaints] = 14;
    world.set(complaints, 14);
    CHECK(world.level() == "none");
    world.view.queue().bases[complaints] = 15;
    world.set(complaints, 15);
    CHECK(world.level() == "III");
}

TEST_CASE("threshold: a longest wait crosses at its own microsecond") {
    Condition rule = late();
    rule.leaf.hold.of = {60s, 60s, 60s, 60s};
    World world{rule};
    CHECK_FALSE(world.last.wake.has_value());
    world.view.queue().oldest = start - 7us;
    world.touched();
    REQUIRE(world.last.wake.has_value());
    CHECK(*world.last.wake == start + 90s - 7us);
    world.run_to(start + 150s - 8us);
    CHECK(world.level() == "none");
    world.run_to(start + 150s - 7us);
    CHECK(world.level() == "IV");
    CHECK(world.last.leading_since == start + 90s - 7us);
    world.run_to(start + 180s - 7us);
    CHECK(world.level() == "III");
    world.run_to(start + 300s);
    CHECK(world.level() == "I");
    CHECK(world.state.since == start + 300s - 7us);
    CHECK(world.last.leading_since == start + 240s - 7us);
}

TEST_CASE("threshold: a longest wait that grows past the clear threshold is out at that instant") {
    Condition rule = late();
    rule.leaf.ladder.at.of = {no_rung, 120'000'000, no_rung, no_rung};
    World world{rule};
    world.view.queue().target = 1h;  // no guard
    world.view.queue().oldest = start - 120s;
    world.touched();
    CHECK(world.level() == "III");
    world.view.queue().oldest = start - 90s;  // inside: the clear threshold is 96 s
    world.touched();
    REQUIRE(world.last.wake.has_value());
    CHECK(*world.last.wake == start + 6s + 1us);
    world.run_to(start + 6s + 1us);
    world.view.queue().oldest = world.view.now;
    world.touched();
    world.run_for(60s - 1us);
    CHECK(world.level() == "III");  // the 60 s started again
    world.run_for(1us);
    CHECK(world.level() == "none");
}

TEST_CASE("threshold: the longest wait of a class is awaited from its own value") {
    Measure vip = longest_wait;
    vip.klass = "vip";
    World world{leaf_of(vip, {no_rung, no_rung, 60'000'000, no_rung})};
    world.view.queue().oldest = start - 50s;  // of another class
    world.set(vip, 10'000'001, 1'000'000);
    REQUIRE(world.last.wake.has_value());
    CHECK(*world.last.wake == start + 50s - 1us);
}

TEST_CASE("threshold: a floor on the longest wait opens at its own microsecond") {
    Condition rule = pressure();
    rule.leaf.floors = {
        {longest_wait, 30'000'000}
    };
    World world{rule};
    world.view.queue().oldest = start;
    world.set(waiting_per_agent, 50, 100);
    world.run_for(30s - 1us);
    CHECK(world.level() == "none");
    world.run_for(1us);
    CHECK(world.level() == "II");
}

TEST_CASE("threshold: nothing clears while a caller has waited longer than T, any figure") {
    World world{pressure()};
    world.set(waiting_per_agent, 30, 100);
    world.view.queue().oldest = start;
    world.set(waiting_per_agent, 0, 100);
    world.run_for(20s);  // exactly T is within T
    world.run_for(40s);
    CHECK(world.level() == "IV");
    world.run_for(1h);
    CHECK(world.level() == "IV");
    CHECK_FALSE(world.last.wake.has_value());  // only the caller can change it
    world.view.queue().oldest = world.view.now - 20s;
    world.touched();
    CHECK(world.level() == "none");
}

TEST_CASE("threshold: a window running out is a wake") {
    World world{leaf_of(load, {no_rung, 1'300'000, no_rung, no_rung})};
    world.view.queue().later[{load, start + 15s}] = board::Quantity{13, 10};
    world.view.queue().later[{load, start + 30s}] = std::nullopt;
    world.set(load, 1, 1);
    CHECK(world.last.wake == start + 15s);
    world.run_to(start + 15s);
    CHECK(world.level() == "III");
    world.run_to(start + 90s - 1us);
    CHECK(world.level() == "III");  // no value: inside since 30 s
    world.run_to(start + 90s);
    CHECK(world.level() == "none");
}

TEST_CASE("threshold: nothing is awaited of a queue without data") {
    World world{late()};
    world.view.queue().oldest = start;
    world.touched();
    CHECK(world.last.wake == start + 90s);
    world.view.queue().live = false;
    world.touched();
    CHECK_FALSE(world.last.wake.has_value());
}

TEST_CASE("threshold: lost data is not zero calls") {
    Condition rule = pressure();
    Condition calm = composed(ConditionKind::not_, {pressure()});
    calm.level = Level::III;
    rule.leaf.hold.at(Level::I) = 60s;
    World world{composed(ConditionKind::any, {rule, calm})};
    world.set(waiting_per_agent, 90, 100);
    CHECK(world.level() == "II");
    world.view.queue().live = false;
    world.touched();
    CHECK_FALSE(world.last.wake.has_value());
    world.run_for(10h);
    world.touched();
    CHECK(world.level() == "II");
    CHECK(world.state.nodes[2].level == Level::none);  // the not did not start to fire
    CHECK_FALSE(world.last.leading.value.has_value());
    world.view.queue().live = true;
    world.set(waiting_per_agent, 90, 100);
    world.run_for(60s - 1us);
    CHECK(world.level() == "II");
    world.run_for(1us);
    CHECK(world.level() == "I");
}

TEST_CASE("threshold: an override is in force for its queues") {
    Condition rule = pressure();
    rule.overrides = {
        {{"vip-*"},   rule.leaf, {}},
        {{"*-night"}, rule.leaf, {}}
    };
    rule.overrides[0].leaf.ladder.at.of = {no_rung, 100'000, no_rung, no_rung};
    rule.overrides[1].leaf.ladder.at.of = {no_rung, no_rung, 100'000, no_rung};
    struct Row {
        const char *queue, *level;
    };
    const Row rows[] = {
        {"sales",     "none"},
        {"vip-1",     "III" },
        {"vip-night", "II"  }
    };
    for (const Row& row : rows) {
        CAPTURE(row.queue);
        World world{rule};
        world.view.queue().name = row.queue;
        world.set(waiting_per_agent, 10, 100);
        CHECK(world.level() == row.level);
    }
}

TEST_CASE("threshold: state outlives a reload with as many nodes, and else starts afresh") {
    World world{pressure()};
    world.set(waiting_per_agent, 50, 100);
    CHECK(world.level() == "II");
    world.condition.leaf.ladder.at.at(Level::II) = 600'000;
    world.touched();
    CHECK(world.level() == "II");  // not inside yet, by the new ladder
    world.condition = composed(ConditionKind::any, {world.condition, late()});
    world.touched();
    CHECK(world.state.nodes.size() == 3);
    CHECK(world.level() == "III");
}

TEST_CASE("threshold: what the leading figure reads") {
    World world{pressure()};
    world.set(waiting_per_agent, 10, 100);
    CHECK(world.last.leading.threshold == 300'000);
    CHECK_FALSE(world.last.leading_since.has_value());
    world.set(waiting_per_agent, 55, 100);
    CHECK(world.last.leading.value == board::Quantity{55, 100});
    CHECK(world.last.leading.threshold == 500'000);
    CHECK(world.last.leading.thresholds == world.condition.leaf.ladder.at);
    CHECK(threshold::read(world.condition, world.context()) == world.last.leading);
    world.set(waiting_per_agent, 45, 100);  // between: fires, and is not met any more
    CHECK(world.level() == "II");
    CHECK_FALSE(world.last.leading_since.has_value());
}

TEST_CASE("threshold: a calendar switches the ladder, and puts a condition to sleep") {
    Condition rule = pressure();
    rule.overrides = {
        {{}, rule.leaf, "peak-season"}
    };
    rule.overrides[0].leaf.ladder.at.of = {no_rung, no_rung, 9'000'000, no_rung};
    rule.during = "opening-hours";
    World world{rule};
    world.set(waiting_per_agent, 8, 10);
    CHECK(world.level() == "none");  // closed
    world.calendars = {"opening-hours"};
    world.touched();
    CHECK(world.level() != "none");
    world.calendars = {"opening-hours", "peak-season"};
    CHECK(threshold::read(rule, world.context()).thresholds.at(Level::II) == 9'000'000);
    world.calendars = {};
    world.touched();
    CHECK(world.level() == "none");  // at once, and nothing is remembered
    CHECK(world.state.nodes[0] == threshold::LeafState{});
}

TEST_CASE("threshold: a date starts at its level, and at IV so long before") {
    Condition rule;
    rule.kind = plan::ConditionKind::calendar;
    rule.calendar = "double-11";
    rule.level = Level::III;
    rule.lead = 24h;
    World world{rule};
    const Wall now = to_wall(start, Micros{0});
    const std::int64_t begin_s = now.us / 1'000'000 + 2 * 86'400;
    world.site.calendars["double-11"].spans = {
        {begin_s, begin_s + 3600}
    };
    world.touched();
    CHECK(world.level() == "none");
    world.run_for(24h);
    CHECK(world.level() == "IV");
    world.run_for(24h);
    world.calendars = {"double-11"};
    world.touched();
    CHECK(world.level() == "III");
}

TEST_CASE("threshold: measures of a condition, with floors and overrides, each once") {
    Condition rule = pressure();
    rule.leaf.floors = {
        {calls_waiting, 5'000'000}
    };
    rule.overrides = {
        {{"vip"}, leaf_of(load, {}).leaf, {}}
    };
    const auto all = threshold::measures_of(
        composed(ConditionKind::any, {rule, pressure(), absent(60s, Level::III)})
    );
    CHECK(all == std::vector<Measure>{calls_waiting, longest_wait, waiting_per_agent, load});
}

TEST_CASE("threshold: state survives its bytes") {
    World world{composed(ConditionKind::any, {pressure(), absent(60s, Level::III)})};
    world.set(waiting_per_agent, 50, 100);
    const auto back = codec::decode<threshold::State>(codec::encode(world.state));
    REQUIRE(back.has_value());
    CHECK(*back == world.state);
}
