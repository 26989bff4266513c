#include "core/expect/baselines.hpp"

#include "base/codec.hpp"

#include <doctest/doctest.h>
#include <initializer_list>
#include <optional>

using namespace surged;
using expect::Occasion;
using expect::slot_s;
using expect::slots_a_week;
using expect::Weeks;

namespace {

constexpr std::int64_t first = 30'000 * 96;  // some midnight

/// The same two quarter hours counted in each of these weeks; nullopt: data was lost.
Weeks weeks(std::initializer_list<std::optional<std::uint32_t>> counts) {
    Weeks out;
    std::int64_t slot = first;
    for (const auto& count : counts) {
        out.put(slot, count);
        out.put(slot + 1, count);
        slot += slots_a_week;
    }
    return out;
}

/// Of the quarter hour of the week after `counts` many.
std::optional<double> usual(const Weeks& weeks, std::int64_t week, std::int64_t minutes = 15) {
    const std::int64_t from_s = (first + week * slots_a_week) * slot_s;
    const auto sum = weeks.usual(from_s, from_s + minutes * 60);
    return sum ? std::optional{static_cast<double>(*sum) / 1e6} : std::nullopt;
}

TEST_CASE("baselines: the usual is the median of the same time in past weeks") {
    CHECK(usual(weeks({10, 12, 14}), 3) == 12);
    CHECK(usual(weeks({10, 12, 14, 16}), 4) == 13);
    CHECK_MESSAGE(usual(weeks({10, 12, 400, 11, 13}), 5) == 12, "one wild week is not believed");
    CHECK(usual(weeks({10, 12, 14}), 3, 30) == 24);
    CHECK_MESSAGE(usual(weeks({10, 12, 14}), 3, 5) == 4, "a part of a slot is a part of its count");
}

TEST_CASE("baselines: fewer than three weeks say nothing, and lost data is no week") {
    CHECK(!usual(weeks({10, 12}), 2));
    CHECK(!usual(weeks({10, {}, 12}), 3));
    CHECK(usual(weeks({10, {}, 12, 14}), 4) == 12);
    CHECK(!usual(Weeks{}, 1));
    CHECK_MESSAGE(!usual(weeks({10, 12, 14}), 3, 45), "the third quarter hour was never learned");
}

TEST_CASE("baselines: only the last six weeks count, and this week's own count does not") {
    CHECK(usual(weeks({100, 100, 100, 100, 1, 2, 3, 4, 5, 6}), 10) == 3.5);
    CHECK_MESSAGE(usual(weeks({1, 2, 3, 4, 5, 6, 900}), 6) == 3.5, "week 6 is the current one");
}

TEST_CASE("baselines: a week is taken whole, so that few and uneven counts are not cut down") {
    Weeks few;  // one complaint a week, each time in another quarter hour: no slot has a usual
    for (std::int64_t week = 0; week < 4; ++week)
        for (std::int64_t slot = 0; slot < 4; ++slot)
            few.put(first + week * slots_a_week + slot, slot == week ? 1U : 0U);
    CHECK(usual(few, 4, 15) == 0);
    CHECK(usual(few, 4, 60) == 1);
}

TEST_CASE("baselines: a table fills what is not known, and changes nothing else") {
    Weeks weeks;
    weeks.put(100, 7);
    weeks.put(101, std::nullopt);
    weeks.fill(100, 9);
    weeks.fill(101, 9);
    Weeks same;
    same.put(100, 7);
    same.put(101, 9);
    CHECK(weeks == same);
}

TEST_CASE("baselines: an occasion is compared with the last one, from its own beginning") {
    Occasion occasion;
    for (std::int64_t i = 0; i < 4; ++i)
        occasion.put(first, first + i, static_cast<std::uint32_t>(10 * (i + 1)));
    CHECK_MESSAGE(!occasion.last(0, slot_s), "the running one is not the last");
    occasion.over();
    occasion.over();
    const std::int64_t again = first + 365 * 96 + 3;
    occasion.put(again, again, 5U);
    CHECK(occasion.last(0, slot_s) == 10'000'000);
    CHECK(occasion.last(slot_s, 3 * slot_s) == 50'000'000);
    CHECK_MESSAGE(!occasion.last(3 * slot_s, 5 * slot_s), "it did not last so long");
    CHECK(!occasion.last(-1, slot_s));
    occasion.put(again + 96, again + 96, 7U);  // the next began before anybody saw the end
    CHECK(occasion.last(0, slot_s) == 5'000'000);
}

TEST_CASE("baselines: what was lost of an occasion is not known") {
    Occasion occasion;
    occasion.put(first, first + 1, 20U);  // the first quarter hour was never seen
    occasion.put(first, first + 2, std::nullopt);
    occasion.put(first, first + Occasion::longest, 20U);
    occasion.over();
    CHECK(!occasion.last(0, slot_s));
    CHECK(occasion.last(slot_s, 2 * slot_s) == 20'000'000);
    CHECK(!occasion.last(2 * slot_s, 3 * slot_s));
    CHECK(!occasion.last(Occasion::longest * slot_s, (Occasion::longest + 1) * slot_s));
}

TEST_CASE("baselines: they are written and read") {
    board::Measure complaints;
    complaints.kpi = board::Kpi::complaints;
    expect::Baselines all;
    expect::Baseline& one = all.all[{"sales", expect::learned(complaints), "sale"}];
    one.weeks = weeks({10, {}, 12});
    one.occasion.put(first, first, 3U);
    CHECK(all.all.begin()->first.measure.window == board::Window::day);
    const auto read = codec::decode<expect::Baselines>(codec::encode(all));
    REQUIRE(read.has_value());
    CHECK(*read == all);
}

}  // namespace
