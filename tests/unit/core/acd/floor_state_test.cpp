// What a floor is when it has been written and read, and when its rules change.
#include "floor_bench.hpp"

using namespace surged;
using namespace surged::test;

TEST_CASE("acd: write and read make a round trip") {
    FloorBench bench;
    bench.tell(0, agent("1001", AgentState::available));
    bench.tell(1, by_id(offered("c-1"), "e-1"));
    bench.tell(2, offered("c-2"));
    bench.tell(3, answered("c-1"));
    bench.tell(4, abandoned("c-2", {}, true));
    Event cursor = event(EventType::heartbeat);
    cursor.cursor = "17:4096";
    bench.tell(4, cursor);
    const std::string bytes = bench.bytes();
    FloorBench other;
    std::string_view in = bytes;
    REQUIRE(other.floor.read(in));
    CHECK(in.empty());
    other.load(at(4));
    CHECK(other.bytes() == bytes);
    CHECK(other.floor.cursor("pbx") == "17:4096");
    CHECK(other.floor.cursor("nobody").empty());
    for (FloorBench* b : {&bench, &other}) {
        CHECK(b->tell(5, by_id(offered("c-1"), "e-1")) == Reject::duplicate);
        b->tell(5.5, completed("c-1"));
    }
    CHECK(other.bytes() == bench.bytes());
    CHECK(other.totals().abandoned == 1);
    for (std::size_t cut = 0; cut < bytes.size(); cut += 7) {
        std::string_view part = std::string_view{bytes}.substr(0, cut);
        acd::Floor floor;
        CHECK_FALSE(floor.read(part));
    }
}

TEST_CASE("acd: agents are written in one order, however they came") {
    FloorBench one;
    FloorBench other;
    std::vector<Event> agents;
    for (const char* name : {"9", "1001", "b", "PJSIP/1", "a", "10", "王"})
        agents.push_back(agent(name, AgentState::busy, {"sales", "support"}));
    one.tell_all(0, {agents.begin(), agents.end()});
    other.tell_all(0, {agents.begin(), agents.begin() + 1});  // the queues alike
    other.tell_all(0, {agents.rbegin(), agents.rend() - 1});
    CHECK(one.bytes() == other.bytes());
    FloorBench restored;
    const std::string bytes = one.bytes();
    std::string_view in = bytes;
    REQUIRE(restored.floor.read(in));
    CHECK(restored.bytes() == bytes);
}

TEST_CASE("acd: new rules keep what was counted") {
    FloorBench bench;
    Event vip = offered("c-1");
    vip.klass = "vip";
    bench.tell_all(0, {vip, offered("c-2")});
    bench.tell(5, answered("c-2"));
    const Measure waiting{Kpi::calls_waiting, Window::now, {}, "vip", {}};
    const auto queue = bench.queue();
    CHECK_FALSE(bench.view().value(queue, waiting));
    bench.measures = {
        waiting, {Kpi::service_level, Window::m15, {}, {}, {}}
    };
    bench.rules.site.queues["sales"].short_abandon = 0s;
    bench.load(at(6));
    CHECK(bench.view().value(queue, waiting) == Quantity{1, 1});  // who waits is known by class
    CHECK(bench.value(Kpi::calls_answered, Window::m5) == 1);
    CHECK(bench.value(Kpi::calls_offered, Window::m1) == -1);   // no longer measured
    CHECK(bench.value(Kpi::service_level, Window::m15) == -1);  // begins with the rule
    bench.tell(7, abandoned("c-1"));
    CHECK(bench.view().value(queue, waiting) == Quantity{0, 1});
    CHECK(bench.quantity(Kpi::service_level, Window::m15) == Quantity{0, 1});
    CHECK(bench.balanced());
}

TEST_CASE("acd: agent time is of the day and the rules that were, image or not") {
    const auto same = [](const std::string& what, auto&& change) {
        CAPTURE(what);
        FloorBench seen;
        FloorBench unseen;
        for (FloorBench* b : {&seen, &unseen}) b->tell(0, agent("1001", AgentState::busy));
        for (FloorBench* b : {&seen, &unseen}) b->wait_until(100);
        static_cast<void>(seen.bytes());  // an image is made of it: time up to here is counted
        for (FloorBench* b : {&seen, &unseen}) change(*b);
        for (FloorBench* b : {&seen, &unseen}) b->wait_until(150);
        CHECK(seen.bytes() == unseen.bytes());
    };
    same("the clock is set to the next day", [](FloorBench& b) {
        b.floor.apply(acd::Batch{}, b.source, Micros{12h});
    });
    same("the site moves to another day", [](FloorBench& b) {
        b.rules.site.zone = {"x", {{Wall{0}, 12 * 3600}}};
        b.load(at(100));
    });
    same("occupancy is measured from now on", [](FloorBench& b) {
        b.measures.push_back({Kpi::occupancy, Window::m15, {}, {}, {}});
        b.load(at(100));
    });
}

TEST_CASE("acd: a floor can be copied, and the copy goes its own way") {
    FloorBench bench;
    bench.tell(0, offered("c-1"));
    FloorBench copy = bench;
    CHECK(copy.bytes() == bench.bytes());
    copy.tell(1, answered("c-1"));
    CHECK(copy.totals().answered == 1);
    CHECK(bench.totals().answered == 0);
    CHECK(bench.value(Kpi::calls_waiting) == 1);
    CHECK(copy.bytes() != bench.bytes());
}
