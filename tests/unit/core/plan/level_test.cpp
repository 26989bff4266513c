#include "core/plan/level.hpp"

#include <doctest/doctest.h>

namespace surged::plan {
namespace {

TEST_CASE("level: levels are read as they are written") {
    for (const Level level : levels) CHECK(parse_level(name_of(level)) == level);
    CHECK_FALSE(parse_level("2").has_value());
    CHECK_FALSE(parse_level("ii").has_value());
    CHECK_FALSE(parse_level("none").has_value());
}

}  // namespace
}  // namespace surged::plan
