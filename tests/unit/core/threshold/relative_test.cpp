#include "unit/core/threshold/drive.hpp"

#include <doctest/doctest.h>

using namespace surged;
using namespace surged::test;
using plan::Relative;

namespace {

const board::Measure offered{board::Kpi::calls_offered, board::Window::m15, {}, {}, {}};

/// calls_offered of 15 minutes as a multiple: IV from 1.5, II from 2.
plan::Condition multiple(Relative relative) {
    plan::Condition condition = leaf_of(offered, {1'500'000, no_rung, 2'000'000, no_rung});
    condition.leaf.ratio_to = relative;
    return condition;
}

TEST_CASE("relative: without a plan of the day no ratio rule fires, and it is said") {
    World world{multiple(Relative::plan)};
    world.set(offered, 500);
    CHECK(world.level() == "none");
    CHECK(!world.last.leading.value);
    CHECK(threshold::lacks_plan(world.condition, world.context()));
    world.condition.during = "season";
    CHECK_MESSAGE(
        !threshold::lacks_plan(world.condition, world.context()),
        "outside the season it is no matter"
    );
}

TEST_CASE("relative: a figure is a multiple of what its own time of the week usually counts") {
    World world{multiple(Relative::profile)};
    world.site.special_days = "holidays";
    expect::Baselines baselines;
    expect::Weeks& weeks = baselines.all[{"sales", expect::learned(offered), ""}].weeks;
    const std::int64_t slot = expect::slot_of(start.time_since_epoch().count() / 1'000'000);
    for (std::int64_t week = 1; week <= 3; ++week)
        for (std::int64_t i = -2; i <= 2; ++i)
            weeks.put(slot + i - week * expect::slots_a_week, 60U);
    world.set(offered, 120);
    threshold::Context where = world.context();
    CHECK_MESSAGE(!threshold::figure_of(world.condition.leaf, where), "nothing is known");
    where.baselines = &baselines;
    CHECK(threshold::figure_of(world.condition.leaf, where)->value() == doctest::Approx(2.0));
    threshold::State state;
    const auto done = threshold::evaluate(world.condition, where, state);
    CHECK(done.level == plan::Level::II);
    CHECK(done.leading.relative == Relative::profile);
    CHECK_MESSAGE(done.wake == start + 10s, "the window moves on each 15 s, and with it the usual");
    const plan::InForce special{"holidays"};
    where.calendars = &special;
    CHECK_MESSAGE(!threshold::figure_of(world.condition.leaf, where), "a special day has no usual");
}

TEST_CASE("relative: an event is compared with its last occurrence times a factor") {
    World world{multiple(Relative::event)};
    world.condition.leaf.event = "sale";
    world.condition.leaf.factor = 1'500'000;
    const std::int64_t now_s = start.time_since_epoch().count() / 1'000'000;
    const std::int64_t begun_s = now_s / 900 * 900 - 3'600;
    world.site.calendars["sale"].spans = {
        {begun_s, begun_s + 86'400}
    };
    expect::Baselines baselines;
    expect::Occasion& occasion =
        baselines.all[{"sales", expect::learned(offered), "sale"}].occasion;
    for (std::int64_t i = 0; i < 96; ++i) occasion.put(1000, 1000 + i, 100U);
    occasion.over();
    world.set(offered, 300);
    threshold::Context where = world.context();
    where.baselines = &baselines;
    CHECK_MESSAGE(!threshold::figure_of(world.condition.leaf, where), "it is not that day");
    const plan::InForce in_force{"sale"};
    where.calendars = &in_force;
    CHECK(threshold::figure_of(world.condition.leaf, where)->value() == doctest::Approx(2.0));
}

TEST_CASE("relative: min_calls of a multiple counts the calls that came, min_count the figure") {
    World world{multiple(Relative::profile)};
    board::Measure complaints{board::Kpi::complaints, board::Window::m15, {}, {}, {}};
    world.condition.leaf.measure = complaints;
    world.condition.leaf.min_calls = 30;
    const auto read = threshold::measures_of(world.condition);
    CHECK(std::count(read.begin(), read.end(), offered) == 1);
    CHECK(std::count(read.begin(), read.end(), expect::learned(complaints)) == 1);
}

TEST_CASE("relative: a change is the figure less what it was, and may fall") {
    plan::Condition condition = leaf_of(load, {-200'000, no_rung, -500'000, no_rung});
    condition.leaf.ladder.below = true;
    condition.leaf.change_over = 10min;
    World world{condition};
    expect::Past past;
    expect::Track& track = past.all[expect::past_key("sales", condition.leaf)];
    const std::int64_t step = expect::step_at(start, 30s);
    track.put(step - 20, {12, 10});
    world.set(load, 9, 10);
    threshold::Context where = world.context();
    where.past = &past;
    threshold::State state;
    auto done = threshold::evaluate(condition, where, state);
    CHECK(done.level == plan::Level::IV);
    CHECK(done.leading.value->value() == doctest::Approx(-0.3));
    CHECK(done.leading.change_over == 10min);
    CHECK_MESSAGE(done.wake == Instant{(step + 1) * Micros{30s}}, "then it is another past");
    where.now += 30s;
    done = threshold::evaluate(condition, where, state);
    CHECK_MESSAGE(!done.leading.value, "what it was then is not known");
}

TEST_CASE("relative: a level outlives its value for as long as it is kept") {
    Run run{pressure_leaf(), {}, {}};
    run.leaf.keep = 20min;
    run.see(start, value(60));
    run.tick(start + 2min);
    REQUIRE(run.state.level == plan::Level::II);
    run.see(start + 3min, no_value);
    run.tick(start + 22min);
    CHECK(run.state.level == plan::Level::II);
    run.tick(start + 33min - 1s);
    CHECK_MESSAGE(run.state.level == plan::Level::II, "kept to 23 min, then 10 min of calm");
    run.tick(start + 33min);
    CHECK(run.state.level == plan::Level::III);
    run.see(start + 34min, value(60));
    CHECK(!run.state.gone_since);
}

}  // namespace
