// The variants of service level, by ICMI's worked example.
#include "core/board/service_level.hpp"

#include <doctest/doctest.h>

using namespace surged::board;

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
