#include "core/engine/engine.hpp"
#include "support/engine_driver.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <string>

using namespace surged;
using plan::Level;
using plan::Relative;
using test::EngineDriver;

namespace {

/// A center whose one trigger is calls_offered of 15 minutes as a multiple, III from 1.5.
plan::RuleSet center(Relative relative) {
    plan::RuleSet rules = test::small_center();
    plan::Leaf& leaf = rules.plans["platform-service"].triggers[0].condition.leaf;
    leaf.measure = {board::Kpi::calls_offered, board::Window::m15, {}, {}, {}};
    leaf.ladder.at.of = {std::nullopt, 1'500'000, std::nullopt, std::nullopt};
    leaf.ratio_to = relative;
    return rules;
}

acd::Event planned(Instant from, Instant to, std::int64_t offered) {
    acd::Event e;
    e.type = acd::EventType::expected;
    e.queue = "sales";
    e.expected = acd::Expected{to_wall(from, {}), to_wall(to, {}), offered * 1'000'000, 12, {}, {}};
    return e;
}

std::optional<double> value(const EngineDriver& d) { return d.engine.triggers("sales")[0].value; }

void restore(EngineDriver& d, const plan::RuleSet& rules) {
    auto again = engine::Engine::restore(d.engine.snapshot(), [&](const std::string&) {
        return std::make_shared<const plan::RuleSet>(rules);
    });
    REQUIRE(again.has_value());
    CHECK(again->snapshot() == d.engine.snapshot());
    d.engine = std::move(*again);
}

TEST_CASE("learning: arrivals against the plan of the day fire, and without one they do not") {
    EngineDriver d;
    const plan::RuleSet rules = center(Relative::plan);
    d.load(rules);
    d.source_up();
    d.join(40);
    CHECK(d.engine.incidents().empty());
    REQUIRE(d.engine.unplanned().size() == 1);
    CHECK(d.engine.unplanned()[0].queue == "sales");
    CHECK(d.engine.unplanned()[0].trigger == "pressure");
    d.event(planned(d.now - 1h, d.now + 1h, 160));  // 20 in 15 minutes
    CHECK(d.engine.unplanned().empty());
    CHECK(value(d) == doctest::Approx(2.0));
    REQUIRE(d.engine.incidents().size() == 1);
    CHECK(d.incident().level == Level::III);
    CHECK(d.incident().cause->relative == Relative::plan);
    const auto& board = d.engine.board();
    CHECK(board.value(0, {board::Kpi::agents_scheduled, {}, {}, {}, {}})->value() == 12);
    d.advance(1min);
    restore(d, rules);
    CHECK(value(d) == doctest::Approx(2.0));
}

/// Three weeks of Mondays: 10 callers in the quarter hour from 10:00.
void three_weeks(EngineDriver& d) {
    for (int week = 0; week < 3; ++week) {
        for (int i = 0; i < 10; ++i) {
            d.advance(30s);
            d.join(1);
            d.answer(1);
        }
        d.advance(7 * 24h - 5min);
    }
}

TEST_CASE("learning: the usual of the hour is learned from the engine's own counts") {
    EngineDriver d;
    plan::RuleSet rules = center(Relative::profile);
    rules.site.limits.queue_ttl = 30 * 24h;
    d.now = Instant{Seconds{1'795'452'300}};  // 01:45 UTC + 8 h: a quarter hour begins
    d.load(rules);
    d.source_up();
    d.join(1);
    d.answer(1);
    d.advance(15min);
    three_weeks(d);
    CHECK_MESSAGE(value(d) == std::nullopt, "nothing is under the ratio before the quarter hour");
    for (int i = 0; i < 10; ++i) {
        d.advance(45s);
        d.join(2);
        d.answer(2);
    }
    d.advance(7min + 29s);
    REQUIRE(value(d).has_value());
    CHECK(*value(d) == doctest::Approx(2.0).epsilon(0.05));
    REQUIRE(d.engine.incidents().size() == 1);
    CHECK(d.incident().level == Level::III);
    restore(d, rules);
}

TEST_CASE("learning: what a table tells of past weeks speaks from the first call on") {
    EngineDriver d;
    plan::RuleSet rules = center(Relative::profile);
    rules.site.calendars["holidays"].spans = {
        {1'795'451'700 - 7 * 86'400, 1'795'451'700}
    };
    rules.site.special_days = "holidays";
    d.load(rules);
    const auto tell = [&](std::int64_t weeks, double count, std::string_view kpi) {
        constexpr std::int64_t quarter = 900'000'000;
        const std::int64_t running = to_wall(d.now, {}).us / quarter * quarter;
        acd::Batch batch;
        for (std::int64_t slot = -2; slot < 3; ++slot) {
            acd::Event e;
            e.type = acd::EventType::counted;
            e.queue = "sales";
            e.name = kpi;
            e.ts = Wall{running + slot * quarter - weeks * 7 * 86'400'000'000};
            e.value = count;
            batch.append(e);
        }
        return d.step(engine::Events{std::move(batch)}, "history").applied.rejected.size();
    };
    CHECK(d.engine.board().queues().empty());   // no queue comes of it
    CHECK(tell(1, 500, "calls_offered") == 0);  // holidays of last week: passed over
    for (const std::int64_t weeks : {2, 3, 4}) CHECK(tell(weeks, 20, "calls_offered") == 0);
    CHECK(tell(7, 900, "calls_offered") == 0);   // longer ago than anybody remembers
    CHECK(tell(2, 900, "calls_offered") == 0);   // known already: it stays
    CHECK(tell(2, 900, "calls_answered") == 0);  // no rule compares it
    CHECK(tell(0, 20, "calls_offered") == 3);    // not over
    CHECK(tell(2, 1.5, "calls_offered") == 5);
    CHECK(tell(2, 1, "longest_wait") == 5);
    restore(d, rules);
    d.source_up();
    d.join(40);
    CHECK(value(d) == doctest::Approx(2.0));
    CHECK(d.incident().level == Level::III);
    EngineDriver again;  // the journal tells the same
    for (const engine::Input& input : d.inputs) (void)again.engine.step(input);
    CHECK(again.engine.snapshot() == d.engine.snapshot());
}

TEST_CASE("learning: a special day and a slot with lost data teach nothing") {
    for (const bool special : {true, false}) {
        CAPTURE(special);
        EngineDriver d;
        plan::RuleSet rules = center(Relative::profile);
        rules.site.limits.queue_ttl = 30 * 24h;
        if (special) {
            rules.site.calendars["holidays"].weekly = {
                {0x7f, 0, 86'400}
            };
            rules.site.special_days = "holidays";
        }
        d.now = Instant{Seconds{1'795'453'200}};
        d.load(rules);
        d.source_up();
        d.join(1);
        d.answer(1);
        for (int week = 0; week < 4; ++week) {
            for (int i = 0; i < 10; ++i) {
                d.advance(30s);
                d.join(1);
                d.answer(1);
                if (!special) d.step(engine::SourceState{false, true, "lost"});
                if (!special) d.source_up();
            }
            d.advance(7 * 24h - 5min);
        }
        d.advance(10min);
        CHECK(!value(d));
    }
}

TEST_CASE("learning: a change is watched over its time, and its past survives a restart") {
    EngineDriver d;
    plan::RuleSet rules = test::small_center();
    plan::Leaf& leaf = rules.plans["platform-service"].triggers[0].condition.leaf;
    leaf.ladder.at.of = {std::nullopt, 5'000'000, std::nullopt, std::nullopt};
    leaf.change_over = 5min;
    d.load(rules);
    d.source_up();
    d.join(3);
    d.advance(6min);
    CHECK(value(d) == 0.0);
    d.join(4);
    d.advance(1min);
    CHECK(value(d) == 4.0);
    restore(d, rules);
    CHECK(d.engine.incidents().empty());
    d.join(1);
    REQUIRE(d.engine.incidents().size() == 1);
    d.advance(6min);
    CHECK_MESSAGE(value(d) == 0.0, "it has risen, and stands still since");
}

TEST_CASE("learning: a plan of some channels counts only their contacts") {
    EngineDriver d;
    plan::RuleSet rules = test::small_center();
    plan::Leaf& leaf = rules.plans["platform-service"].triggers[0].condition.leaf;
    leaf.measure.channels = 1U << static_cast<unsigned>(acd::Channel::chat);
    d.load(rules);
    d.source_up();
    d.join(10);
    CHECK(d.engine.incidents().empty());
    for (int i = 0; i < 4; ++i) {
        const std::string call = fmt::format("chat-{}", i);
        acd::Event e;
        e.type = acd::EventType::offered;
        e.queue = "sales";
        e.call = call;
        e.channel = acd::Channel::chat;
        d.event(e);
    }
    REQUIRE(d.engine.incidents().size() == 1);
    CHECK(d.incident().level == Level::III);
    CHECK(value(d) == 4.0);
    restore(d, rules);
    CHECK(value(d) == 4.0);
}

}  // namespace
