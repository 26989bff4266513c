#include "core/engine/engine.hpp"
#include "support/engine_driver.hpp"

#include <doctest/doctest.h>
#include <set>
#include <string>

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

/// The incident that stands.
std::string standing(const EngineDriver& d) {
    for (const auto& [id, incident] : d.engine.incidents())
        if (incident.phase != incident::Phase::ended) return id;
    return {};
}

void offered(EngineDriver& d, std::string_view queue, std::string_view call) {
    acd::Event e;
    e.type = acd::EventType::offered;
    e.queue = queue;
    e.call = call;
    d.event(e);
}

void end(EngineDriver& d) { d.step(engine::EndIncident{standing(d), "wang", ""}); }

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

TEST_CASE("incident: ended by hand for one queue, it opens again for another that was well") {
    EngineDriver d = center();
    plan::RuleSet rules = test::small_center();
    rules.plans["platform-service"].queues = {"sales", "vip"};
    d.load(std::move(rules), "h2");
    d.join(5);
    end(d);
    const std::size_t before = d.sent().size();
    offered(d, "vip", "v-1");
    d.join(1);  // II: graver than what was ended, and opens by itself
    end(d);
    for (const std::string_view call : {"v-2", "v-3"}) offered(d, "vip", call);
    CHECK(standing(d).empty());  // three wait there: IV, of which people are only warned
    for (const std::string_view call : {"v-4", "v-5"}) offered(d, "vip", call);
    REQUIRE_FALSE(standing(d).empty());  // III only, but of a queue that he did not know of
    CHECK(d.engine.incidents().at(standing(d)).queues.contains("vip"));
    CHECK(d.sent().size() > before);
    end(d);
    offered(d, "vip", "v-6");  // still III on both: that is known
    CHECK(standing(d).empty());
}

TEST_CASE("incident: a wall clock that steps back and forth gives no id twice") {
    EngineDriver d = center();
    std::set<std::string> ids;
    d.join(4);
    ids.insert(standing(d));
    int opened = 1;
    int waiting = 4;
    for (const Micros offset : {Micros{-30h}, Micros{0}, Micros{-30h}, Micros{0}}) {
        end(d);
        d.step(engine::WallClock{offset}, "");
        d.answer(waiting);
        d.advance(3min);
        d.advance(3min);  // clear: the next crossing is a new one
        d.join(4);
        waiting = 4;
        ids.insert(standing(d));
        ++opened;
        CHECK(d.engine.incidents().at(standing(d)).opened_at == d.now);
    }
    CHECK(ids.size() == 5);
    CHECK(opened == 5);
    CHECK(d.engine.incidents().size() == 5);
    CHECK(d.sent().size() == 5);  // each was paged
}

TEST_CASE("incident: ended by hand, it may open again when a reload took away what fired") {
    EngineDriver d = center();
    offered(d, "vip", "v-1");
    d.join(6);
    end(d);  // at level II, while sales fires
    plan::RuleSet others = test::small_center();
    others.plans["platform-service"].queues = {"vip"};
    d.load(std::move(others), "h2");
    const std::size_t before = d.sent().size();
    for (const std::string_view call : {"v-2", "v-3", "v-4"}) offered(d, "vip", call);
    CHECK_FALSE(standing(d).empty());  // III, milder than what was ended, but another matter
    CHECK(d.sent().size() == before + 1);
}

TEST_CASE("incident: a queue that its plan lets go and takes again starts afresh") {
    EngineDriver d = center();
    d.join(6);
    plan::RuleSet others = test::small_center();
    others.plans["platform-service"].queues = {"vip"};
    d.load(std::move(others), "h2");
    d.answer(6);
    d.advance(1h);
    const std::size_t before = d.sent().size();
    d.load(test::small_center(), "h3");
    for (const std::string_view call : {"v-1", "v-2"}) offered(d, "vip", call);  // IV: warns
    REQUIRE_FALSE(standing(d).empty());
    CHECK(d.engine.incidents().at(standing(d)).level == plan::Level::IV);
    CHECK(d.sent().size() == before);
}
