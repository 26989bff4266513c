// The floor as its users see it: events in, figures out.
#include "floor_bench.hpp"

using namespace surged;
using namespace surged::test;

TEST_CASE("acd: a day of one caller") {
    FloorBench bench;
    CHECK(bench.tell(0, agent("1001", AgentState::available)) == Reject::none);
    CHECK(bench.tell(1, offered("c-1")) == Reject::none);
    bench.wait_until(5);
    CHECK(bench.value(Kpi::calls_waiting) == 1);
    CHECK(bench.value(Kpi::longest_wait) == 4);
    CHECK(bench.value(Kpi::waiting_per_agent) == 1);
    CHECK(bench.view().wait_reaches(bench.queue(), 10'000'000) == at(11));
    CHECK(bench.tell(13.4, answered("c-1", span(12.4))) == Reject::none);
    CHECK(bench.tell(13.4, agent("1001", AgentState::busy)) == Reject::none);
    CHECK(bench.value(Kpi::calls_waiting) == 0);
    CHECK(bench.value(Kpi::longest_wait) == 0);
    CHECK(bench.value(Kpi::agents_busy) == 1);
    CHECK(bench.value(Kpi::average_speed_of_answer, Window::m5) == doctest::Approx(12.4));
    CHECK(bench.value(Kpi::service_level, Window::m5) == 1);
    CHECK(bench.tell(101, completed("c-1", span(87.5))) == Reject::none);
    CHECK(bench.value(Kpi::average_handle_time, Window::m5) == doctest::Approx(87.5));
    const board::Totals& totals = bench.totals();
    CHECK(totals.offered == 1);
    CHECK(totals.answered_in_target == 1);
    CHECK(totals.completed == 1);
    CHECK(totals.wait_sum == span(12.4));
    CHECK(bench.balanced());
    bench.wait_until(309.9);  // its bucket of 5 s ends at 15, and leaves 295 s later
    CHECK(bench.value(Kpi::calls_answered, Window::m5) == 1);
    bench.wait_until(310);
    CHECK(bench.value(Kpi::calls_answered, Window::m5) == 0);
    CHECK(bench.value(Kpi::service_level, Window::m5) == -1);
    CHECK(bench.value(Kpi::calls_answered, Window::day) == 1);
}

TEST_CASE("acd: write and read make a round trip") {
    FloorBench bench;
    bench.tell(0, agent("1001", AgentState::available));
    bench.tell(1, by_id(offered("c-1"), "e-1"));
    bench.tell(2, offered("c-2"));
    bench.tell(3, answered("c-1"));
    bench.tell(4, abandoned("c-2", {}, true));
    const std::string bytes = bench.bytes();
    FloorBench other;
    std::string_view in = bytes;
    REQUIRE(other.floor.read(in));
    CHECK(in.empty());
    other.load(at(4));
    CHECK(other.bytes() == bytes);
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
