#include "core/expect/past.hpp"

#include "base/codec.hpp"

#include <doctest/doctest.h>

using namespace surged;

namespace {

TEST_CASE("past: a figure is kept twenty times within the span, every second at most") {
    CHECK(expect::step_of(10min) == 30s);
    CHECK(expect::step_of(20s) == 1s);
    CHECK(expect::step_at(Instant{Micros{89'999'999}}, 30s) == 2);
}

TEST_CASE("past: what was so long ago is the sample of twenty steps before, and no other") {
    expect::Track track;
    track.put(100, {5, 1});
    CHECK(!track.before(119));
    CHECK(track.before(120) == board::Quantity{5, 1});
    CHECK_MESSAGE(!track.before(121), "nothing was kept at 101: the data was lost");
    for (std::int64_t step = 101; step < 200; ++step) track.put(step, {step, 1});
    CHECK(track.before(210) == board::Quantity{190, 1});
    CHECK_MESSAGE(!track.before(121), "older ones are forgotten");
}

TEST_CASE("past: a difference is exact to the millionth and may be negative") {
    CHECK(expect::difference({9, 10}, {7, 10}).value() == doctest::Approx(0.2));
    CHECK(expect::difference({1, 3}, {2, 3}) == board::Quantity{-333'333, 1'000'000});
}

TEST_CASE("past: it is written and read") {
    expect::Past past;
    plan::Leaf leaf;
    leaf.change_over = 10min;
    past.all[expect::past_key("sales", leaf)].put(7, {1, 2});
    const auto read = codec::decode<expect::Past>(codec::encode(past));
    REQUIRE(read.has_value());
    CHECK(*read == past);
}

}  // namespace
