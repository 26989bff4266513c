#include "core/plan/rules.hpp"

#include <doctest/doctest.h>

namespace surged::plan {
namespace {

Wall at(const char* text) { return parse_rfc3339(text).value(); }

TEST_CASE("rules: globs of queue names") {
    struct Row {
        const char *pattern, *text;
        bool matches;
    };
    const Row rows[] = {
        {"sales",  "sales",     true },
        {"sales",  "sales-2",   false},
        {"vip-*",  "vip-",      true },
        {"vip-*",  "vip-north", true },
        {"vip-*",  "vi",        false},
        {"*",      "",          true },
        {"*-*-*",  "a-b-c-d",   true },
        {"*a*b",   "xaxaxxb",   true },
        {"*a*b",   "xaxaxxbc",  false},
        {"q?",     "q1",        true },
        {"q?",     "q",         false},
        {"",       "",          true },
        {"",       "a",         false},
        {"sales.", "sales1",    false},
    };
    for (const Row& row : rows) {
        CAPTURE(row.pattern);
        CAPTURE(row.text);
        CHECK(glob_matches(row.pattern, row.text) == row.matches);
    }
    CHECK(any_glob_matches({"a", "b*"}, "b7"));
    CHECK_FALSE(any_glob_matches({}, "a"));
}

TEST_CASE("rules: local time follows the zone's changes") {
    const Zone hangzhou{"Asia/Shanghai", {{Wall{0}, 8 * 3600}}};
    CHECK(local_date(hangzhou, at("2026-11-22T16:00:00Z")) == "20261123");
    CHECK(local_clock(hangzhou, at("2026-11-23T16:35:19Z")) == "2026-11-24 00:35:19");
    CHECK(local_midnight(hangzhou, at("2026-11-23T15:59:59Z")) == at("2026-11-22T16:00:00Z"));
    CHECK(local_midnight(hangzhou, at("2026-11-23T16:00:00Z")) == at("2026-11-23T16:00:00Z"));

    // Berlin leaves summer time on 2026-10-25 at 01:00 UTC: that day has 25 hours.
    const Zone berlin{
        "Europe/Berlin", {{Wall{0}, 7200}, {at("2026-10-25T01:00:00Z"), 3600}}
    };
    CHECK(offset_at(berlin, at("2026-10-25T00:59:59Z")) == 7200);
    CHECK(offset_at(berlin, at("2026-10-25T01:00:00Z")) == 3600);
    CHECK(local_midnight(berlin, at("2026-10-25T22:59:59Z")) == at("2026-10-24T22:00:00Z"));
    CHECK(local_midnight(berlin, at("2026-10-25T23:00:00Z")) == at("2026-10-25T23:00:00Z"));
    CHECK(offset_at(Zone{}, Wall{0}) == 0);
}

TEST_CASE("rules: levels are read as they are written") {
    for (const Level level : levels) CHECK(parse_level(name_of(level)) == level);
    CHECK_FALSE(parse_level("2").has_value());
    CHECK_FALSE(parse_level("ii").has_value());
    CHECK_FALSE(parse_level("none").has_value());
}

TEST_CASE("rules: the last override that matches a queue is in force") {
    Condition condition;
    condition.leaf.min_calls = 1;
    condition.overrides.resize(2);
    condition.overrides[0].queues = {"vip-*"};
    condition.overrides[0].leaf.min_calls = 2;
    condition.overrides[1].queues = {"vip-north", "east"};
    condition.overrides[1].leaf.min_calls = 3;
    CHECK(leaf_for(condition, "sales").min_calls == 1);
    CHECK(leaf_for(condition, "vip-south").min_calls == 2);
    CHECK(leaf_for(condition, "vip-north").min_calls == 3);
    CHECK(leaf_for(condition, "east").min_calls == 3);
}

}  // namespace
}  // namespace surged::plan
