#include "io/runtime/token_bucket.hpp"

#include <doctest/doctest.h>

using namespace surged;
using namespace surged::io;

TEST_CASE("token bucket: so many at once, then so many a second") {
    TokenBucket bucket{2, 3};
    const Micros t{1'000'000'000};
    CHECK(bucket.take(t));
    CHECK(bucket.take(t));
    CHECK(bucket.take(t));
    CHECK(!bucket.take(t));
    CHECK(!bucket.take(t + 499ms));
    CHECK(bucket.take(t + 500ms));
    CHECK(!bucket.take(t + 500ms));
    CHECK(!bucket.take(t - 1h));  // a clock that goes back gives nothing
    CHECK(bucket.take(t + 1s));
    CHECK(!bucket.take(t + 1s));
    int taken = 0;
    while (bucket.take(t + 24h)) ++taken;
    CHECK(taken == 3);  // never more than that at once
}
