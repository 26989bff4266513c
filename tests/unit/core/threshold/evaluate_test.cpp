#include "core/threshold/evaluate.hpp"

#include "base/codec.hpp"
#include "base/random.hpp"
#include "support/fake_view.hpp"

#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace surged;
using board::Kpi;
using board::Measure;
using board::Window;
using plan::Condition;
using plan::ConditionKind;
using plan::Level;

namespace {

constexpr std::nullopt_t no_rung = std::nullopt;
constexpr Instant start{Micros{1'763'900'000'000'000}};
const Measure waiting_per_agent{Kpi::waiting_per_agent, Window::now, {}, {}, {}};
const Measure calls_waiting{Kpi::calls_waiting, Window::now, {}, {}, {}};
const Measure longest_wait{Kpi::longest_wait, Window::now, {}, {}, {}};
const Measure load{Kpi::load_ratio, Window::m15, {}, {}, {}};

/// A leaf that rises at once and needs no dwell, to be changed by the test.
Condition leaf_of(const Measure& measure, std::array<std::optional<std::int64_t>, 4> at) {
    Condition condition;
    condition.leaf.measure = measure;
    condition.leaf.ladder.at.of = at;
    condition.leaf.clear.hold.of = {60s, 60s, 60s, 60s};
    condition.leaf.clear.dwell = {};
    return condition;
}
Condition pressure() { return leaf_of(waiting_per_agent, {300'000, 400'000, 500'000, 800'000}); }
Condition late() {
    return leaf_of(longest_wait, {90'000'000, 120'000'000, 180'000'000, 240'000'000});
}
Condition composed(ConditionKind kind, std::vector<Condition> members) {
    Condition condition;
    condition.kind = kind;
    condition.members = std::move(members);
    return condition;
}
Condition absent(Micros hold, Level level) {
    Condition condition;
    condition.kind = ConditionKind::absent;
    condition.source = "acd-1";
    condition.hold = hold;
    condition.level = level;
    return condition;
}

/// A condition on one queue, driven as the engine drives it.
struct World {
    Condition condition;
    test::FakeView view;
    std::map<std::string, acd::SourceCounts> sources;
    threshold::State state;
    threshold::Evaluated last;

    explicit World(Condition rule) : condition{std::move(rule)} {
        view.now = start;
        touched();
    }
    threshold::Context context() const { return {&view, 0, view.name(0), view.now, &sources}; }
    void touched() { last = threshold::evaluate(condition, context(), state); }
    /// Every wake up to then, at its own instant, and no other.
    void run_to(Instant to) {
        while (last.wake && *last.wake <= to) {
            REQUIRE(*last.wake > view.now);
            view.now = *last.wake;
            touched();
        }
        view.now = to;
    }
    void run_for(Micros by) { run_to(view.now + by); }
    void set(const Measure& measure, std::int64_t num, std::int64_t den = 1) {
        view.set(measure, num, den);
        touched();
    }
    std::string level() const { return std::string{plan::name_of(state.level)}; }
};

}  // namespace

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

TEST_CASE("threshold: an override is in force for its queues") {
    Condition rule = pressure();
    rule.overrides = {
        {{"vip-*"},   rule.leaf},
        {{"*-night"}, rule.leaf}
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

TEST_CASE("threshold: measures of a condition, with floors and overrides, each once") {
    Condition rule = pressure();
    rule.leaf.floors = {
        {calls_waiting, 5'000'000}
    };
    rule.overrides = {
        {{"vip"}, leaf_of(load, {}).leaf}
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
