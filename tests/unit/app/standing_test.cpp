#include "app/standing.hpp"

#include "support/engine_driver.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace surged;

namespace {

/// Ids of the pages sent by the hook, without repeats, in order.
std::vector<std::string> hooked(const test::EngineDriver& driver) {
    std::vector<std::string> out;
    for (const delivery::Page& page : driver.sent())
        if (page.channel == "hook" && std::find(out.begin(), out.end(), page.id) == out.end())
            out.push_back(page.id);
    return out;
}

}  // namespace

TEST_CASE("standing: an incident is told from its first page until a while after its end") {
    test::EngineDriver driver;
    driver.load(test::small_center());
    driver.source_up();
    CHECK(app::standing(driver.engine, "hook").empty());
    driver.join(6);
    REQUIRE_FALSE(driver.sent().empty());
    delivery::Page page = driver.sent().front();
    REQUIRE(page.channel == "hook");
    const std::string first = page.id;
    CHECK(app::first_page(driver.engine, page) == first);
    auto stands = app::standing(driver.engine, "hook");
    REQUIRE(stands.size() == 1);
    CHECK(stands[0].page.id == hooked(driver).back());
    CHECK_FALSE(stands[0].ended_at.has_value());
    CHECK(app::standing(driver.engine, "another").empty());

    // Nobody answers: the next one's page is the newest, and the first stays the first.
    const std::size_t before = hooked(driver).size();
    for (int i = 0; i < 100 && hooked(driver).size() == before; ++i) driver.advance(30s);
    REQUIRE(hooked(driver).size() > before);
    stands = app::standing(driver.engine, "hook");
    REQUIRE(stands.size() == 1);
    CHECK(stands[0].page.id == hooked(driver).back());
    CHECK(app::first_page(driver.engine, stands[0].page) == first);

    driver.step(engine::EndIncident{page.incident, "wang", "over"});
    stands = app::standing(driver.engine, "hook");
    REQUIRE(stands.size() == 1);
    CHECK(stands[0].ended_at == to_wall(driver.now, driver.engine.wall_offset()));
    driver.advance(14min);
    CHECK(app::standing(driver.engine, "hook").size() == 1);
    driver.advance(2min);
    CHECK(app::standing(driver.engine, "hook").empty());
}

TEST_CASE("standing: a page of an incident that is not known has no first") {
    const test::EngineDriver driver;
    delivery::Page page;
    page.incident = "P06-hz-20261123-1";
    CHECK(app::first_page(driver.engine, page).empty());
}
