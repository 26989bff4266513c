// Looking only at what an event touched must do what looking at everything would have done.
#include "base/random.hpp"
#include "core/engine/engine.hpp"
#include "support/engine_driver.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <string>
#include <utility>
#include <vector>

using namespace surged;
using board::Kpi;
using board::Measure;
using board::Window;
using plan::Level;
using test::EngineDriver;

namespace {

constexpr std::array<std::string_view, 3> queues{"sales", "large-1", "support"};

/// A ladder that a small stream crosses now and then.
plan::Leaf leaf_on(const Measure& measure, Random& random) {
    const board::KpiInfo& info = board::info_of(measure.kpi);
    plan::Leaf leaf;
    leaf.measure = measure;
    leaf.ladder.below = info.less_is_worse;
    const double top = info.unit == board::Unit::seconds      ? 40
                       : info.unit == board::Unit::count      ? 9
                       : info.unit == board::Unit::per_second ? 0.1
                                                              : 1;
    for (const Level level : plan::levels) {
        const auto rung = static_cast<double>(level) / 5;
        const double at = top * (info.less_is_worse ? 1 - rung : rung);
        leaf.ladder.at.at(level) = static_cast<board::Millionths>(at * 1e6);
        leaf.hold.at(level) = Seconds{random.below(20)};
        leaf.clear.hold.at(level) = Seconds{random.below(30)};
        leaf.clear.dwell.at(level) = Seconds{random.below(30)};
    }
    if (info.base != board::Base::none && random.below(2) == 0) leaf.min_calls = 2;
    if (random.below(3) == 0) {
        const std::array<plan::Floor, 4> floors{
            plan::Floor{{Kpi::calls_waiting, Window::now, {}, {}, {}},  1'000'000 },
            plan::Floor{{Kpi::agents_staffed, Window::now, {}, {}, {}}, 1'000'000 },
            plan::Floor{{Kpi::longest_wait, Window::now, {}, {}, {}},   10'000'000},
            plan::Floor{{Kpi::oldest, Window::now, {}, {}, {}},         15'000'000}
        };
        leaf.floors.push_back(floors[random.below(floors.size())]);
    }
    if (random.below(5) == 0) leaf.change_over = 60s;
    if (random.below(5) == 0) leaf.keep = 20s;
    return leaf;
}

std::vector<Measure> all_measures() {
    std::vector<Measure> out;
    for (const board::KpiInfo& info : board::kpi_table()) {
        if (!info.windowed) {
            out.push_back({info.kpi, Window::now, info.kpi == Kpi::gauge ? "g" : "", {}, {}});
            continue;
        }
        for (const Window window : {Window::m1, Window::m5, Window::day})
            out.push_back({info.kpi, window, {}, {}, {}});
    }
    out.push_back({Kpi::calls_offered, Window::m1, {}, "vip", {}});
    out.push_back({Kpi::complaints, Window::m5, {}, {}, "refund", 2});
    return out;
}

/// Every figure, alone or in a composition, a few of them relative, asleep or inhibited.
plan::RuleSet every_figure(std::uint64_t seed) {
    Random random{seed};
    plan::RuleSet rules = test::small_center();
    rules.site.queues["sales"].lines = 8;
    rules.site.queues["support"].backlog_after = 20s;
    rules.site.calendars["late"].spans = {
        {1'795'451'700 + 8 * 3600 + 200, 1'895'451'700}
    };
    plan::Plan& p = rules.plans["platform-service"];
    p.triggers.clear();
    p.end.when_clear_for = 1min;
    for (const Measure& measure : all_measures()) {
        plan::Trigger trigger;
        trigger.id = fmt::format("t{}", p.triggers.size());
        plan::Condition& condition = trigger.condition;
        condition.leaf = leaf_on(measure, random);
        const auto kind = random.below(8);
        if (measure.kpi == Kpi::calls_offered && measure.window != Window::day && kind < 4)
            condition.leaf.ratio_to = kind < 2 ? plan::Relative::plan : plan::Relative::profile;
        if (kind == 5) condition.during = "late";
        if (kind == 6) condition.overrides.push_back({{"large-*"}, leaf_on(measure, random), ""});
        if (kind == 7 && !p.triggers.empty()) {
            plan::Condition group;
            group.kind = random.below(2) == 0 ? plan::ConditionKind::all : plan::ConditionKind::any;
            group.members = {condition, p.triggers.back().condition};
            condition = std::move(group);
        }
        if (random.below(6) == 0) trigger.inhibited_by = {"t0"};
        p.triggers.push_back(std::move(trigger));
    }
    return rules;
}

class Stream {
public:
    explicit Stream(std::uint64_t seed) : random_{seed} {}

    acd::Batch batch(Wall now) {
        acd::Batch out;
        for (auto n = 1 + random_.below(4); n > 0; --n) one(now, out);
        return out;
    }
    Micros pause() { return Micros{random_.below(6'000'000)}; }
    std::uint64_t below(std::uint64_t bound) { return random_.below(bound); }

private:
    void one(Wall now, acd::Batch& out) {
        using acd::EventType;
        constexpr std::array<EventType, 13> kinds{
            EventType::offered,
            EventType::offered,
            EventType::answered,
            EventType::abandoned,
            EventType::exited,
            EventType::refused,
            EventType::completed,
            EventType::transferred,
            EventType::agent_state,
            EventType::reply,
            EventType::complaint,
            EventType::survey,
            EventType::gauge,
        };
        acd::Event e;
        e.type = kinds[random_.below(kinds.size())];
        if (random_.below(20) == 0) e.type = EventType::expected;
        e.queue = queues[random_.below(queues.size())];
        const std::string call = fmt::format("c{}", random_.below(40));
        const std::string agent = fmt::format("a{}", random_.below(6));
        const std::string caller = fmt::format("x{}", random_.below(9));
        const std::string ticket = fmt::format("k{}", random_.below(8));
        e.call = call;
        if (e.type != EventType::offered) e.agent = agent;
        if (random_.below(3) != 0) e.ts = Wall{now.us - Micros{random_.below(3'000'000)}.count()};
        e.caller = caller;
        e.klass = random_.below(3) == 0 ? "vip" : "";
        e.channel = static_cast<acd::Channel>(random_.below(3));
        e.ticket = ticket;
        e.topic = random_.below(2) == 0 ? "refund" : "delay";
        e.severity = static_cast<std::int32_t>(random_.below(4));
        e.status = static_cast<acd::TicketStatus>(random_.below(3));
        if (random_.below(2) == 0) e.due = Wall{now.us + 30'000'000};
        e.score = static_cast<std::int32_t>(1 + random_.below(5));
        e.state = static_cast<acd::AgentState>(random_.below(acd::agent_states));
        e.by = static_cast<acd::ReplyBy>(random_.below(3));
        e.name = random_.below(2) == 0 ? "g" : "agents_scheduled";
        e.value = static_cast<double>(random_.below(12));
        e.talk = Seconds{random_.below(90)};
        if (e.type == EventType::expected) {
            const std::int64_t from = now.us / 60'000'000 * 60'000'000;
            const auto heads = static_cast<std::int32_t>(random_.below(6));
            e.expected = {
                Wall{from - 300'000'000}, Wall{from + 300'000'000}, 9'000'000, heads, heads, {}
            };
        }
        out.append(e);
    }
    Random random_;
};

/// What each queue counted in the quarter hours around now, four weeks back.
acd::Batch weeks_before(Wall now) {
    constexpr std::int64_t quarter_us = 900'000'000, week_us = 7 * 96 * quarter_us;
    acd::Batch out;
    for (std::int64_t week = 1; week <= 4; ++week) {
        for (std::int64_t slot = -2; slot <= 4; ++slot) {
            for (const std::string_view queue : queues) {
                acd::Event e;
                e.type = acd::EventType::counted;
                e.queue = queue;
                e.name = "calls_offered";
                e.ts = Wall{(now.us / quarter_us + slot) * quarter_us - week * week_us};
                e.value = static_cast<double>(8 + slot + week);
                out.append(e);
            }
        }
    }
    return out;
}

/// Triggers that compare with what is usual, and have a value.
std::ptrdiff_t compared_with_weeks(const engine::Engine& engine) {
    const auto views = engine.triggers();
    return std::count_if(views.begin(), views.end(), [&](const engine::TriggerView& view) {
        const auto& triggers = engine.rules().plans.at(view.plan).triggers;
        const auto one = std::find_if(triggers.begin(), triggers.end(), [&](const auto& trigger) {
            return trigger.id == view.trigger;
        });
        return one->condition.leaf.ratio_to == plan::Relative::profile && view.value.has_value();
    });
}

/// Lets time pass. `everything`: by inputs that make the engine look at every figure next time.
void pass(EngineDriver& d, Instant to, bool everything) {
    const Micros offset = d.engine.wall_offset();
    while (const auto wake = d.engine.next_wake()) {
        if (*wake >= to) break;
        d.now = std::max(d.now, *wake);
        everything ? d.step(engine::WallClock{offset}) : d.step(engine::Tick{});
    }
    d.now = to;
    everything ? d.step(engine::WallClock{offset}) : d.step(engine::Tick{});
}

}  // namespace

TEST_CASE("evaluation: looking at what was touched does what looking at everything does") {
    std::size_t changes = 0;
    std::ptrdiff_t compared = 0;
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        CAPTURE(seed);
        EngineDriver sparing;
        EngineDriver thorough;
        for (EngineDriver* d : {&sparing, &thorough}) {
            d->load(every_figure(seed));
            d->source_up();
            d->step(engine::Events{weeks_before(to_wall(d->now, d->engine.wall_offset()))});
        }
        Stream stream{seed};
        for (int i = 0; i < 150; ++i) {
            const Instant to = sparing.now + stream.pause();
            const auto odd = stream.below(40);
            const Micros offset = Seconds{stream.below(100)};
            const acd::Batch batch = stream.batch(to_wall(to, sparing.engine.wall_offset()));
            for (EngineDriver* d : {&sparing, &thorough}) {
                pass(*d, to, d == &thorough);
                if (odd == 0) d->step(engine::SourceState{false, true, "lost"});
                if (odd == 1 || odd == 2) d->source_up();
                if (odd == 3) {
                    d->step(engine::WallClock{offset});
                    pass(*d, to + 5s, d == &thorough);  // looks before the board hears of it
                }
                d->step(engine::Events{batch});
            }
            REQUIRE(sparing.engine.effect_hash() == thorough.engine.effect_hash());
            if (i % 10 == 0) compared += compared_with_weeks(sparing.engine);
        }
        for (EngineDriver* d : {&sparing, &thorough}) pass(*d, d->now + 20min, d == &thorough);
        REQUIRE(sparing.engine.effect_hash() == thorough.engine.effect_hash());
        const bool same = sparing.engine.snapshot() == thorough.engine.snapshot();
        CHECK(same);
        changes += sparing.effects.size();
    }
    CHECK_MESSAGE(changes > 1000, "the streams make the rules fire");
    CHECK(compared > 0);
}

namespace {

/// Rules of which only this leaf watches, at once at IV.
plan::RuleSet one_leaf(const Measure& measure, board::Millionths at) {
    plan::RuleSet rules = test::small_center();
    plan::Plan& p = rules.plans["platform-service"];
    p.triggers.clear();
    plan::Trigger& trigger = p.triggers.emplace_back();
    trigger.id = "only";
    trigger.condition.leaf.measure = measure;
    trigger.condition.leaf.ladder.at.at(Level::IV) = at;
    return rules;
}

engine::TriggerView only(const EngineDriver& d) {
    for (const engine::TriggerView& view : d.engine.triggers("sales"))
        if (view.trigger == "only") return view;
    return {};
}

}  // namespace

TEST_CASE("evaluation: who is in front next reaches the limit that another crossed unheard") {
    plan::RuleSet rules = one_leaf({Kpi::longest_wait, Window::now, {}, {}, {}}, 60'000'000);
    rules.plans["platform-service"].triggers[0].condition.leaf.floors.push_back({
        {Kpi::agents_staffed, Window::now, {}, {}, {}},
        1'000'000
    });
    EngineDriver d;
    d.load(rules);
    d.source_up();
    d.join(1);
    d.advance(10s);
    d.join(1);
    d.advance(55s);  // the first has waited longer than the limit, and nobody was signed in
    acd::Event gone;
    gone.type = acd::EventType::abandoned;
    gone.queue = "sales";
    gone.call = "c-1";
    d.event(gone);
    d.advance(2s);
    acd::Event in;
    in.type = acd::EventType::agent_state;
    in.queue = "sales";
    in.agent = "1001";
    in.state = acd::AgentState::paused;
    d.event(in);
    CHECK(only(d).firing == Level::none);
    const Instant due = d.now + 3s;  // then the second has waited so long
    d.advance(10s);
    CHECK(only(d).firing == Level::IV);
    CHECK(only(d).since == due);
}

TEST_CASE("evaluation: what a plan of the day says is read by the clock of now") {
    plan::RuleSet rules = one_leaf({Kpi::lines_in_use, Window::now, {}, {}, {}}, 800'000);
    plan::Trigger& other = rules.plans["platform-service"].triggers.emplace_back();
    other.id = "wakes";
    other.condition.leaf.measure = {Kpi::calls_offered, Window::m1, {}, {}, {}};
    other.condition.leaf.ladder.at.at(Level::IV) = 1'000'000'000;
    EngineDriver d;
    d.load(rules);
    d.source_up();
    const std::int64_t now_us = to_wall(d.now, d.engine.wall_offset()).us;
    for (const std::int32_t lines : {30, 10}) {
        acd::Event e;
        e.type = acd::EventType::expected;
        e.queue = "sales";
        const std::int64_t from = now_us + (lines == 30 ? 0 : 3'600'000'000);
        e.expected = {Wall{from}, Wall{from + 3'600'000'000}, 0, lines, lines, {}};
        d.event(e);
    }
    d.join(1);
    d.advance(1s);
    d.step(engine::WallClock{d.engine.wall_offset() + 61min});
    d.advance(70s);  // looks, before an event tells the board of it
    acd::Event beat;
    beat.type = acd::EventType::heartbeat;
    d.event(beat);
    CHECK(only(d).firing == Level::none);
    d.join(8);
    CHECK(only(d).value == doctest::Approx(0.9));
    CHECK(only(d).firing == Level::IV);
}
