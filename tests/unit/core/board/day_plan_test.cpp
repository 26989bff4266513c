#include "core/board/day_plan.hpp"

#include "base/codec.hpp"

#include <doctest/doctest.h>
#include <optional>

using namespace surged;
using board::DayPlan;

namespace {

Wall at(int minute) { return Wall{1'795'450'000'000'000 + minute * 60'000'000LL}; }

acd::Expected interval(int from, int to, int offered, std::optional<int> agents = {}) {
    return {at(from), at(to), offered * 1'000'000LL, agents, {}, {}};
}

std::optional<int> offered(const DayPlan& plan, int from, int to) {
    const auto sum = plan.offered(at(from), at(to));
    return sum ? std::optional{static_cast<int>(*sum / 1'000'000)} : std::nullopt;
}

TEST_CASE("day plan: a span takes its share of each interval that it covers") {
    DayPlan plan;
    CHECK(plan.empty());
    REQUIRE(plan.put(interval(15, 30, 60), at(0)));
    REQUIRE(plan.put(interval(0, 15, 30), at(0)));
    CHECK(offered(plan, 0, 30) == 90);
    CHECK(offered(plan, 5, 20) == 40);
    CHECK(offered(plan, 15, 15) == 0);
}

TEST_CASE("day plan: a span that is not planned whole expects nothing that could be told") {
    DayPlan plan;
    REQUIRE(plan.put(interval(0, 15, 30), at(0)));
    REQUIRE(plan.put(interval(20, 30, 20), at(0)));
    CHECK(!offered(plan, -1, 10));
    CHECK(!offered(plan, 10, 25));
    CHECK(!offered(plan, 25, 31));
    CHECK(offered(plan, 20, 30) == 20);
}

TEST_CASE("day plan: a later version takes the place of what it overlaps, the rest stays") {
    DayPlan plan;
    REQUIRE(plan.put(interval(0, 60, 60), at(0)));
    REQUIRE(plan.put(interval(15, 30, 90), at(0)));
    CHECK(offered(plan, 0, 60) == 15 + 90 + 30);
    CHECK(offered(plan, 0, 15) == 15);
    REQUIRE(plan.put(interval(0, 60, 12), at(0)));
    CHECK(offered(plan, 0, 60) == 12);
}

TEST_CASE("day plan: heads and lines are those of the interval of the moment") {
    DayPlan plan;
    REQUIRE(plan.put(interval(0, 15, 30, 12), at(0)));
    REQUIRE(plan.put(interval(15, 30, 30), at(0)));
    REQUIRE(plan.at(at(0)) != nullptr);
    CHECK(plan.at(at(0))->agents == 12);
    CHECK(!plan.at(at(15))->agents);
    CHECK(plan.at(at(30)) == nullptr);
    CHECK(plan.next_change(at(-5)) == at(0));
    CHECK(plan.next_change(at(0)) == at(15));
    CHECK(plan.next_change(at(30)) == std::nullopt);
}

TEST_CASE("day plan: it holds so many intervals, and forgets those of the day before yesterday") {
    DayPlan plan;
    const auto count = static_cast<int>(DayPlan::most);
    for (int i = 0; i < count; ++i) REQUIRE(plan.put(interval(i, i + 1, 1), at(0)));
    CHECK(!plan.put(interval(count, count + 1, 1), at(0)));
    CHECK(offered(plan, 0, count) == count);
    REQUIRE(plan.put(interval(count, count + 1, 1), at(24 * 60 + 1)));
    CHECK(!offered(plan, 0, 1));
    CHECK(offered(plan, 1, count + 1) == count);
}

TEST_CASE("day plan: it is written and read") {
    DayPlan plan;
    REQUIRE(plan.put(interval(0, 15, 30, 12), at(0)));
    const auto read = codec::decode<DayPlan>(codec::encode(plan));
    REQUIRE(read.has_value());
    CHECK(*read == plan);
}

}  // namespace
