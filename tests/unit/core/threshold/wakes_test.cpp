#include "core/threshold/wakes.hpp"

#include "unit/core/threshold/drive.hpp"

#include <doctest/doctest.h>

using namespace surged;
using namespace surged::test;

namespace {

std::optional<Instant> wake_of(const World& world, plan::Level level) {
    const threshold::Context where = world.context();
    threshold::Alarm alarm{where};
    threshold::set_wakes(world.condition.leaf, where, level, alarm);
    return alarm.wake();
}

}  // namespace

TEST_CASE("wakes: a wait meets its rungs one after the other, and nothing behind the last") {
    World world{late()};
    CHECK_FALSE(wake_of(world, plan::Level::none));  // nobody waits
    world.view.queue().oldest = start;
    CHECK(wake_of(world, plan::Level::none) == start + 90s);
    world.view.now = start + 90s;
    CHECK(wake_of(world, plan::Level::none) == start + 120s);
    world.view.now = start + 240s;
    CHECK_FALSE(wake_of(world, plan::Level::I));
}

TEST_CASE("wakes: below a rung means a microsecond beyond it") {
    World world{late()};
    world.condition.leaf.ladder.below = true;
    world.view.queue().oldest = start;
    CHECK(wake_of(world, plan::Level::none) == start + 90s + Micros{1});
    // 20 % inside 90 s
    world.view.now = start + 91s;
    CHECK(wake_of(world, plan::Level::IV) == start + 108s);
}

TEST_CASE("wakes: a floor that grows, and a figure that changes by itself") {
    World world{leaf_of(load, {900'000, no_rung, no_rung, no_rung})};
    world.condition.leaf.floors.push_back({longest_wait, 30'000'000});
    world.view.queue().oldest = start;
    CHECK(wake_of(world, plan::Level::none) == start + 30s);
    world.view.queue().later[{load, start + 10s}] = board::Quantity{95, 100};
    CHECK(wake_of(world, plan::Level::none) == start + 10s);
}
