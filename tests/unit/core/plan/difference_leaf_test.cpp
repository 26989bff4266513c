#include "core/plan/difference_leaf.hpp"

#include <doctest/doctest.h>

using namespace surged;
using namespace surged::plan;

TEST_CASE("difference: a condition in one line") {
    Condition absent;
    absent.kind = ConditionKind::absent;
    absent.source = "acd-1";
    Condition leaf;
    leaf.leaf.measure = {board::Kpi::service_level, board::Window::m15, {}, "vip", {}};
    leaf.leaf.ladder.below = true;
    leaf.leaf.change_over = 10min;
    Condition any;
    any.kind = ConditionKind::any;
    any.members = {absent, leaf};
    CHECK(summary_of(any) == "any(absent(acd-1), service_level 15m vip change over 10m below)");
}

TEST_CASE("difference: members are compared one with the other, each under its figure") {
    Condition leaf;
    leaf.leaf.measure.kpi = board::Kpi::calls_waiting;
    leaf.leaf.ladder.at.at(Level::II) = 5'000'000;
    Condition all;
    all.kind = ConditionKind::all;
    all.members = {leaf, leaf};
    all.members[1].leaf.measure.kpi = board::Kpi::longest_wait;
    Condition after = all;
    after.members[1].leaf.ladder.at.at(Level::II) = 60'000'000;
    std::vector<Change> out;
    compare_conditions(all, after, {"p", "t", {"*"}}, out);
    REQUIRE(out.size() == 1);
    CHECK(out[0].subject == "longest_wait");
    CHECK(out[0].after == "60");
    out.clear();
    after = all;
    after.during = "season";
    compare_conditions(all, after, {"p", "t", {"*"}}, out);
    REQUIRE(out.size() == 1);
    CHECK(out[0].what == What::condition);
}
