#include "simulation/worlds/checks.hpp"

#include "support/engine_driver.hpp"

#include <doctest/doctest.h>
#include <string>

using namespace surged;
using worlds::Checks;
using worlds::Verdict;

namespace {

/// A center in surge, with its first page under way.
test::EngineDriver surge() {
    test::EngineDriver d;
    d.load(test::small_center());
    d.source_up();
    d.join(4);
    return d;
}

std::string check_of(const Checks& checks) {
    return checks.failure() ? checks.failure()->check : std::string{"none"};
}

}  // namespace

TEST_CASE("worlds: what arrived and is sent again wants a reason, and a mark") {
    const test::EngineDriver d = surge();
    delivery::Page page = d.sent()[0];
    const auto again = [&](bool marked, bool died) {
        Checks checks;
        checks.recorded(page.id, page.attempts);
        checks.sending(d.engine, page, 1s, std::nullopt);
        checks.arrived(page, 1s);
        if (died) checks.died(2s, std::nullopt);
        page.possible_repeat = marked;
        checks.sending(d.engine, page, 3s, std::nullopt);
        checks.arrived(page, 3s);
        return check_of(checks);
    };
    CHECK(again(true, true) == "none");
    CHECK(again(false, true) == "mark");
    CHECK(again(true, false) == "repeat");
}

TEST_CASE("worlds: what is owed too long is stuck, and what grows without bound is seen") {
    test::EngineDriver d = surge();
    Checks fine;
    fine.drained(d.engine);
    fine.bounded(d.engine, 0, 0);
    CHECK(check_of(fine) == "none");
    d.advance(4min);  // no channel has ever answered
    Checks owed;
    owed.drained(d.engine);
    REQUIRE(owed.failure());
    CHECK(owed.failure()->verdict == Verdict::stuck);
    Checks grown;
    grown.bounded(d.engine, std::size_t{1} << 30, 0);
    CHECK(check_of(grown) == "memory");
}
