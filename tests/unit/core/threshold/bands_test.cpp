// The values at which nothing changes: in millionths, in terms of the figure, in contacts.
#include "core/threshold/evaluate.hpp"
#include "unit/core/threshold/drive.hpp"

#include <cmath>
#include <cstdint>
#include <doctest/doctest.h>
#include <limits>

using namespace surged;
using namespace surged::test;

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
        CHECK((below ? steady().high : -steady().low) == static_cast<float>(endless));
        CHECK(std::abs((below ? -steady().low : steady().high) - 300'000) < 3);
        world.tell("lines", sign * 0.25);
        world.run_for(4min);  // a look at which nothing happens until it is due
        world.tell("lines", sign * 0.26);
        world.run_for(10min);
        CHECK(world.level() == "none");
    }
}

TEST_CASE("threshold: the band of a figure that is compared is told in its own terms") {
    World world{leaf_of(
        {board::Kpi::calls_offered, board::Window::m15, {}, {}, {}}, {1'500'000, 2'000'000, {}, {}}
    )};
    plan::Leaf& leaf = world.condition.leaf;
    leaf.ratio_to = plan::Relative::plan;
    const auto steady = [&] {
        return threshold::steady(world.condition, world.context(), world.state);
    };
    const auto rests = [&](std::int64_t offered) {
        const threshold::Steady now = steady();
        world.view.set(leaf.measure, offered);
        const bool same = threshold::stays(now, world.context(), world.state, nullptr);
        world.view.set(leaf.measure, 0);
        return same;
    };
    world.set(leaf.measure, 0);
    CHECK(std::isinf(steady().high));  // nothing is planned
    CHECK(rests(1'000'000));
    CHECK_FALSE(world.last.wake);  // before something is
    for (const std::int64_t planned : {1, 7, 1'000, 33'333, 1'000'000}) {
        CAPTURE(planned);
        world.view.queue().planned = planned * 1'000'000;
        world.touched();
        CHECK(world.last.wake);
        const std::int64_t over = (planned * 3 + 1) / 2;  // the first that is
        CHECK(steady().high <= static_cast<double>(planned) * 1.5e6);
        CHECK(steady().high >= static_cast<double>(planned) * 1.5e6 * (1 - 1e-6) - 3e6);
        CHECK(rests(over - 1));
        CHECK_FALSE(rests(over));
    }
}

TEST_CASE("threshold: where contacts alone have come and gone, their number says enough") {
    World world{pressure()};
    world.condition.leaf.floors.push_back({calls_waiting, 5'000'000});
    constexpr std::int64_t staffed = 100;
    const auto tell = [&](std::int64_t waiting, std::int64_t per) {
        world.view.set(calls_waiting, waiting);
        world.view.set(waiting_per_agent, waiting, per);
        world.touched();
    };
    const auto now = [&] {
        return threshold::steady(world.condition, world.context(), world.state);
    };
    tell(4, staffed);
    CHECK(now().least == 0);
    CHECK(now().most == 29);
    tell(45, staffed);
    CHECK(world.level() == "III");
    CHECK(now().least == 41);  // on a threshold it is compared exactly
    CHECK(now().most == 49);
    tell(31, staffed);
    CHECK(now().comes_down);
    CHECK(now().least == 31);  // over IV at 0.30
    CHECK(now().most == 31);   // inside to 0.32, 20 % under III
    world.run_for(10min);
    CHECK(world.level() == "IV");
    tell(20, staffed);
    CHECK(world.level() == "IV");
    CHECK(now().comes_down);
    CHECK(now().least == 5);  // the floor
    CHECK(now().most == 23);
    const threshold::Steady down = now();
    using board::changes::waiting;
    CHECK_FALSE(threshold::is_among(down, {20, 0, false}, waiting));  // not held up
    CHECK(threshold::is_among(down, {20, 0, true}, waiting | board::changes::front));
    CHECK(threshold::is_among(down, {5, 0, true}, waiting));
    CHECK_FALSE(threshold::is_among(down, {4, 0, true}, waiting));
    CHECK_FALSE(threshold::is_among(down, {24, 0, true}, waiting));
    CHECK_FALSE(threshold::is_among(down, {20, 0, true}, waiting | board::changes::staffed));
    // Of as many agents as there are now.
    threshold::Steady other = down;
    world.view.set(waiting_per_agent, 20, 500);
    threshold::tell_by_contacts(other, world.context());
    CHECK(other.most == 119);
    world.view.set_none(waiting_per_agent);
    threshold::tell_by_contacts(other, world.context());
    CHECK(other.least > other.most);
    CHECK_FALSE(threshold::is_among(other, {20, 0, true}, waiting));
    // At rest, with nobody signed in, it has no value however many wait.
    world.run_for(20min);
    CHECK(world.level() == "none");
    world.touched();
    CHECK(threshold::is_among(now(), {60'000, 0, true}, waiting));
    CHECK_FALSE(threshold::is_among(now(), {60'000, 0, true}, waiting | board::changes::staffed));
}

TEST_CASE("threshold: lines in use are told by all who are here, a class by nobody") {
    const board::Measure lines{board::Kpi::lines_in_use, board::Window::now, {}, {}, {}};
    World world{leaf_of(lines, {800'000, {}, {}, {}})};
    world.set(lines, 1, 10);
    const auto steady = threshold::steady(world.condition, world.context(), world.state);
    CHECK(steady.with_connected);
    CHECK(steady.most == 7);
    CHECK(threshold::is_among(steady, {3, 4, false}, board::changes::connected));
    CHECK_FALSE(threshold::is_among(steady, {3, 5, false}, board::changes::connected));
    CHECK_FALSE(threshold::is_among(steady, {3, 4, false}, board::changes::plan));
    board::Measure vip = calls_waiting;
    vip.klass = "vip";
    World other{leaf_of(vip, {5'000'000, {}, {}, {}})};
    other.set(vip, 1);
    const auto of_class = threshold::steady(other.condition, other.context(), other.state);
    CHECK(of_class.by_figure);
    CHECK(of_class.least > of_class.most);
}
