// The engine in virtual time: the same as under the daemon's timer.
#include "app/backtest/runner.hpp"

#include "support/rules_builder.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace surged;
using namespace surged::app::backtest;
using plan::Level;

namespace {

constexpr Instant start{Seconds{1'795'451'700}};

engine::Input joined(int second, int from, int count) {
    acd::Batch batch;
    for (int i = 0; i < count; ++i) {
        const std::string call = fmt::format("c-{}", from + i);
        acd::Event event;
        event.type = acd::EventType::offered;
        event.queue = "sales";
        event.call = call;
        event.ts = to_wall(start + Seconds{second}, Micros{0});
        batch.append(event);
    }
    engine::Input input;
    input.instant = start + Seconds{second};
    input.source = "history";
    input.actor = {engine::ActorKind::source, "history", "backtest"};
    input.body = engine::Events{std::move(batch)};
    return input;
}

/// Five callers come and stay; a last one comes after `seconds`.
Outcome five_wait(
    int seconds, RunOptions options = {}, plan::RuleSet rules = test::small_center()
) {
    Runner runner{std::move(rules), "h", std::move(options)};
    runner.take(joined(0, 0, 5));
    runner.take(joined(seconds, 5, 1));
    return runner.finish();
}

std::vector<std::pair<std::int64_t, std::string>> paged(const Outcome& outcome) {
    std::vector<std::pair<std::int64_t, std::string>> out;
    for (const PageSeen& page : outcome.pages)
        out.emplace_back((page.at - start) / 1s, page.person + " " + page.channel);
    return out;
}

using Paged = std::vector<std::pair<std::int64_t, std::string>>;

}  // namespace

TEST_CASE("backtest: without an answer the ladder runs as it would, each page at its instant") {
    const Outcome outcome = five_wait(540);
    REQUIRE(outcome.incidents.size() == 1);
    const IncidentSeen& one = outcome.incidents[0];
    CHECK(one.opened == start);
    CHECK_FALSE(one.ended.has_value());
    CHECK(one.highest == Level::II);
    CHECK(one.activated);
    REQUIRE(one.stages.size() == 2);
    CHECK(one.stages[0].level == Level::III);
    CHECK(one.stages[1].level == Level::II);
    CHECK(one.stages[1].at == start + 540s);
    REQUIRE(one.cause.has_value());
    CHECK(one.cause->trigger == "pressure");
    CHECK(
        paged(outcome) ==
        Paged{
            {0,   "wang hook"},
            {60,  "wang sms" },
            {300, "li hook"  },
            {540, "wang hook"}
    }
    );
    CHECK(outcome.to == start + 540s);
}

TEST_CASE("backtest: an answer stops the ladder, and the page says when it was taken") {
    RunOptions options;
    options.ack_after = 30s;
    const Outcome outcome = five_wait(540, options);
    CHECK(
        paged(outcome) ==
        Paged{
            {0,   "wang hook"},
            {540, "wang hook"}
    }
    );
    CHECK(outcome.pages[0].acked == start + 30s);
    CHECK_FALSE(outcome.pages[1].acked.has_value());
}

TEST_CASE("backtest: levels fall and an incident ends by time alone") {
    Runner runner{test::small_center(), "h", {}};
    runner.take(joined(0, 0, 5));
    acd::Batch batch;
    for (int i = 0; i < 5; ++i) {
        const std::string call = fmt::format("c-{}", i);
        acd::Event event;
        event.type = acd::EventType::answered;
        event.queue = "sales";
        event.call = call;
        event.agent = "1001";
        batch.append(event);
    }
    engine::Input answered = joined(100, 0, 0);
    answered.body = engine::Events{std::move(batch)};
    runner.take(answered);
    runner.take(joined(4000, 9, 1));
    const Outcome outcome = runner.finish();
    REQUIRE(outcome.incidents.size() == 1);
    const IncidentSeen& one = outcome.incidents[0];
    REQUIRE(one.ended.has_value());
    CHECK(one.stages.back().level == Level::none);
    CHECK(*one.ended == one.stages.back().at + 15min);
    CHECK(*one.ended < start + 4000s);
}

TEST_CASE("backtest: a source's silence is tested only where the history tells of it") {
    plan::RuleSet rules = test::small_center();
    plan::Trigger lost;
    lost.id = "feed-lost";
    lost.condition.kind = plan::ConditionKind::absent;
    lost.condition.source = "acd-1";
    lost.condition.level = Level::III;
    lost.condition.hold = 60s;
    rules.plans.begin()->second.triggers = {lost};

    const Outcome blind = five_wait(600, {}, rules);
    CHECK(blind.incidents.empty());
    CHECK(blind.untested == std::vector<std::string>{"platform-service/feed-lost"});

    RunOptions knowing;
    knowing.knows_sources = true;
    Runner runner{rules, "h", knowing};
    runner.take(joined(0, 0, 1));
    engine::Input down;
    down.instant = start + 100s;
    down.source = "acd-1";
    down.actor = {engine::ActorKind::source, "acd-1", "feed"};
    down.body = engine::SourceState{false, true, "lost"};
    runner.take(down);
    runner.take(joined(600, 1, 1));
    const Outcome outcome = runner.finish();
    CHECK(outcome.untested.empty());
    REQUIRE(outcome.incidents.size() == 1);
    CHECK(outcome.incidents[0].opened == start + 160s);
}

TEST_CASE("backtest: looking at figures for plots changes nothing, and stays within its memory") {
    RunOptions looking;
    looking.series = true;
    Runner plain{test::small_center(), "h", {}};
    Runner looked{test::small_center(), "h", looking};
    for (Runner* runner : {&plain, &looked})
        for (int hour = 0; hour < 48; ++hour) runner->take(joined(hour * 3600, hour, 1));
    CHECK(plain.engine().effect_hash() == looked.engine().effect_hash());
    const Outcome outcome = looked.finish();
    REQUIRE(outcome.series.size() == 1);
    const Series& series = outcome.series[0];
    CHECK(series.fired);
    CHECK(series.points.size() <= SeriesKeeper::points_max);
    CHECK(series.points.size() > SeriesKeeper::points_max / 3);
    const auto covered = outcome.every * static_cast<std::int64_t>(series.points.size());
    CHECK(covered >= 47h);
    CHECK(covered <= 48h);
    REQUIRE(series.limits.size() == 1);
    CHECK(series.limits[0].at.at(Level::IV) == 2.0);
}
