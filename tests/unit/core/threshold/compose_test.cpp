#include "unit/core/threshold/drive.hpp"

#include <doctest/doctest.h>
#include <string>

using namespace surged;
using namespace surged::test;
using board::Kpi;
using plan::Condition;
using plan::ConditionKind;
using plan::Level;

TEST_CASE("threshold: all takes the mildest level, any the gravest") {
    struct Row {
        std::int64_t load, wait;  // percent, seconds
        const char *all, *any;
        Kpi leads_all, leads_any;
    };
    const Row rows[] = {
        {100, 0,   "none", "none", Kpi::load_ratio,   Kpi::load_ratio  },
        {200, 0,   "none", "I",    Kpi::longest_wait, Kpi::load_ratio  },
        {150, 120, "III",  "II",   Kpi::longest_wait, Kpi::load_ratio  },
        {120, 240, "IV",   "I",    Kpi::load_ratio,   Kpi::longest_wait},
        {150, 180, "II",   "II",   Kpi::load_ratio,   Kpi::load_ratio  },
    };
    const Condition by_load = leaf_of(load, {1'200'000, 1'300'000, 1'500'000, 2'000'000});
    for (const Row& row : rows) {
        CAPTURE(row.load);
        CAPTURE(row.wait);
        World all{composed(ConditionKind::all, {by_load, late()})};
        World any{composed(ConditionKind::any, {by_load, late()})};
        for (World* world : {&all, &any}) {
            world->view.queue().oldest = start - Seconds{row.wait};
            world->touched();
            world->set(load, row.load, 100);
        }
        CHECK(all.level() == row.all);
        CHECK(any.level() == row.any);
        CHECK(all.last.leading.measure.kpi == row.leads_all);
        CHECK(any.last.leading.measure.kpi == row.leads_any);
        CHECK(threshold::read(all.condition, all.context()).measure.kpi == row.leads_all);
        CHECK(threshold::read(any.condition, any.context()).measure.kpi == row.leads_any);
    }
}

TEST_CASE("threshold: all has been met since its last member was, any since its first") {
    const Condition by_load = leaf_of(load, {no_rung, 1'300'000, no_rung, no_rung});
    World all{composed(ConditionKind::all, {by_load, pressure()})};
    World any{composed(ConditionKind::any, {by_load, pressure()})};
    for (World* world : {&all, &any}) {
        world->set(load, 2, 1);
        world->run_for(30s);
        world->set(waiting_per_agent, 40, 100);
        CHECK(world->level() == "III");
    }
    CHECK(all.last.leading_since == start + 30s);
    CHECK(any.last.leading_since == start);
}

TEST_CASE("threshold: a level without a rung in one member is met with the next graver") {
    World world{composed(
        ConditionKind::all, {leaf_of(load, {no_rung, no_rung, 1'500'000, no_rung}), pressure()}
    )};
    world.set(load, 2, 1);
    world.set(waiting_per_agent, 40, 100);
    CHECK(world.level() == "III");
    CHECK(world.last.leading_since == start);
}

TEST_CASE("threshold: not fires while its member does not") {
    Condition rule = composed(ConditionKind::not_, {pressure()});
    rule.level = Level::III;
    World world{rule};
    CHECK(world.level() == "III");  // live and no value: the member does not fire
    world.set(waiting_per_agent, 30, 100);
    CHECK(world.level() == "none");
    world.set(waiting_per_agent, 0);
    world.run_for(60s);
    CHECK(world.level() == "III");
}

TEST_CASE("threshold: a silent source, then graver, and over at once") {
    Condition rule = absent(60s, Level::III);
    rule.then_after = 5min;
    rule.then_level = Level::II;
    World world{rule};  // never up counts from when the rule first looks
    CHECK(world.last.wake == start + 60s);
    CHECK(world.last.leading.source == "acd-1");
    world.run_for(30s);
    world.sources["acd-1"].up = true;
    world.touched();
    CHECK_FALSE(world.last.wake.has_value());
    world.run_for(1h);
    world.sources["acd-1"].up = false;
    world.touched();
    const Instant down = world.view.now;
    world.run_to(down + 60s - 1us);
    CHECK(world.level() == "none");
    world.run_to(down + 60s);
    CHECK(world.level() == "III");
    CHECK(world.last.leading_since == down);
    world.run_to(down + 6min - 1us);
    CHECK(world.level() == "III");
    world.run_to(down + 6min);
    CHECK(world.level() == "II");
    CHECK_FALSE(world.last.wake.has_value());
    world.sources["acd-1"].up = true;
    world.touched();
    CHECK(world.level() == "none");
}

TEST_CASE("threshold: a silent source is told from the board's data") {
    World world{composed(ConditionKind::any, {absent(0s, Level::II), pressure()})};
    world.view.queue().live = false;
    world.touched();
    CHECK(world.level() == "II");
    CHECK(world.last.leading.source == "acd-1");
    CHECK(threshold::read(world.condition, world.context()).source == "acd-1");
}

TEST_CASE("threshold: not does not fire where no data was ever seen") {
    Condition rule = composed(ConditionKind::not_, {pressure()});
    rule.level = Level::III;
    World world{rule};
    world.state = {};
    world.view.queue().live = false;
    world.touched();
    CHECK(world.level() == "none");
    world.view.queue().live = true;
    world.touched();
    CHECK(world.level() == "III");
}

TEST_CASE("threshold: any has not been met by a member that still has to hold") {
    Condition slow = leaf_of(load, {no_rung, no_rung, 1'300'000, no_rung});
    slow.leaf.hold.at(Level::II) = 10min;
    World world{composed(ConditionKind::any, {slow, pressure()})};
    world.set(load, 2, 1);
    world.run_for(30s);
    world.set(waiting_per_agent, 50, 100);
    CHECK(world.level() == "II");
    CHECK(world.last.leading_since == start + 30s);
}
