#include "core/threshold/evaluate.hpp"
#include "unit/core/threshold/drive.hpp"

#include <doctest/doctest.h>

using namespace surged;
using namespace surged::test;
using plan::ConditionKind;
using plan::Level;

TEST_CASE("threshold: a leaf is steady while its value stays over the same rungs") {
    World world{pressure()};
    const auto steady = [&] {
        return threshold::steady(world.condition, world.context(), world.state);
    };
    const auto stays = [&] { return threshold::stays(steady(), world.context(), world.state); };
    CHECK(steady().leaf == &world.condition.leaf);
    world.set(waiting_per_agent, 29, 100);
    CHECK(stays());
    world.view.set(waiting_per_agent, 30, 100);
    CHECK_FALSE(stays());
    world.touched();
    CHECK(world.level() == "IV");
    CHECK(steady().level == plan::Level::IV);
    world.view.set(waiting_per_agent, 31, 100);
    CHECK(stays());
    world.view.set(waiting_per_agent, 29, 100);
    CHECK_FALSE(stays());  // no more over the rung, though not inside
    world.touched();
    CHECK(world.level() == "IV");
    CHECK(stays());
    world.set(waiting_per_agent, 0);
    CHECK(steady().leaf == nullptr);  // it comes down
    world.run_for(5min);
    CHECK(world.level() == "none");
    CHECK(stays());
    world.condition.leaf.hold.of = {60s, 60s, 60s, 60s};
    world.set(waiting_per_agent, 30, 100);
    CHECK(world.level() == "none");
    CHECK(stays()->wake == world.last.wake);  // its hold runs
    world.view.now += 60s;
    CHECK_FALSE(stays());
    world.set(waiting_per_agent, 0);
    CHECK(steady().leaf != nullptr);
    world.condition.during = "sale";  // not in force
    CHECK(steady().leaf == nullptr);
}

TEST_CASE("threshold: what is composed of steady leaves stays as it is") {
    World world{composed(ConditionKind::all, {pressure(), late()})};
    const auto stays = [&] {
        return threshold::all_stay(world.condition, world.context(), world.state);
    };
    CHECK(stays());
    world.set(waiting_per_agent, 60, 100);  // one of two: nothing fires, and it is steady
    CHECK(world.level() == "none");
    CHECK(stays());
    world.view.queue().oldest = world.view.now;
    world.touched();
    CHECK(stays()->wake == world.view.now + 90s);
    world.view.now += 90s;
    CHECK_FALSE(stays());
    world.touched();
    CHECK(world.level() == "IV");
    CHECK(stays()->level == Level::IV);
    world.view.set(waiting_per_agent, 0);
    CHECK_FALSE(stays());
    world.condition.members.pop_back();
    CHECK_FALSE(stays());  // what it remembers is of another condition
    CHECK_FALSE(threshold::all_stay(pressure(), world.context(), world.state));  // see stays()
}

TEST_CASE("threshold: a member outside its calendar stays asleep") {
    World world{composed(ConditionKind::any, {pressure(), late()})};
    world.condition.members.front().during = "sale";
    world.set(waiting_per_agent, 60, 100);
    CHECK(world.level() == "none");
    CHECK(threshold::all_stay(world.condition, world.context(), world.state));
    world.calendars = {"sale"};
    CHECK_FALSE(threshold::all_stay(world.condition, world.context(), world.state));
}
