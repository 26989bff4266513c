#include "core/threshold/explain.hpp"

#include "drive.hpp"

#include <doctest/doctest.h>

using namespace surged;
using namespace surged::test;
using plan::ConditionKind;
using plan::Level;
using threshold::NodeTold;

namespace {

std::vector<NodeTold> told(const World& world) {
    return threshold::explain(world.condition, world.context(), world.state);
}

}  // namespace

TEST_CASE("explain: a leaf tells its value, its ladder and since when each rung is met") {
    plan::Condition condition;
    condition.leaf = pressure_leaf();
    condition.leaf.floors.push_back({calls_waiting, 5'000'000});
    World world{condition};
    world.set(calls_waiting, 3);
    world.set(waiting_per_agent, 45, 100);
    auto nodes = told(world);
    REQUIRE(nodes.size() == 1);
    CHECK(nodes[0].value == board::Quantity{45, 100});
    CHECK_FALSE(nodes[0].counts);
    REQUIRE(nodes[0].floors.size() == 1);
    CHECK_FALSE(nodes[0].floors[0].met);

    world.set(calls_waiting, 9);
    world.run_for(1min);
    nodes = told(world);
    CHECK(nodes[0].counts);
    CHECK(nodes[0].floors[0].met);
    CHECK(nodes[0].state.over_since.at(Level::III) == start);
    CHECK_FALSE(nodes[0].state.over_since.at(Level::II).has_value());
    CHECK(nodes[0].ladder.at.at(Level::III) == 400'000);
    CHECK(nodes[0].state.level == Level::none);
    world.run_for(1min);
    CHECK(told(world)[0].state.level == Level::III);
}

TEST_CASE("explain: where the thresholds come from: rule, override of a season, a person") {
    plan::Condition condition = pressure();
    plan::Override other;
    other.leaf = condition.leaf;
    other.leaf.ladder.at.of = {600'000, 700'000, 800'000, 900'000};
    other.queues = {"nobody"};
    condition.overrides.push_back(other);
    other.queues = {"sales"};
    other.when = "season";
    condition.overrides.push_back(other);
    World world{condition};
    CHECK(told(world)[0].override_number == 0);
    world.calendars.insert("season");
    CHECK(told(world)[0].override_number == 2);
    CHECK(told(world)[0].ladder.at.at(Level::IV) == 600'000);
    const plan::Ladder set{false, {{std::nullopt, 950'000, std::nullopt, std::nullopt}}};
    auto context = world.context();
    context.temporary = &set;
    const auto nodes = threshold::explain(world.condition, context, world.state);
    CHECK(nodes[0].temporary);
    CHECK(nodes[0].ladder == set);
}

TEST_CASE("explain: members stand under their condition, and sleep with it") {
    plan::Condition all = composed(ConditionKind::all, {pressure(), late()});
    all.during = "season";
    plan::Condition any = composed(ConditionKind::any, {absent(1min, Level::II), all});
    World world{any};
    const auto nodes = told(world);
    REQUIRE(nodes.size() == 5);
    CHECK(nodes[0].depth == 0);
    CHECK(nodes[1].condition->kind == ConditionKind::absent);
    CHECK(nodes[1].silent);
    CHECK(nodes[2].asleep);
    CHECK(nodes[3].depth == 2);
    CHECK(nodes[3].asleep);
    CHECK_FALSE(nodes[1].asleep);
}

TEST_CASE("explain: lost data is told, and a caller who waits too long holds the level up") {
    World world{pressure()};
    world.set(waiting_per_agent, 45, 100);
    world.view.queue().oldest = start - 5min;
    world.touched();
    CHECK(told(world)[0].held_up);
    world.view.queue().live = false;
    CHECK_FALSE(told(world)[0].has_data);
}
