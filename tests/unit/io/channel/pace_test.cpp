#include "io/channel/pace.hpp"

#include <doctest/doctest.h>

using namespace surged;
using io::Pace;

TEST_CASE("channels: no more than the vendor takes, and room is kept for first attempts") {
    Micros now{0};
    Pace pace{{{4, 60s}}, [&] { return now; }};
    for (int i = 0; i < 3; ++i) {
        CHECK_FALSE(pace.hold(false).has_value());
        now += 1s;
    }
    CHECK(pace.hold(false) == Micros{57s});  // a quarter is not for those
    CHECK_FALSE(pace.hold(true).has_value());
    CHECK(pace.hold(true) == Micros{57s});
    now += 57s;
    CHECK_FALSE(pace.hold(true).has_value());
    CHECK(pace.hold(true) == Micros{1s});
}

TEST_CASE("channels: of two limits the longer wait holds") {
    Micros now{0};
    Pace pace{
        {{2, 1s}, {3, 60s}},
        [&] { return now; }
    };
    CHECK_FALSE(pace.hold(true).has_value());
    CHECK_FALSE(pace.hold(true).has_value());
    CHECK(pace.hold(true) == Micros{1s});
    now += 1s;
    CHECK_FALSE(pace.hold(true).has_value());
    CHECK(pace.hold(true) == Micros{59s});
}

TEST_CASE("channels: a vendor that asks for silence gets it") {
    Micros now{0};
    Pace pace{{{20, 60s}}, [&] { return now; }};
    pace.quiet(10min);
    pace.quiet(5s);  // no less than what was asked before
    CHECK(pace.hold(true) == Micros{10min});
    now += 10min;
    CHECK_FALSE(pace.hold(true).has_value());
}
