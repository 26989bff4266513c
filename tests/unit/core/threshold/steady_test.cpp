#include "base/random.hpp"
#include "core/threshold/evaluate.hpp"
#include "unit/core/threshold/drive.hpp"

#include <cmath>
#include <doctest/doctest.h>
#include <limits>

using namespace surged;
using namespace surged::test;
using plan::ConditionKind;
using plan::Level;

namespace {

bool all_stay(
    World& world, std::optional<Instant>* wake, board::Changes changed = board::changes::all
) {
    const auto reads = threshold::node_reads(world.condition);
    return threshold::all_stay(
        world.condition, world.context(), world.state, {changed, reads}, wake
    );
}

}  // namespace

TEST_CASE("threshold: a leaf is steady while its value stays over the same rungs") {
    World world{pressure()};
    const auto steady = [&] {
        return threshold::steady(world.condition, world.context(), world.state);
    };
    std::optional<Instant> wake;
    const auto stays = [&] {
        return threshold::stays(steady(), world.context(), world.state, &wake);
    };
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
    CHECK(steady().comes_down);
    CHECK(stays());
    CHECK(wake == world.view.now + 60s);  // when it has been inside long enough
    world.run_for(5min);
    CHECK(world.level() == "none");
    CHECK(stays());
    world.condition.leaf.hold.of = {60s, 60s, 60s, 60s};
    world.set(waiting_per_agent, 30, 100);
    CHECK(world.level() == "none");
    CHECK(stays());
    CHECK(wake == world.last.wake);  // its hold runs
    world.view.now += 60s;
    CHECK_FALSE(stays());
    world.set(waiting_per_agent, 0);
    CHECK(steady().leaf != nullptr);
    world.condition.during = "sale";  // not in force
    CHECK(steady().leaf == nullptr);
}

TEST_CASE("threshold: a value well between its thresholds is told without its rungs") {
    const board::Measure lines{board::Kpi::gauge, board::Window::now, "lines", {}, {}};
    for (const bool below : {false, true}) {
        CAPTURE(below);
        World world{leaf_of(lines, {300'000, 400'000, 500'000, 800'000})};
        world.condition.leaf.ladder.below = below;
        world.condition.leaf.clear.margin = 100'000;
        const double sign = below ? -1 : 1;
        if (below)
            for (auto& at : world.condition.leaf.ladder.at.of) at = -*at;
        const auto steady = [&] {
            return threshold::steady(world.condition, world.context(), world.state);
        };
        const auto between = [&](double low, double high) {
            const auto now = steady();
            const auto near = [](double a, double b) { return std::abs(a - b) < 3; };
            return near(now.low, below ? -high : low) && near(now.high, below ? -low : high);
        };
        const double endless = std::numeric_limits<double>::infinity();
        world.tell("lines", sign * 0.1);
        CHECK((below ? steady().high : -steady().low) == static_cast<float>(endless));
        CHECK(std::abs((below ? -steady().low : steady().high) - 300'000) < 3);
        world.tell("lines", sign * 0.45);
        CHECK(world.level() == "III");
        CHECK(between(400'000, 500'000));
        for (const double edge : {0.4, 0.5, 0.39, 0.36, 0.51})
            for (const double off : {-1e-6, -6e-7, -4e-7, 0.0, 4e-7, 6e-7, 1e-6, 2e-6})
                world.tell("lines", sign * (edge + off));  // compares with a look at everything
        world.tell("lines", sign * 0.45);
        world.tell("lines", sign * 0.2);  // inside
        CHECK(steady().comes_down);
        CHECK(steady().low == steady().high);
        world.run_for(10min);
        CHECK(world.level() == "none");
    }
}

TEST_CASE("threshold: a gauge that is told after its rule was looked at is known by its place") {
    const board::Measure lines{board::Kpi::gauge, board::Window::now, "lines", {}, {}};
    World world{leaf_of(lines, {300'000, 400'000, 500'000, 800'000})};
    const auto steady = threshold::steady(world.condition, world.context(), world.state);
    const auto stays = [&] {
        return threshold::stays(steady, world.context(), world.state, nullptr);
    };
    CHECK_FALSE(steady.gauge);
    CHECK(stays());
    CHECK(world.view.queue().told.set("other", 0.9));
    CHECK(stays());
    CHECK(world.view.queue().told.set("lines", 0.1));
    CHECK_FALSE(stays());  // it is to be made again
    world.touched();
    CHECK(threshold::steady(world.condition, world.context(), world.state).gauge == 1);
}

TEST_CASE("threshold: what is composed of steady leaves stays as it is") {
    World world{composed(ConditionKind::all, {pressure(), late()})};
    std::optional<Instant> wake;
    const auto stays = [&] { return all_stay(world, &wake); };
    CHECK(stays());
    world.set(waiting_per_agent, 60, 100);  // one of two: nothing fires, and it is steady
    CHECK(world.level() == "none");
    CHECK(stays());
    world.view.queue().oldest = world.view.now;
    world.touched();
    CHECK(stays());
    CHECK(wake == world.view.now + 90s);
    world.view.now += 90s;
    CHECK_FALSE(stays());
    world.touched();
    CHECK(world.level() == "IV");
    CHECK(stays());
    world.view.set(waiting_per_agent, 0);
    CHECK_FALSE(stays());
    world.condition.members.pop_back();
    CHECK_FALSE(stays());  // what it remembers is of another condition
    world.condition = pressure();
    CHECK_FALSE(all_stay(world, nullptr));  // see stays()
}

TEST_CASE("threshold: of what is composed, a leaf that reads nothing of the news is passed over") {
    const board::Measure spent{board::Kpi::gauge, board::Window::now, "spent", {}, {}};
    World world{composed(ConditionKind::any, {pressure(), leaf_of(spent, {10'000'000, {}, {}, {}})})
    };
    world.set(waiting_per_agent, 0);
    CHECK(world.level() == "none");
    world.view.set(waiting_per_agent, 60, 100);
    CHECK(all_stay(world, nullptr, board::changes::gauges));
    CHECK_FALSE(all_stay(world, nullptr, board::changes::waiting));
    // Where a wake is asked for, every leaf has its say.
    std::optional<Instant> wake;
    CHECK_FALSE(all_stay(world, &wake, board::changes::gauges));
    world.touched();
    CHECK(world.level() != "none");
    // At a level, who waits may hold it up: that is read, whatever the figure is made of.
    world.set(waiting_per_agent, 0);
    world.view.set(spent, 20);
    world.touched();
    const auto reads = threshold::node_reads(world.condition);
    REQUIRE(reads.size() == 3);
    CHECK((reads[2] & board::changes::waiting) == 0);
    world.view.set(spent, 0);
    CHECK_FALSE(all_stay(world, nullptr, board::changes::waiting));
}

TEST_CASE("threshold: a member outside its calendar stays asleep") {
    World world{composed(ConditionKind::any, {pressure(), late()})};
    world.condition.members.front().during = "sale";
    world.set(waiting_per_agent, 60, 100);
    CHECK(world.level() == "none");
    CHECK(all_stay(world, nullptr));
    world.calendars = {"sale"};
    CHECK_FALSE(all_stay(world, nullptr));
}

TEST_CASE("threshold: a level that callers hold up, or that outlives its value, stays as it is") {
    World world{pressure()};
    world.condition.leaf.keep = 120s;
    std::optional<Instant> wake;
    const auto stays = [&] {
        const auto steady = threshold::steady(world.condition, world.context(), world.state);
        return threshold::stays(steady, world.context(), world.state, &wake);
    };
    world.set(waiting_per_agent, 60, 100);
    CHECK(world.level() == "II");
    world.view.set_none(waiting_per_agent);
    CHECK_FALSE(stays());  // that it is gone must be written down
    world.touched();
    CHECK(stays());
    CHECK(wake == world.view.now + 120s);
    world.view.now += 120s;
    CHECK_FALSE(stays());  // and that it counts as inside
    world.touched();
    CHECK(stays());
    world.view.queue().oldest = world.view.now - 600s;
    world.view.now += 60s;
    CHECK(stays());  // held up
    world.touched();
    CHECK(world.level() == "II");
    world.view.queue().oldest.reset();
    CHECK_FALSE(stays());
    world.touched();
    CHECK(world.level() == "III");
}

TEST_CASE("threshold: who holds a level up may have left when it is due") {
    World world{pressure()};
    world.set(waiting_per_agent, 30, 100);
    CHECK(world.level() == "IV");
    world.view.queue().oldest = world.view.now - 600s;
    world.set(waiting_per_agent, 0);  // inside, and held up
    CHECK(world.last.wake == world.view.now + 60s);
    world.view.queue().oldest.reset();  // a look that finds its wake ahead does not seek another
    world.run_for(60s);
    CHECK(world.level() == "none");
}

TEST_CASE("threshold: whatever comes, what is said to stay stays") {
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        CAPTURE(seed);
        Random random{seed};
        World world{
            seed % 4 == 3 ? composed(ConditionKind::any, {pressure(), late()}) : pressure()
        };
        plan::Leaf& leaf =
            seed % 4 == 3 ? world.condition.members.front().leaf : world.condition.leaf;
        if (seed % 2 == 1) leaf.hold.of = {10s, 20s, 30s, 40s};
        if (seed % 3 == 1) leaf.keep = 45s;
        if (seed % 5 == 1) leaf.clear.dwell.of = {90s, 90s, 90s, 90s};
        for (int i = 0; i < 400; ++i) {
            switch (random.below(6)) {
                case 0:
                    world.view.set_none(waiting_per_agent);
                    break;
                case 1:
                    world.view.queue().oldest =
                        world.view.now - Seconds{static_cast<std::int64_t>(random.below(60))};
                    break;
                default:
                    world.view.set(
                        waiting_per_agent, static_cast<std::int64_t>(random.below(100)), 100
                    );
            }
            world.touched();
            world.run_for(Seconds{static_cast<std::int64_t>(random.below(25))});
            world.touched();
        }
        CHECK(world.held_still > 200);
    }
}
