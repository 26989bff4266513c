#include "core/plan/rules.hpp"

#include <doctest/doctest.h>

namespace surged::plan {
namespace {

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

TEST_CASE("rules: the last override that matches a queue is in force") {
    Condition condition;
    condition.leaf.min_calls = 1;
    condition.overrides.resize(2);
    condition.overrides[0].queues = {"vip-*"};
    condition.overrides[0].leaf.min_calls = 2;
    condition.overrides[1].queues = {"vip-north", "east"};
    condition.overrides[1].leaf.min_calls = 3;
    CHECK(leaf_for(condition, "sales", {}).min_calls == 1);
    CHECK(leaf_for(condition, "vip-south", {}).min_calls == 2);
    CHECK(leaf_for(condition, "vip-north", {}).min_calls == 3);
    CHECK(leaf_for(condition, "east", {}).min_calls == 3);
    // One for every queue, in a calendar.
    condition.overrides.emplace_back();
    condition.overrides[2].when = "peak-season";
    condition.overrides[2].leaf.min_calls = 4;
    CHECK(leaf_for(condition, "sales", {"nights"}).min_calls == 1);
    CHECK(leaf_for(condition, "sales", {"nights", "peak-season"}).min_calls == 4);
    CHECK(leaf_for(condition, "east", {"peak-season"}).min_calls == 4);
}

}  // namespace
}  // namespace surged::plan
