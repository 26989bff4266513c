#include "io/runtime/backoff.hpp"

#include <doctest/doctest.h>

using namespace surged;

TEST_CASE("backoff: doubles up to its limit, each in its upper half") {
    io::Backoff backoff{500ms, 30s, 7};
    Micros bound = 500ms;
    for (int i = 0; i < 20; ++i) {
        const Micros delay = backoff.next();
        CHECK(delay >= bound / 2);
        CHECK(delay <= bound);
        bound = std::min(bound * 2, Micros{30s});
    }
    CHECK(backoff.next() >= 15s);
    backoff.reset();
    CHECK(backoff.next() <= 500ms);
    CHECK(backoff.longest() >= 15s);
    CHECK(backoff.next() >= 15s);  // it stays long until a success
}

TEST_CASE("backoff: two clients do not come back in step") {
    io::Backoff one{1s, 60s, 1}, other{1s, 60s, 2};
    int same = 0;
    for (int i = 0; i < 10; ++i) same += one.next() == other.next() ? 1 : 0;
    CHECK(same < 3);
}
