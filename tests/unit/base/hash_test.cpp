#include "base/hash.hpp"

#include <doctest/doctest.h>

TEST_CASE("hash: published vectors") {
    CHECK(surged::crc32c("123456789") == 0xE3069283U);
    CHECK(surged::crc32c("6789", surged::crc32c("12345")) == 0xE3069283U);
    CHECK(surged::fnv1a("a") == 0xaf63dc4c8601ec8cULL);
}
