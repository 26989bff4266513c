#include "base/random.hpp"
#include "unit/core/threshold/drive.hpp"

#include <doctest/doctest.h>

using namespace surged;
using namespace surged::test;
using plan::Condition;
using plan::ConditionKind;
using plan::Level;
using threshold::LeafState;
using threshold::Observation;

namespace {

Observation any_observation(Random& random) {
    const auto kind = random.below(20);
    if (kind == 0) return lost;
    if (kind == 1) return no_value;
    const auto percent = static_cast<std::int64_t>(random.below(100));
    return kind < 4 ? held_up(percent) : value(percent);
}

plan::Leaf any_leaf(Random& random) {
    plan::Leaf leaf = pressure_leaf();
    for (Micros& hold : leaf.hold.of) hold = Seconds{random.below(200)};
    for (Micros& hold : leaf.clear.hold.of) hold = Seconds{random.below(200)};
    for (Micros& dwell : leaf.clear.dwell.of) dwell = Seconds{random.below(300)};
    if (random.below(3) == 0) leaf.ladder.at.of[random.below(4)].reset();
    return leaf;
}

}  // namespace

TEST_CASE("threshold: the state does not depend on how often it is asked for") {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        CAPTURE(seed);
        Random random{seed};
        Run sparse{any_leaf(random), {}, {}};
        Run dense = sparse;
        Instant at = start;
        for (int i = 0; i < 60; ++i) {
            at += Micros{random.below(120'000'000)};
            const Observation next = any_observation(random);
            for (auto extra = random.below(4); extra > 0; --extra) {
                const auto span = static_cast<std::uint64_t>((at - dense.now).count());
                dense.tick(dense.now + Micros{random.below(span + 1)});
            }
            sparse.see(at, next);
            dense.see(at, next);
            REQUIRE(sparse.state == dense.state);
        }
    }
}

TEST_CASE("threshold: nothing changes just before a wake, and something does at it") {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        CAPTURE(seed);
        Random random{seed};
        Run run{any_leaf(random), {}, {}};
        for (int i = 0; i < 40; ++i) {
            run.see(run.now + Micros{random.below(90'000'000)}, any_observation(random));
            const auto wake = threshold::next_wake(run.leaf, run.seen, run.now, run.state);
            if (!wake) continue;
            REQUIRE(*wake > run.now);
            LeafState before = run.state;
            threshold::step(run.leaf, run.seen, *wake - 1us, before);
            REQUIRE(before == run.state);
            threshold::step(run.leaf, run.seen, *wake, before);
            REQUIRE(before != run.state);
        }
    }
}

namespace {

Condition everything() {
    Condition wait = late();
    wait.leaf.hold.of = {20s, 20s, 10s, 0s};
    wait.leaf.clear.dwell.of = {30s, 30s, 30s, 30s};
    Condition busy = pressure();
    busy.leaf.floors = {
        {longest_wait,  30'000'000},
        {calls_waiting, 2'000'000 }
    };
    busy.leaf.hold.of = {30s, 20s, 10s, 0s};
    Condition calm = composed(ConditionKind::not_, {late()});
    calm.level = Level::IV;
    Condition below = leaf_of(longest_wait, {no_rung, 50'000'000, no_rung, no_rung});
    below.leaf.ladder.below = true;
    Condition silent = absent(45s, Level::IV);
    silent.then_after = 30s;
    silent.then_level = Level::III;
    return composed(
        ConditionKind::any,
        {composed(ConditionKind::all, {wait, busy}), calm, wait, below, busy, silent}
    );
}

/// Something happens to the queue or its source, the same in every world it is done to.
void happen(World& world, Random random) {
    auto& queue = world.view.queue();
    switch (random.below(7)) {
        case 0:
            queue.live = random.below(3) != 0;
            break;
        case 1:
            world.sources["acd-1"].up = random.below(2) != 0;
            break;
        case 2:
            queue.oldest.reset();
            break;
        case 3:
        case 4:
            queue.oldest = world.view.now - Micros{random.below(200'000'000)};
            break;
        case 5:
            world.view.set(calls_waiting, static_cast<std::int64_t>(random.below(5)));
            break;
        default:
            world.view.set(waiting_per_agent, static_cast<std::int64_t>(random.below(100)), 100);
    }
    world.touched();
}

}  // namespace

TEST_CASE("threshold: extra ticks leave the state of any condition as it is") {
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        CAPTURE(seed);
        Random random{seed};
        World sparse{everything()};
        World dense{everything()};
        Instant at = start;
        for (int i = 0; i < 60; ++i) {
            at += Micros{random.below(60'000'000)};
            for (auto extra = random.below(4); extra > 0; --extra) {
                const auto span = static_cast<std::uint64_t>((at - dense.view.now).count());
                dense.run_for(Micros{random.below(span + 1)});
                dense.touched();
            }
            const Random event{random.next()};
            for (World* world : {&sparse, &dense}) {
                world->run_to(at);
                happen(*world, event);
                const threshold::State before = world->state;
                world->touched();
                REQUIRE(world->state == before);
            }
            REQUIRE(sparse.state == dense.state);
        }
    }
}
