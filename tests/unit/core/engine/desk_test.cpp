#include "core/engine/engine.hpp"
#include "support/engine_driver.hpp"

#include <doctest/doctest.h>

using namespace surged;
using plan::Level;
using test::EngineDriver;

namespace {

EngineDriver center() {
    EngineDriver d;
    d.load(test::small_center());
    d.source_up();
    return d;
}

}  // namespace

TEST_CASE("engine: a crossing opens an incident and pages; milder than activated only warns") {
    EngineDriver d = center();
    d.join(1);
    CHECK(d.engine.incidents().empty());
    d.join(1);  // IV: warn
    REQUIRE(d.engine.incidents().size() == 1);
    CHECK(d.incident().id == "P06-hz-20261124-1");  // local date: Shanghai is a day ahead
    CHECK(d.incident().phase == incident::Phase::warned);
    CHECK(d.sent().empty());
    d.join(2);  // III
    CHECK(d.incident().level == Level::III);
    CHECK(d.incident().rise == 2);
    REQUIRE(d.sent().size() == 1);
    CHECK(d.sent()[0].person == "wang");
    CHECK(d.sent()[0].id == "P06-hz-20261124-1.2.0.0.wang.hook");
    CHECK(d.engine.wants(d.sent()[0].id, 1));
}

TEST_CASE("incident: ended by hand while it fires stays ended until it is graver or was clear") {
    EngineDriver d = center();
    d.join(4);
    const std::string id = d.incident().id;
    CHECK(d.step(engine::EndIncident{id, "wang", "known"}).verdict == engine::Verdict::done);
    d.join(1);
    CHECK(d.engine.incidents().size() == 1);
    d.join(1);  // II
    CHECK(d.engine.incidents().size() == 2);
    CHECK(d.step(engine::EndIncident{id, "wang", ""}).verdict == engine::Verdict::conflict);
}
