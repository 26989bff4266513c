// The variants of service level, by ICMI's worked example.
#include "core/board/service_level.hpp"

#include "../acd/floor_bench.hpp"

#include <cmath>

using namespace surged;
using namespace surged::board;
using namespace surged::test;

TEST_CASE("service_level: ICMI's worked example, and ours") {
    // A = 1000, B = 60, A_T = 860, B_T = 20 (ICMI QueueTips 2002); S and X are our additions.
    Left left{
        .answered = 1000,
        .answered_in_target = 860,
        .abandoned = 60,
        .abandoned_in_target = 20,
        .short_abandoned = 10,
        .exited = 30
    };
    struct Row {
        Formula formula;
        double percent;
        Quantity exact;
    };
    const Row rows[] = {
        {Formula::V1, 81.1, {860, 1060}},
        {Formula::V2, 83.0, {880, 1060}},
        {Formula::V3, 86.0, {860, 1000}},
        {Formula::V4, 82.7, {860, 1040}},
        {Formula::V5, 82.1, {870, 1060}},
        {Formula::V6, 81.9, {860, 1050}},
        {Formula::V7, 78.9, {860, 1090}},
        {Formula::V8, 79.6, {860, 1080}},
    };
    for (const Row& row : rows) {
        CAPTURE(static_cast<int>(row.formula));
        const auto level = service_level(left, row.formula);
        REQUIRE(level);
        CHECK(*level == row.exact);
        CHECK(level->value() * 100 == doctest::Approx(row.percent).epsilon(0.0007));
    }
    CHECK(service_level(left, Formula::V8, 120) == Quantity{860, 1200});
}

TEST_CASE("service_level: no traffic is not 100 %") {
    CHECK_FALSE(service_level({}));
    CHECK_FALSE(service_level({.abandoned = 3, .abandoned_in_target = 3, .short_abandoned = 3}));
    CHECK(service_level({}, Formula::V8, 2) == Quantity{0, 2});
}

TEST_CASE("service_level: V3 and V2 are what Asterisk prints of a queue") {
    // Its own last word on three queues (tests/data/asterisk/22-surge/truth.json), and how it gets
    // there: callscompletedinsl ÷ callscompleted, and with the abandoned in both.
    struct Row {
        Left left;
        double perf, perf2;
    };
    const Row rows[] = {
        {{57, 45, 19, 14},   78.9, 77.6},
        {{196, 66, 130, 59}, 33.7, 38.3},
        {{24, 23, 4, 4},     95.8, 96.4},
    };
    for (const Row& row : rows) {
        const auto percent = [&](Formula formula) {
            return std::round(service_level(row.left, formula)->value() * 1000) / 10;
        };
        CHECK(percent(Formula::V3) == doctest::Approx(row.perf));
        CHECK(percent(Formula::V2) == doctest::Approx(row.perf2));
    }
}

TEST_CASE("service_level: a queue's formula is in its figure, the live one and what min_calls asks"
) {
    // 1 answered in time and 1 late, 1 short abandon and 1 within T, 1 sent elsewhere; at 40 one
    // waits longer than T.
    const std::array<std::pair<Quantity, Quantity>, formulas> values{
        {{{1, 4}, {1, 5}},
         {{3, 4}, {3, 5}},
         {{1, 2}, {1, 3}},
         {{1, 2}, {1, 3}},
         {{2, 4}, {2, 5}},
         {{1, 3}, {1, 4}},
         {{1, 5}, {1, 6}},
         {{1, 4}, {1, 5}}}
    };
    for (std::size_t i = 0; i < formulas; ++i) {
        const auto formula = static_cast<Formula>(i);
        CAPTURE(name_of(formula));
        CHECK(parse_formula(name_of(formula)) == formula);
        FloorBench bench;
        bench.rules.site.queues["sales"].formula = formula;
        bench.load();
        for (const char* call : {"1", "2", "3", "4", "5", "6"}) bench.tell(0, offered(call));
        bench.tell(3, abandoned("3"));
        bench.tell_all(10, {answered("1"), abandoned("4")});
        bench.tell_all(30, {answered("2"), exited("5", ExitReason::timeout)});
        bench.wait_until(40);
        const auto& [level, live] = values.at(i);
        CHECK(bench.quantity(Kpi::service_level, Window::m5) == level);
        CHECK(bench.quantity(Kpi::service_level_live, Window::m5) == live);
        const auto base = [&](Kpi kpi) {
            return static_cast<std::int64_t>(
                bench.view().base_count(bench.queue(), {kpi, Window::m5, {}, {}, {}})
            );
        };
        CHECK(base(Kpi::service_level) == level.den);
        CHECK(base(Kpi::service_level_live) == live.den);
    }
    CHECK_FALSE(parse_formula("V9"));
    CHECK_FALSE(parse_formula("v8"));
}
