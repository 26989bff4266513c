#include "app/simulate/feed.hpp"

#include "app/simulate/scenarios.hpp"
#include "app/simulate/setup.hpp"

#include <doctest/doctest.h>

using namespace surged;
using namespace surged::app::simulate;

TEST_CASE("simulate: a run whose events nobody takes ends, and says how many were left") {
    Wish wish;
    wish.scenario = parse_scenario("surge").value();
    wish.agents = usual_agents(wish.scenario);
    wish.duration = 2s;
    const auto made = make_setup(wish);
    REQUIRE(made);
    int looks = 0;
    const auto too_long = [&looks] { return ++looks > 600; };  // ten a second
    ApiOptions closed;
    closed.url = "http://127.0.0.1:1";
    closed.linger = Micros{300ms};
    const auto truth = post_events(*made, closed, too_long);
    REQUIRE_FALSE(truth);
    CHECK(truth.error().what.find("events at the end were not delivered") != std::string::npos);
}
