// A PBX's whole view against what the board believed.
#include "floor_bench.hpp"

using namespace surged;
using namespace surged::test;

namespace {

Event row_of(std::string_view call, double wait) {
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
             row_of("c-1", 41),
             row_of("c-2", 7),
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
    bench.tell_all(
        61,
        snapshot(
            {known("sales"), row_of("stays", 60), row_of("new", 3), member("1002", AgentState::busy)
            }
        )
    );
    bench.floor.source_up(bench.source, true);
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
    CHECK(bench.value(Kpi::agents_staffed) == 0);
    CHECK(bench.value(Kpi::longest_wait) == 0);
    CHECK(bench.view().settling(bench.queue()) == 1);
    bench.wait_until(6);
    CHECK(bench.value(Kpi::calls_waiting) == 0);
    CHECK(bench.exits(ExitReason::unknown) == 1);
}

TEST_CASE("acd: who left just before a snapshot was made leaves as his own events say") {
    struct Row {
        const char* name;
        std::vector<Event> then;  // behind the list
        std::uint64_t answered, abandoned;
        std::optional<ExitReason> exit;
    };
    const Row rows[] = {
        {"abandoned",     {abandoned("c", 5s, true), left("c")},                   0, 1, {}                 },
        {"answered",      {left("c"), answered("c", 5s)},                          1, 0, {}                 },
        {"left by key",   {left("c")},                                             0, 0, ExitReason::key    },
        {"a timeout",
         {abandoned("c", 5s, true), left("c"), settled("c", ExitReason::timeout)},
         0,                                                                           0,
         ExitReason::timeout                                                                                },
        {"nothing comes", {},                                                      0, 0, ExitReason::unknown},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        FloorBench bench;
        bench.tell_all(0, {offered("c"), offered("stays")});
        bench.tell_all(5, snapshot({known("sales"), row_of("stays", 5)}));
        for (const Event& e : row.then) CHECK(bench.tell(5.01, e) == Reject::none);
        bench.wait_until(7);
        CHECK(bench.totals().answered == row.answered);
        CHECK(bench.totals().abandoned == row.abandoned);
        if (row.exit) CHECK(bench.exits(*row.exit) == 1);
        CHECK(bench.value(Kpi::calls_waiting) == 1);
        CHECK(bench.balanced());
    }
}

TEST_CASE("acd: the calls of before a PBX's start are over, as unknown") {
    FloorBench bench;
    bench.tell_all(0, {offered("waits"), offered("talks"), offered("held"), offered("done")});
    bench.tell(2, answered("talks", 2s));
    bench.tell(3, answered("done", 3s));
    bench.tell(4, completed("done", 1s));
    bench.tell(59, left("held"));
    bench.tell(59.5, event(EventType::started));
    CHECK(bench.value(Kpi::calls_waiting) == 0);
    CHECK(bench.totals().abandoned == 0);
    CHECK(bench.exits(ExitReason::unknown) == 1);
    CHECK(bench.exits(ExitReason::key) == 1);  // who had left before had left before
    CHECK(bench.totals().wait_max == 59s);     // of that one: how long the other waited is unknown
    CHECK(bench.totals().completed == 1);
    CHECK(bench.tell(60, completed("talks", 57s)) == Reject::none);
    CHECK(bench.totals().completed == 2);
    CHECK(bench.tell(61, offered("waits")) == Reject::none);  // the same number, a new life
    CHECK(bench.value(Kpi::calls_waiting) == 1);
    CHECK(bench.balanced());
}

TEST_CASE("acd: a source that reads on has lost the end of what is older than any call") {
    FloorBench bench;
    bench.rules.site.limits.call_ttl = 10min;
    bench.load();
    bench.floor.source_down(bench.source);
    Event cursor = event(EventType::heartbeat);
    cursor.cursor = "17:4096";
    bench.tell_all(
        1000,
        {when(offered("old"), 1),
         when(offered("talks"), 2),
         when(answered("talks", 1s), 3),
         when(offered("new"), 900),
         cursor}
    );
    CHECK(bench.floor.cursor(bench.source) == "17:4096");
    bench.floor.source_up(bench.source, true);
    CHECK(bench.value(Kpi::calls_waiting) == 1);
    CHECK(bench.value(Kpi::longest_wait) == 100);
    CHECK(bench.exits(ExitReason::unknown) == 1);
    CHECK(bench.balanced());
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
