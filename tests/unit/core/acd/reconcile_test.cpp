// A PBX's whole view against what the board believed.
#include "floor_bench.hpp"

using namespace surged;
using namespace surged::test;

namespace {

Event row(std::string_view call, double wait) {
    Event e = event(EventType::snapshot_call, "sales", call);
    e.wait = span(wait);
    return e;
}
Event member(std::string_view name, AgentState state, std::string_view queue = "sales") {
    Event e = event(EventType::snapshot_agent, queue);
    e.agent = name;
    e.state = state;
    return e;
}
Event known(std::string_view queue, std::optional<Micros> target = {}) {
    Event e = event(EventType::snapshot_queue, queue);
    e.target = target;
    return e;
}
std::vector<Event> snapshot(std::vector<Event> rows) {
    rows.insert(rows.begin(), event(EventType::snapshot_begin));
    rows.push_back(event(EventType::snapshot_end));
    return rows;
}

}  // namespace

TEST_CASE("acd: a start in mid-day knows who waits and who is there") {
    FloorBench bench;
    bench.tell_all(
        100,
        snapshot(
            {known("sales", 30s),
             known("empty"),
             row("c-1", 41),
             row("c-2", 7),
             member("1001", AgentState::busy),
             member("1002", AgentState::available),
             member("1003", AgentState::paused),
             member("1004", AgentState::offline)}
        )
    );
    CHECK(bench.value(Kpi::calls_waiting) == 2);
    CHECK(bench.value(Kpi::longest_wait) == 41);
    CHECK(bench.value(Kpi::agents_staffed) == 3);
    CHECK(bench.value(Kpi::agents_busy) == 1);
    CHECK(bench.value(Kpi::calls_waiting, Window::now, "empty") == 0);
    CHECK(bench.view().target(bench.queue()) == 30s);
    CHECK(bench.view().target(bench.queue("empty")) == 20s);
    CHECK(bench.totals().offered == 2);
    CHECK(bench.value(Kpi::calls_offered, Window::m1) == 2);

    CHECK(bench.tell(101, answered("c-1", 42s)) == Reject::none);
    CHECK(bench.totals().wait_sum == 42s);  // what the PBX says is believed
    // A call that was connected before we began to listen: completed, never answered or offered.
    CHECK(bench.tell(102, completed("c-0", 90s)) == Reject::none);
    CHECK(bench.tell(102, completed("c-0", 90s)) == Reject::duplicate);
    CHECK(bench.totals().completed == 1);
    CHECK(bench.totals().answered == 1);
    CHECK(bench.totals().offered == 2);
    CHECK(bench.balanced());
    bench.wait_until(150);
    CHECK(bench.value(Kpi::calls_offered, Window::m1) == 1);  // the older one joined at 59
}

TEST_CASE("acd: a snapshot after a lost connection settles what was missed") {
    FloorBench bench;
    bench.tell_all(0, {offered("stays"), offered("goes"), offered("talks")});
    bench.tell(5, answered("talks"));
    bench.tell_all(6, {agent("1001", AgentState::busy), agent("1002", AgentState::available)});
    bench.wait_until(10);
    bench.floor.source_down(bench.source);
    CHECK_FALSE(bench.view().data_live(bench.queue()));
    CHECK(bench.value(Kpi::calls_waiting) == -1);  // data lost is never "no calls"
    CHECK(bench.value(Kpi::occupancy, Window::m5) == -1);
    bench.wait_until(60);
    bench.floor.source_up(bench.source, true);
    bench.tell_all(
        61,
        snapshot({known("sales"), row("stays", 60), row("new", 3), member("1002", AgentState::busy)}
        )
    );
    CHECK(bench.value(Kpi::calls_waiting) == 2);
    CHECK(bench.value(Kpi::longest_wait) == 61);  // the join that was seen, not the row's
    CHECK(bench.exits(ExitReason::unknown) == 1);
    CHECK(bench.value(Kpi::agents_staffed) == 1);
    CHECK(bench.balanced());
    CHECK(bench.tell(70, abandoned("goes")) == Reject::duplicate);
    CHECK(bench.tell(70, completed("talks", 64s)) == Reject::none);
    CHECK(bench.totals().completed == 1);
    CHECK(bench.totals().answered == 1);
    CHECK(bench.tell(80, offered("new")) == Reject::none);  // its own event, late: the same caller
    CHECK(bench.totals().offered == 4);
    CHECK(bench.balanced());
}

TEST_CASE("acd: who joins while a snapshot is told is not gone at its end") {
    FloorBench bench;
    bench.tell_all(
        0,
        {event(EventType::snapshot_begin),
         known("sales"),
         offered("c-1"),
         agent("1001", AgentState::available),
         event(EventType::snapshot_end)}
    );
    CHECK(bench.value(Kpi::calls_waiting) == 1);
    CHECK(bench.value(Kpi::agents_available) == 1);
    bench.tell_all(5, snapshot({known("sales")}));
    CHECK(bench.value(Kpi::calls_waiting) == 0);
    CHECK(bench.value(Kpi::agents_staffed) == 0);
    CHECK(bench.exits(ExitReason::unknown) == 1);
}

TEST_CASE("acd: T is the site's, else the PBX's, else 20 s") {
    FloorBench bench;
    bench.tell_all(0, snapshot({known("sales", 45s)}));
    CHECK(bench.view().target(bench.queue()) == 45s);
    bench.rules.site.queues["sales"].target = 10s;
    bench.load(at(1));
    CHECK(bench.view().target(bench.queue()) == 10s);
    bench.rules.site.queues.clear();
    bench.load(at(2));
    CHECK(bench.view().target(bench.queue()) == 45s);
}

TEST_CASE("acd: a source that never came up has no figures") {
    FloorBench bench;
    bench.source = "other";
    bench.tell_all(0, {offered("c-1"), agent("1001", AgentState::available)});
    CHECK(bench.value(Kpi::calls_waiting) == -1);
    CHECK(bench.value(Kpi::agents_staffed) == -1);
    bench.floor.source_up("other", false);
    CHECK(bench.value(Kpi::calls_waiting) == 1);
    CHECK_FALSE(bench.view().exits_known(bench.queue()));
}
