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
    CHECK(
        bench.view().grows_since(bench.queue(), {Kpi::longest_wait, Window::now, {}, {}, {}}) ==
        at(1)
    );
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

TEST_CASE("acd: an id counts once a source") {
    FloorBench bench;
    Event refused = event(EventType::refused, "sales");
    CHECK(bench.tell(0, by_id(refused, "e-1")) == Reject::none);
    CHECK(bench.tell(1, by_id(refused, "e-1")) == Reject::duplicate);
    CHECK(bench.tell(1, by_id(refused, "e-2")) == Reject::none);
    CHECK(bench.tell(2, by_id(offered(""), "e-3")) == Reject::missing_field);
    CHECK(bench.tell(2, by_id(offered("c-1"), "e-3")) == Reject::none);  // a mistake uses up no id
    CHECK(bench.totals().refused == 2);
    bench.source = "other";
    Event survey = event(EventType::survey, "sales");
    survey.score = 5;
    CHECK(bench.tell(3, by_id(survey, "e-1")) == Reject::none);
}

TEST_CASE("acd: lateness is measured against the source's own newest time") {
    FloorBench bench;
    bench.tell(0, when(offered("c-1"), 0));
    bench.tell(1, when(offered("c-2"), 1));
    bench.tell(1000, when(offered("c-3"), 400));  // a file taken up again after an outage
    CHECK(bench.tell(1001, when(answered("c-2", 5s), 100)) == Reject::none);  // exactly 5 min
    CHECK(bench.tell(1001, when(abandoned("c-1", 9s), 99)) == Reject::late);
    CHECK(bench.tell(1001, when(offered("c-4"), 99)) == Reject::late);
    CHECK(bench.tell(1001, when(abandoned("c-5", 9s), 99)) == Reject::late);
    CHECK(bench.totals().offered == 3);
    CHECK(bench.totals().abandoned == 1);  // closed, so that it waits no longer
    CHECK(bench.value(Kpi::calls_abandoned, Window::day) == 0);
    CHECK(bench.value(Kpi::calls_answered, Window::day) == 1);
    CHECK(bench.value(Kpi::calls_waiting) == 1);
    CHECK(bench.balanced());
    const acd::SourceCounts& counts = bench.floor.sources().at("pbx");
    CHECK(counts.rejected.at(Reject::late) == 3);
    CHECK(counts.accepted.at(EventType::offered) == 3);
    CHECK(counts.newest == wall(400));
    CHECK(counts.heard == at(1001));
}

TEST_CASE("acd: a PBX whose clock is far behind ours is not late") {
    FloorBench bench;
    bench.tell(1000, event(EventType::heartbeat));
    bench.tell(1001, agent("1001", AgentState::available));  // told without a time
    CHECK(bench.tell(1002, when(offered("c-1"), 2)) == Reject::none);
    CHECK(bench.tell(1003, event(EventType::heartbeat)) == Reject::none);
    CHECK(bench.tell(1012, when(abandoned("c-1", 10s), 12)) == Reject::none);
    CHECK(bench.tell(1012, when(left("c-1"), 12)) == Reject::none);
    CHECK(bench.totals().offered == 1);
    CHECK(bench.totals().abandoned == 1);
}

TEST_CASE("acd: an event from the future counts at arrival") {
    FloorBench bench;
    CHECK(bench.tell(10, when(offered("c-1"), 4000)) == Reject::none);
    CHECK(bench.floor.sources().at("pbx").newest == wall(10));
    CHECK(bench.value(Kpi::calls_offered, Window::m1) == 1);
    bench.wait_until(20);
    CHECK(bench.value(Kpi::longest_wait) == 10);
}

TEST_CASE("acd: the wall clock is mapped by the offset given") {
    FloorBench bench;
    acd::Batch batch;
    batch.append(when(offered("c-1"), 3600 + 5));
    bench.floor.advance(at(10));
    CHECK(bench.floor.apply(batch, bench.source, Micros{1h}).accepted == 1);
    CHECK(bench.value(Kpi::longest_wait) == 5);
}

TEST_CASE("acd: wrong events are refused, and nothing else is disturbed") {
    FloorBench bench;
    bench.tell(0, offered("c-1"));
    const std::string long_name(1000, 'x');
    struct Row {
        const char* name;
        Event event;
        Reject reject;
    };
    const Row rows[] = {
        {"no queue", offered("c-2", ""), Reject::missing_field},
        {"no call", offered(""), Reject::missing_field},
        {"no agent", agent("", AgentState::busy), Reject::missing_field},
        {"agent of no known queue", agent("9", AgentState::busy, {}), Reject::missing_field},
        {"a name beyond bounds", offered(long_name), Reject::out_of_range},
        {"a wait of years", answered("c-1", Micros{std::chrono::years{3}}), Reject::out_of_range},
        {"a negative wait", answered("c-1", Micros{-1}), Reject::out_of_range},
        {"a time before all times", when(offered("c-2"), -2e9), Reject::out_of_range},
        {"a time beyond all times", when(offered("c-2"), 9e9), Reject::out_of_range},
        {"the end of an unknown call", settled("c-7"), Reject::unknown_call},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        CHECK(bench.tell(0, row.event) == row.reject);
    }
    CHECK(bench.view().queues().size() == 1);
    CHECK(bench.totals().offered == 1);
    CHECK(bench.value(Kpi::calls_waiting) == 1);
}

TEST_CASE("acd: only one source speaks of a queue's calls, with its companion") {
    FloorBench bench;
    bench.rules.companions["log"] = "pbx";
    bench.load();
    bench.tell(0, offered("c-1"));
    bench.source = "other";
    CHECK(bench.tell(1, offered("c-2")) == Reject::other_source);
    CHECK(bench.tell(1, agent("1", AgentState::busy)) == Reject::other_source);
    CHECK(bench.tell(1, gauge("x", 1)) == Reject::none);
    CHECK(bench.tell(1, offered("c-2", "mine")) == Reject::none);
    bench.source = "log";
    CHECK(bench.tell(2, exited("c-1", ExitReason::timeout)) == Reject::none);
    CHECK(bench.exits(ExitReason::timeout) == 1);
}

TEST_CASE("acd: limits hold, and the books still balance") {
    FloorBench bench;
    bench.rules.site.limits.queues = 2;
    bench.rules.site.limits.open_calls = 3;
    bench.load();
    CHECK(bench.tell_all(0, {offered("1"), offered("2"), offered("3", "b")}).accepted == 3);
    CHECK(bench.tell(1, offered("4")) == Reject::limit);
    CHECK(bench.tell(1, answered("5")) == Reject::limit);
    CHECK(bench.tell(1, offered("1", "c")) == Reject::limit);
    CHECK(bench.tell(2, answered("1")) == Reject::none);
    CHECK(bench.tell(3, offered("4")) == Reject::limit);  // connected calls are open too
    CHECK(bench.tell(4, completed("1")) == Reject::none);
    CHECK(bench.tell(5, offered("4")) == Reject::none);
    CHECK(bench.balanced());
}

TEST_CASE("acd: touched queues are told once, in order") {
    FloorBench bench;
    bench.tell_all(0, {offered("1", "b"), offered("2", "a"), offered("3", "b")});
    CHECK(bench.floor.take_touched() == std::vector{bench.queue("b"), bench.queue("a")});
    CHECK(bench.floor.take_touched().empty());
    bench.tell(1, event(EventType::heartbeat));
    CHECK(bench.floor.take_touched().empty());
}
