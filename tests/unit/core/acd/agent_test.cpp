// Agent states, by queue, and the wrap-up that the feed does not speak of.
#include "core/acd/agent.hpp"

#include "floor_bench.hpp"

using namespace surged;
using namespace surged::test;

TEST_CASE("acd: agents by state, staffed are all but the offline") {
    FloorBench bench;
    bench.tell_all(
        0,
        {agent("1", AgentState::available),
         agent("2", AgentState::busy),
         agent("3", AgentState::wrap),
         agent("4", AgentState::paused),
         agent("5", AgentState::offline)}
    );
    CHECK(bench.value(Kpi::agents_staffed) == 4);
    CHECK(bench.value(Kpi::agents_available) == 1);
    CHECK(bench.value(Kpi::agents_busy) == 1);
    CHECK(bench.value(Kpi::agents_wrap) == 1);
    CHECK(bench.value(Kpi::agents_paused) == 1);
    bench.tell(1, agent("1", AgentState::offline));
    CHECK(bench.value(Kpi::agents_staffed) == 3);
    CHECK(bench.value(Kpi::agents_available) == 0);
}

TEST_CASE("acd: a state without queues goes for all queues of the agent") {
    FloorBench bench;
    bench.tell(0, agent("1", AgentState::available, {"sales", "support"}));
    bench.tell(0, agent("2", AgentState::available, {"support"}));
    CHECK(bench.tell(1, agent("1", AgentState::paused, {})) == Reject::none);
    CHECK(bench.value(Kpi::agents_paused) == 1);
    CHECK(bench.value(Kpi::agents_paused, Window::now, "support") == 1);
    CHECK(bench.value(Kpi::agents_available, Window::now, "support") == 1);
    bench.tell(2, agent("1", AgentState::offline, {}));
    CHECK(bench.tell(3, agent("1", AgentState::available, {})) == Reject::none);  // still known
    CHECK(bench.value(Kpi::agents_available, Window::now, "support") == 2);
}

TEST_CASE("acd: an older state that comes late changes nothing") {
    FloorBench bench;
    bench.tell(10, when(agent("1", AgentState::paused), 10));
    bench.tell(11, when(agent("1", AgentState::available), 9));
    CHECK(bench.value(Kpi::agents_paused) == 1);
    bench.tell(12, agent("1", AgentState::available));  // a feed without times: in order
    CHECK(bench.value(Kpi::agents_available) == 1);
    // A clock that is behind ours says nothing against a state without one.
    bench.tell(13, when(agent("1", AgentState::busy), 3));
    CHECK(bench.value(Kpi::agents_busy) == 1);
}

TEST_CASE("acd: wrap-up follows a completion, to its own instant") {
    FloorBench bench;
    bench.rules.site.queues["sales"].wrap = 15s;
    bench.load();
    bench.tell_all(0, {agent("1001", AgentState::available), offered("c-1")});
    bench.tell_all(5, {answered("c-1"), agent("1001", AgentState::busy)});
    bench.tell(50, completed("c-1"));
    CHECK(bench.value(Kpi::agents_busy) == 1);  // the feed says so still
    bench.tell(50.5, agent("1001", AgentState::available));
    CHECK(bench.value(Kpi::agents_wrap) == 1);
    CHECK(bench.value(Kpi::agents_available) == 0);
    CHECK(bench.floor.next_wake() == at(65));
    CHECK(bench.value(Kpi::average_handle_time, Window::m5) == 60);  // 45 s of talk, 15 of wrap-up
    static_cast<void>(bench.floor.take_touched());
    static_cast<void>(bench.floor.take_changes(bench.queue()));
    bench.wait_until(64.999999);
    CHECK(bench.value(Kpi::agents_wrap) == 1);
    bench.wait_until(65);
    CHECK(bench.value(Kpi::agents_available) == 1);
    CHECK(bench.floor.take_touched() == std::vector{bench.queue()});
    const board::Changes told = bench.floor.take_changes(bench.queue());
    CHECK((told & board::changes::agents) != 0);
    CHECK((told & board::changes::staffed) == 0);  // nobody has come or gone

    bench.tell(70, completed("", 1s));
    CHECK(bench.value(Kpi::agents_wrap) == 1);
    bench.tell(71, agent("1001", AgentState::paused));
    CHECK(bench.value(Kpi::agents_paused) == 1);
    bench.tell(75, agent("1001", AgentState::available));
    CHECK(bench.value(Kpi::agents_wrap) == 1);
    bench.wait_until(85);
    CHECK(bench.value(Kpi::agents_available) == 1);
    CHECK(bench.value(Kpi::agents_staffed) == 1);
}

TEST_CASE("acd: a roster knows who is where") {
    board::Board board;
    board.advance(t0);
    acd::Roster roster;
    const auto a = board.add("a");
    const auto b = board.add("b");
    for (const auto queue : {b, a})
        CHECK(roster.set(board, queue, "x", AgentState::available, {}, 1));
    roster.set(board, b, "y", AgentState::busy, {}, 2);
    CHECK(roster.queues_of("x") == std::vector{a, b});
    CHECK(roster.queues_of("z").empty());
    board.at(b).changed = 0;
    roster.keep_only(board, b, 2);
    CHECK((board.at(b).changed & board::changes::staffed) != 0);
    CHECK(roster.queues_of("x") == std::vector{a});
    CHECK(board.at(b).staffed() == 1);
    codec::Writer out;
    roster.write(out);
    acd::Roster restored;
    codec::Reader in{out.bytes()};
    restored.read(in, t0);
    CHECK(in.at_end());
    CHECK(restored.knows(b, "y"));
    roster.forget_queue(board, b);
    CHECK(board.at(b).staffed() == 0);
    CHECK_FALSE(roster.knows(b, "y"));
}
