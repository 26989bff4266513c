#include "core/paging/ladder.hpp"

#include "support/rules_builder.hpp"

#include <doctest/doctest.h>

using namespace surged;
using paging::Due;
using paging::Ladder;

namespace {

const Instant t0{};

Ladder on_duty() {
    Ladder ladder;
    ladder.incident = "P06-hz-20261123-1";
    ladder.team = "duty";
    ladder.rise = 1;
    return ladder;
}

}  // namespace

TEST_CASE("paging: the ladder climbs, repeats, and ends with the last resort for good") {
    const plan::RuleSet rules = test::small_center();
    Ladder ladder = on_duty();
    CHECK(
        paging::start(
            ladder,
            rules,
            {
    },
            t0
        ) == std::vector<Due>{{"wang", 0, 0, 0}}
    );
    CHECK(paging::next_wake(ladder) == t0 + 60s);
    struct Row {
        Seconds at;
        std::vector<Due> want;
    };
    const Row rows[] = {
        {59s,   {}                 },
        {60s,   {{"wang", 1, 0, 0}}}, // his second way
        {299s,  {}                 },
        {300s,  {{"li", 0, 1, 0}}  }, // rung 1
        {600s,  {{"wang", 0, 0, 1}}}, // round 1
        {660s,  {{"wang", 1, 0, 1}}},
        {900s,  {{"li", 0, 1, 1}}  },
        {1200s, {{"boss", 0, 2, 2}}}, // last resort
        {1500s, {{"boss", 0, 2, 3}}}, // again: a page is owed
        {1800s, {{"boss", 0, 2, 4}}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.at.count());
        CHECK(paging::run(ladder, rules, {}, t0 + row.at) == row.want);
    }
}

TEST_CASE("paging: an empty rung is skipped at once, and no rung at all goes to the last resort") {
    plan::RuleSet rules = test::small_center();
    rules.teams["duty"].escalation[0].page.clear();
    Ladder ladder = on_duty();
    CHECK(
        paging::start(
            ladder,
            rules,
            {
    },
            t0
        ) == std::vector<Due>{{"li", 0, 1, 0}}
    );
    rules.teams["duty"].escalation.clear();
    ladder = on_duty();
    CHECK(
        paging::start(
            ladder,
            rules,
            {
    },
            t0
        ) == std::vector<Due>{{"boss", 0, 0, 1}}
    );
    rules.teams["duty"].last_resort.clear();
    ladder = on_duty();
    CHECK(paging::start(ladder, rules, {}, t0).empty());
    CHECK_FALSE(paging::next_wake(ladder).has_value());
}

TEST_CASE("paging: when a way fails the person's next way is due at once") {
    const plan::RuleSet rules = test::small_center();
    Ladder ladder = on_duty();
    (void)paging::start(ladder, rules, {}, t0);
    CHECK(paging::hurry(ladder, "li").empty());
    CHECK(
        paging::hurry(ladder, "wang") ==
        std::vector<Due>{
            {"wang", 1, 0, 0}
    }
    );
    CHECK(paging::hurry(ladder, "wang").empty());
    CHECK(paging::run(ladder, rules, {}, t0 + 60s).empty());  // not a second time
}
