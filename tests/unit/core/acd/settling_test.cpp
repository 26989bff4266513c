// Outcomes that are not sure at once: lefts, provisional abandons, a PBX that goes down.
#include "floor_bench.hpp"

using namespace surged;
using namespace surged::test;

TEST_CASE("acd: a caller who has left settles within a second") {
    struct Row {
        const char* name;
        std::vector<std::pair<double, Event>> then;  // after the offer at 0
        std::uint64_t answered, abandoned;
        std::optional<ExitReason> exit;
        double sure;  // when the outcome is sure; it was not just before
    };
    const Row rows[] = {
        {"left by key",                           {{10, left("c")}},                        0, 0, ExitReason::key,     11  },
        {"left to be answered",                   {{10, left("c")}, {10.4, answered("c")}}, 1, 0, {},                  10.4},
        {"answered, then the left",               {{10, answered("c")}, {10.1, left("c")}}, 1, 0, {},                  10  },
        {"abandoned, then the left",
         {{10, abandoned("c", {}, true)}, {10.001, left("c")}},
         0,                                                                                    1,
         {},
         10.05                                                                                                             },
        {"left, then abandoned",
         {{10, left("c")}, {10.5, abandoned("c", {}, true)}},
         0,                                                                                    1,
         {},
         10.55                                                                                                             },
        {"abandoned for sure",                    {{10, abandoned("c")}},                   0, 1, {},                  10  },
        {"a timeout that looked like an abandon",
         {{10, abandoned("c", {}, true)},
          {10.001, left("c")},
          {10.002, settled("c", ExitReason::timeout)}},
         0,                                                                                    0,
         ExitReason::timeout,
         10.002                                                                                                            },
        {"an abandon, by the PBX's own word",
         {{10, abandoned("c", {}, true)}, {10.002, settled("c")}},
         0,                                                                                    1,
         {},
         10.002                                                                                                            },
        {"the word came first",
         {{10, settled("c", ExitReason::withdrawn)}, {10.002, abandoned("c", {}, true)}},
         0,                                                                                    0,
         ExitReason::withdrawn,
         10.002                                                                                                            },
        {"the word alone",                        {{10, settled("c", ExitReason::empty)}},  0, 0, ExitReason::empty,   11  },
        {"the word alone: abandoned",             {{10, settled("c")}},                     0, 1, {},                  11  },
        {"exited",                                {{10, exited("c", ExitReason::timeout)}}, 0, 0, ExitReason::timeout, 10  },
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        FloorBench bench;
        bench.tell(0, offered("c"));
        bench.tell(0, offered("stays"));  // so that nobody takes it for a shutdown
        for (const auto& [when_said, e] : row.then) {
            if (when_said == row.sure) bench.wait_until(row.sure - 0.000001);
            if (when_said == row.sure) CHECK(bench.value(Kpi::calls_waiting) == 2);
            bench.tell(when_said, e);
            CHECK(bench.balanced());
        }
        if (row.then.back().first < row.sure) {
            bench.wait_until(row.sure - 0.000001);
            CHECK(bench.view().settling(bench.queue()) == 1);
            CHECK(bench.value(Kpi::calls_waiting) == 2);
            CHECK(bench.floor.next_wake() == at(row.sure));
            bench.wait_until(row.sure);
        }
        CHECK(bench.view().settling(bench.queue()) == 0);
        CHECK(bench.value(Kpi::calls_waiting) == 1);
        CHECK(bench.totals().answered == row.answered);
        CHECK(bench.totals().abandoned == row.abandoned);
        if (row.exit) CHECK(bench.exits(*row.exit) == 1);
        bench.wait_until(20);
        CHECK(bench.balanced());
        CHECK(bench.totals().offered == 2);
    }
}

TEST_CASE("acd: a settling caller waits no longer, but still counts") {
    FloorBench bench;
    bench.tell(0, offered("c-1"));
    bench.tell(4, offered("c-2"));
    bench.tell(10, left("c-1"));
    CHECK(bench.value(Kpi::calls_waiting) == 2);
    CHECK(bench.view().settling(bench.queue()) == 1);
    CHECK(bench.value(Kpi::longest_wait) == 6);
}

TEST_CASE("acd: an outcome counts when it happened, not when it was sure") {
    FloorBench bench;
    bench.tell(0, offered("c-1"));
    bench.tell(0, offered("c-2"));
    bench.tell(3, answered("c-2"));
    bench.tell(4.99, left("c-1"));  // buckets of 5m are 5 s long
    bench.wait_until(299.9);
    CHECK(bench.value(Kpi::calls_exited, Window::m5) == 1);
    bench.wait_until(300);
    CHECK(bench.value(Kpi::calls_exited, Window::m5) == 0);
}

TEST_CASE("acd: phantom abandons of a stop are exits") {
    enum class Sign { stopping, connection_lost, none };
    struct Row {
        const char* name;
        Sign sign;
        double when_seen;
        bool one_stays;  // a call that goes on
        std::uint64_t abandoned, shutdown;
    };
    const Row rows[] = {
        {"a stop is announced at once",    Sign::stopping,        10.02, false, 0, 2},
        {"a stop is announced within 2 s", Sign::stopping,        11.9,  false, 0, 2},
        {"the connection ends within 2 s", Sign::connection_lost, 11.9,  false, 0, 2},
        {"the connection ends at once",    Sign::connection_lost, 10.02, false, 0, 2},
        {"the stop comes too late",        Sign::stopping,        12.1,  false, 2, 0},
        {"nothing follows",                Sign::none,            0,     false, 2, 0},
        {"a call goes on: nobody stopped", Sign::connection_lost, 11,    true,  2, 0},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        FloorBench bench;
        bench.tell_all(0, {offered("c-1"), offered("c-2"), offered("c-3"), offered("c-4")});
        bench.tell_all(5, {answered("c-3"), answered("c-4")});
        bench.tell(6, completed("c-4"));
        if (!row.one_stays) bench.tell(6, completed("c-3"));
        bench.tell(10, abandoned("c-1", {}, true));
        bench.tell(10.01, abandoned("c-2", {}, true));
        if (row.sign == Sign::stopping) bench.tell(row.when_seen, event(EventType::stopping));
        if (row.sign == Sign::connection_lost) {
            bench.wait_until(row.when_seen);
            bench.floor.source_down(bench.source);
            bench.floor.source_up(bench.source, true);
        }
        CHECK(bench.balanced());
        bench.wait_until(12.2);
        CHECK(bench.totals().abandoned == row.abandoned);
        CHECK(bench.exits(ExitReason::shutdown) == row.shutdown);
        CHECK(bench.balanced());
    }
}

TEST_CASE("acd: one abandon on its own waits 50 ms and not 2 s") {
    FloorBench bench;
    bench.tell(0, offered("c-1"));
    bench.tell(9, abandoned("c-1", {}, true));
    CHECK(bench.floor.next_wake() == at(9.05));
    bench.wait_until(9.05);
    CHECK(bench.totals().abandoned == 1);
}

TEST_CASE("acd: a completion beside an abandon may be a stop as well") {
    FloorBench bench;
    bench.tell_all(0, {offered("c-1"), offered("c-2")});
    bench.tell(1, answered("c-2"));
    bench.tell(9, abandoned("c-1", {}, true));
    bench.tell(9.04, completed("c-2"));
    bench.wait_until(9.06);
    CHECK(bench.view().settling(bench.queue()) == 1);
    CHECK(bench.floor.next_wake() == at(11));
    bench.tell(9.5, event(EventType::stopping));
    CHECK(bench.exits(ExitReason::shutdown) == 1);
}

TEST_CASE("acd: after a stop is announced every abandon and left is its doing, until it is down") {
    FloorBench bench;
    bench.tell_all(0, {offered("c-1"), offered("c-2"), offered("c-3")});
    bench.tell(5, event(EventType::stopping));
    bench.tell(5.1, abandoned("c-1", {}, true));
    bench.tell(5.2, left("c-2"));
    CHECK(bench.exits(ExitReason::shutdown) == 2);
    bench.floor.source_down(bench.source);
    bench.floor.source_up(bench.source, true);
    bench.tell(60, abandoned("c-3"));
    CHECK(bench.totals().abandoned == 1);
}

TEST_CASE("acd: calls end at call_ttl and queues at queue_ttl") {
    FloorBench bench;
    bench.rules.site.limits.call_ttl = 60s;
    bench.rules.site.limits.queue_ttl = 10min;
    bench.load();
    bench.tell_all(0, {offered("c-1"), offered("c-2")});
    bench.tell(1, answered("c-2"));
    bench.wait_until(59.9);
    CHECK(bench.value(Kpi::calls_waiting) == 1);
    bench.wait_until(60);
    CHECK(bench.value(Kpi::calls_waiting) == 0);
    CHECK(bench.exits(ExitReason::unknown) == 1);
    CHECK(bench.balanced());
    bench.tell(100, completed("c-2"));  // dropped at 60, but it was answered: it counts
    CHECK(bench.totals().completed == 1);
    bench.tell(110, agent("1001", AgentState::available));
    bench.wait_until(2000);
    CHECK(bench.view().find("sales"));
    bench.tell(2000, agent("1001", AgentState::offline));
    bench.wait_until(2599);
    CHECK(bench.view().find("sales"));
    static_cast<void>(bench.floor.take_touched());
    const auto queue = bench.queue();
    bench.wait_until(2600);
    CHECK_FALSE(bench.view().find("sales"));
    CHECK(bench.floor.take_touched() == std::vector{queue});
    CHECK_FALSE(bench.view().value(queue, {}));
    bench.tell(2700, offered("c-9"));
    CHECK(bench.queue() != queue);  // an index is never another queue's
    CHECK(bench.totals().offered == 1);
}
