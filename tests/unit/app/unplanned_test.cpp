#include "app/unplanned.hpp"

#include "support/engine_driver.hpp"

#include <doctest/doctest.h>

using namespace surged;

TEST_CASE("unplanned: readiness names the triggers that want a plan of the day") {
    test::EngineDriver d;
    plan::RuleSet rules = test::small_center();
    plan::Leaf& leaf = rules.plans["platform-service"].triggers[0].condition.leaf;
    leaf.measure = {board::Kpi::calls_offered, board::Window::m15, {}, {}, {}};
    leaf.ratio_to = plan::Relative::plan;
    d.load(rules);
    CHECK_MESSAGE(!app::unplanned_component(d.engine), "no queue, nothing to plan");
    d.source_up();
    d.join(1);
    const auto component = app::unplanned_component(d.engine);
    REQUIRE(component.has_value());
    CHECK(component->name == "plan of the day");
    CHECK(!component->ok);
    CHECK(
        component->detail ==
        "none covers this moment, so these say nothing: platform-service/pressure on sales"
    );
    acd::Event e;
    e.type = acd::EventType::expected;
    e.queue = "sales";
    e.expected =
        acd::Expected{to_wall(d.now - 1h, {}), to_wall(d.now + 1h, {}), 160'000'000, {}, {}, {}};
    d.event(e);
    CHECK(!app::unplanned_component(d.engine));
}
