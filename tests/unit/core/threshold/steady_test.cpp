#include "base/random.hpp"
#include "core/threshold/evaluate.hpp"
#include "unit/core/threshold/drive.hpp"

#include <doctest/doctest.h>

using namespace surged;
using namespace surged::test;
using plan::ConditionKind;
using plan::Level;

namespace {

bool all_stay(const World& world, std::optional<Instant>& wake) {
    return threshold::all_stay(world.condition, world.context(), world.state, wake);
}

/// What its nodes are now; empty: it is to be asked itself.
std::vector<threshold::Steady> nodes_of(const World& world) {
    std::vector<threshold::Steady> nodes(threshold::node_reads(world.condition).size());
    if (!threshold::steady_nodes(world.condition, world.context(), world.state, nodes)) return {};
    return nodes;
}

/// Nothing of it is to be changed, by what has changed.
bool all_rest(const World& world, board::Changes changed = board::changes::all) {
    const auto reads = threshold::node_reads(world.condition);
    auto nodes = nodes_of(world);
    REQUIRE_FALSE(nodes.empty());
    threshold::State state = world.state;
    Instant wake = Instant::max();
    const bool same =
        threshold::all_follow(nodes, world.context(), state, {changed, reads, crowd}, wake);
    return same && state == world.state;
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

TEST_CASE("threshold: a gauge that is told after its rule was looked at is known by its place") {
    const board::Measure lines{board::Kpi::gauge, board::Window::now, "lines", {}, {}};
    World world{leaf_of(lines, {300'000, 400'000, 500'000, 800'000})};
    const auto steady = threshold::steady(world.condition, world.context(), world.state);
    const auto stays = [&] {
        return threshold::stays(steady, world.context(), world.state, nullptr);
    };
    CHECK(steady.gauge == threshold::Steady::nowhere);
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
    const auto stays = [&] { return all_stay(world, wake); };
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
    CHECK_FALSE(nodes_of(world).empty());
    world.condition.members.pop_back();
    CHECK_FALSE(stays());  // what it remembers is of another condition
    CHECK(nodes_of(world).empty());
    world.condition = pressure();
    CHECK_FALSE(stays());  // see threshold::stays()
    CHECK(nodes_of(world).empty());
    world.condition = composed(ConditionKind::not_, {pressure()});
    world.touched();
    CHECK_FALSE(stays());  // not told by its leaves
    CHECK(nodes_of(world).empty());
}

TEST_CASE("threshold: of what is composed, a leaf that reads nothing of the news is passed over") {
    const board::Measure spent{board::Kpi::gauge, board::Window::now, "spent", {}, {}};
    World world{composed(ConditionKind::any, {pressure(), leaf_of(spent, {10'000'000, {}, {}, {}})})
    };
    world.set(waiting_per_agent, 0);
    CHECK(world.level() == "none");
    world.view.set(waiting_per_agent, 60, 100);
    CHECK(all_rest(world, board::changes::gauges));
    CHECK_FALSE(all_rest(world, board::changes::waiting));
    // Where a wake is asked for, every leaf has its say.
    std::optional<Instant> wake;
    CHECK_FALSE(all_stay(world, wake));
    world.touched();
    CHECK(world.level() != "none");
    // At a level, who waits longest may hold it up: that is read, whatever the figure is made of.
    world.set(waiting_per_agent, 0);
    world.view.set(spent, 20);
    world.touched();
    const auto reads = threshold::node_reads(world.condition);
    REQUIRE(reads.size() == 3);
    CHECK((reads[2] & board::changes::front) == 0);
    world.view.set(spent, 0);
    CHECK_FALSE(all_rest(world, board::changes::front));
}

TEST_CASE("threshold: a leaf that goes over a rung, its hold before it, is followed by itself") {
    World world{composed(ConditionKind::all, {pressure(), leaf_of(calls_waiting, {1'000'000})})};
    world.condition.members.back().leaf.hold.of = {60s, 60s, 60s, 60s};
    const auto reads = threshold::node_reads(world.condition);
    world.set(waiting_per_agent, 0);
    world.set(calls_waiting, 0);
    auto nodes = nodes_of(world);
    Instant wake = Instant::max();
    const auto follow = [&] {
        return threshold::all_follow(
            nodes, world.context(), world.state, {board::changes::waiting, reads, crowd}, wake
        );
    };
    world.view.set(calls_waiting, 2);
    CHECK(follow());
    CHECK(world.state.nodes[2].over_since.at(Level::IV) == world.view.now);
    CHECK(wake == world.view.now + 60s);
    CHECK(nodes[2].over == 1);  // known with its new memory
    world.view.now += 5s;
    world.view.set(calls_waiting, 0);
    CHECK(follow());
    CHECK_FALSE(world.state.nodes[2].over_since.at(Level::IV));
    // A level is not followed: what is composed of it may have another, too.
    world.view.set(waiting_per_agent, 60, 100);
    CHECK_FALSE(follow());
    world.view.set(calls_waiting, 2);
    world.touched();
    CHECK(world.level() == "none");
    world.run_for(60s);
    CHECK(world.level() == "IV");
}

TEST_CASE("threshold: a member outside its calendar stays asleep") {
    World world{composed(ConditionKind::any, {pressure(), late()})};
    world.condition.members.front().during = "sale";
    world.set(waiting_per_agent, 60, 100);
    CHECK(world.level() == "none");
    std::optional<Instant> wake;
    CHECK(all_stay(world, wake));
    CHECK(all_rest(world));
    CHECK(nodes_of(world)[1].leaf == nullptr);
    world.calendars = {"sale"};
    CHECK_FALSE(all_stay(world, wake));
    CHECK_FALSE(all_rest(world));
}

TEST_CASE("threshold: of a leaf at rest the figure says enough, whatever lets it speak") {
    World world{pressure()};
    world.condition.leaf.floors.push_back({calls_waiting, 5'000'000});
    const auto rests = [&](const threshold::Steady& steady) {
        return threshold::stays(steady, world.context(), world.state, nullptr);
    };
    world.set(calls_waiting, 1);
    world.set(waiting_per_agent, 10, 100);
    const auto calm = threshold::steady(world.condition, world.context(), world.state);
    CHECK(calm.by_figure);
    CHECK(rests(calm));
    world.view.set_none(waiting_per_agent);
    CHECK(rests(calm));
    world.view.set(waiting_per_agent, 60, 100);
    CHECK(rests(calm));  // few wait
    world.view.set(calls_waiting, 9);
    CHECK_FALSE(rests(calm));
    world.touched();
    CHECK(world.level() == "II");
    const auto grave = threshold::steady(world.condition, world.context(), world.state);
    CHECK(rests(grave));
    world.view.set(calls_waiting, 1);  // what lets it speak is gone, and the value with it
    CHECK_FALSE(rests(grave));
    world.view.set(calls_waiting, 9);
    world.condition.leaf.min_calls = 1;
    world.view.queue().bases[waiting_per_agent] = 1;
    world.touched();
    CHECK(world.level() == "II");
    CHECK_FALSE(threshold::steady(world.condition, world.context(), world.state).by_figure);
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
            world.news = board::made_of(waiting_per_agent) | board::changes::time;
            switch (random.below(6)) {
                case 0:
                    world.view.set_none(waiting_per_agent);
                    break;
                case 1:
                    world.news = board::changes::all;
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
        if (seed % 8 == 3) CHECK(world.steps_followed > 0);
    }
}
