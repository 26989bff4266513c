#include "io/ack/raise.hpp"

#include <doctest/doctest.h>

using namespace surged;

namespace {

plan::Leaf leaf_of(board::Kpi kpi, bool below, Micros change_over = Micros{0}) {
    plan::Leaf leaf;
    leaf.measure.kpi = kpi;
    leaf.ladder.below = below;
    leaf.change_over = change_over;
    return leaf;
}

}  // namespace

TEST_CASE("ack: a raised threshold is harder to reach, whichever its sign and direction") {
    const auto waiting = leaf_of(board::Kpi::calls_waiting, false);
    CHECK(io::ack::harder(waiting, 10, 2) == 20);
    const auto answered = leaf_of(board::Kpi::answer_ratio, true);
    CHECK(io::ack::harder(answered, 0.8, 2) == 0.4);
    // A fall of the service level by 10 points: a fall by 20 is harder to reach.
    const auto falls = leaf_of(board::Kpi::service_level, true, 10min);
    CHECK(io::ack::harder(falls, -0.1, 2) == -0.2);
    const auto gauge = leaf_of(board::Kpi::gauge, false);
    CHECK(io::ack::harder(gauge, -10, 2) == -5);
}

TEST_CASE("ack: a raised share stays below the whole, so that the gravest level can still come") {
    const auto abandoned = leaf_of(board::Kpi::abandon_ratio, false);
    CHECK(io::ack::harder(abandoned, 0.6, 2) == 0.8);
    CHECK(io::ack::harder(abandoned, 0.15, 2) == doctest::Approx(0.575));
    CHECK(io::ack::harder(abandoned, 0.9, 1.2) < 1);
    auto multiple = abandoned;  // of what is usual: has no whole
    multiple.ratio_to = plan::Relative::profile;
    CHECK(io::ack::harder(multiple, 1.5, 2) == 3);
}
