// Figures of this moment that only written contacts make interesting.
#include "../acd/floor_bench.hpp"

using namespace surged;
using namespace surged::test;

namespace {

Event offer(std::string_view call, acd::Channel channel, std::string_view klass = {}) {
    Event e = offered(call);
    e.channel = channel;
    e.klass = klass;
    return e;
}

}  // namespace

TEST_CASE("kpi: backlog and oldest know voice from writing") {
    FloorBench bench;
    bench.rules.site.queues["sales"].backlog_after = 60s;
    bench.measures = {
        {Kpi::backlog, Window::now, {}, "vip", {}}
    };
    bench.load();
    bench.tell(0, offer("v-1", acd::Channel::voice));
    bench.tell(10, offer("m-1", acd::Channel::email, "vip"));
    bench.tell_all(20, {answered("v-1"), answered("m-1")});
    CHECK(bench.value(Kpi::backlog) == 0);
    CHECK(bench.value(Kpi::oldest) == 10);       // the mail is with an agent, and open
    CHECK(bench.value(Kpi::longest_wait) == 0);  // nobody waits for a person
    bench.tell(30, offer("v-2", acd::Channel::voice));
    const Measure all{Kpi::backlog, Window::now, {}, {}, {}};
    const Measure vip{Kpi::backlog, Window::now, {}, "vip", {}};
    CHECK(bench.view().next_change(bench.queue(), all) == at(70.000001));
    bench.wait_until(70);
    CHECK(bench.value(Kpi::backlog) == 0);  // older means longer than
    bench.wait_until(70.000001);
    CHECK(bench.value(Kpi::backlog) == 1);
    CHECK(bench.view().value(bench.queue(), vip) == Quantity{1, 1});
    CHECK(bench.view().next_change(bench.queue(), all) == at(90.000001));
    CHECK_FALSE(bench.view().next_change(bench.queue(), vip));
    bench.wait_until(100);
    CHECK(bench.value(Kpi::backlog) == 2);
    bench.tell_all(101, {completed("m-1"), completed("v-1")});
    CHECK(bench.value(Kpi::backlog) == 1);
    CHECK(bench.value(Kpi::oldest) == 71);
    const Measure oldest{Kpi::oldest, Window::now, {}, {}, {}};
    CHECK(bench.view().grows_since(bench.queue(), oldest) == at(30));
}

TEST_CASE("kpi: without a limit the backlog is who waits") {
    FloorBench bench;
    bench.tell_all(0, {offer("v-1", acd::Channel::voice), offer("c-1", acd::Channel::chat)});
    bench.tell(0, answered("c-1"));
    CHECK(bench.value(Kpi::backlog) == 1);
    CHECK_FALSE(bench.view().next_change(bench.queue(), {Kpi::backlog, Window::now, {}, {}, {}}));
}

TEST_CASE("kpi: chats per agent") {
    FloorBench bench;
    bench.tell_all(
        0,
        {agent("1", AgentState::busy),
         agent("2", AgentState::paused),
         offer("v-1", acd::Channel::voice),
         offer("c-1", acd::Channel::chat),
         offer("c-2", acd::Channel::social),
         offer("c-3", acd::Channel::chat),
         offer("m-1", acd::Channel::email)}
    );
    CHECK(bench.quantity(Kpi::concurrency) == Quantity{0, 2});
    for (const char* call : {"v-1", "c-1", "c-2", "c-3", "m-1"}) bench.tell(1, answered(call));
    CHECK(bench.quantity(Kpi::concurrency) == Quantity{3, 2});  // not the call, not the mail
    bench.tell(2, completed("c-1"));
    CHECK(bench.quantity(Kpi::concurrency) == Quantity{2, 2});
    bench.tell_all(3, {agent("1", AgentState::offline), agent("2", AgentState::offline)});
    CHECK_FALSE(bench.quantity(Kpi::concurrency));
}

TEST_CASE("kpi: quantiles are kept where the site asks, and only there") {
    FloorBench bench;
    bench.rules.site.queues["sales"].quantiles = {Window::m5, Window::day};
    bench.load();
    bench.tell_all(0, {offered("c-1"), answered("c-1", 7s)});
    Event other = offered("c-2", "vip");
    bench.tell_all(0, {other, answered("c-2", 7s, "1001", "vip")});
    const Measure wait{Kpi::wait_p90, Window::m5, {}, {}, {}};
    CHECK(bench.value(Kpi::wait_p90, Window::m5) == doctest::Approx(7.25));
    CHECK(bench.value(Kpi::wait_p90, Window::day) == doctest::Approx(7.25));
    CHECK(bench.value(Kpi::wait_p90, Window::m15) == -1);
    CHECK(bench.view().keeps(bench.queue(), wait));
    CHECK_FALSE(bench.view().keeps(bench.queue("vip"), wait));
    const Measure reply{Kpi::first_response_p50, Window::m5, {}, {}, {}};
    CHECK_FALSE(bench.view().keeps(bench.queue(), reply));  // nobody writes here
    // A reload keeps what goes on, and drops what nobody asks for any more.
    bench.rules.site.queues["sales"].quantiles = {Window::m5};
    bench.load(at(1));
    CHECK(bench.value(Kpi::wait_p90, Window::m5) == doctest::Approx(7.25));
    CHECK(bench.value(Kpi::wait_p90, Window::day) == -1);
    const std::string bytes = bench.bytes();
    FloorBench restored;
    restored.rules = bench.rules;
    std::string_view in = bytes;
    REQUIRE(restored.floor.read(in));
    restored.load(at(1));
    CHECK(restored.value(Kpi::wait_p90, Window::m5) == doctest::Approx(7.25));
}

TEST_CASE("kpi: gauges stand by name whatever their order, and a restart keeps them") {
    FloorBench bench;
    for (const char* name : {"m", "b", "z", "a", "b"}) {
        Event event;
        event.type = acd::EventType::gauge;
        event.queue = "sales";
        event.name = name;
        event.value = name[0];
        bench.tell(0, event);
    }
    CHECK(bench.view().gauges(bench.queue()) == std::vector<std::string>{"a", "b", "m", "z"});
    const std::string bytes = bench.bytes();
    FloorBench restored;
    std::string_view in = bytes;
    REQUIRE(restored.floor.read(in));
    const Measure b{Kpi::gauge, Window::now, "b", {}, {}};
    CHECK(restored.view().value(restored.queue(), b) == Quantity{98'000'000, 1'000'000});
    std::string twice = bytes;  // m, a, m, z: no floor writes that
    twice.at(twice.find(std::string_view{"\1b", 2}) + 1) = 'm';
    in = twice;
    CHECK_FALSE(restored.floor.read(in));
}

TEST_CASE("kpi: what does not change by itself names no instant") {
    FloorBench bench;
    bench.tell_all(0, {agent("1", AgentState::available), offered("c-1"), offered("c-2")});
    bench.tell(1, answered("c-1"));
    for (const board::KpiInfo& info : board::kpi_table()) {
        if (board::changes_by_itself(info.kpi)) continue;
        CAPTURE(info.name);
        const Measure measure{info.kpi, Window::now, {}, {}, {}};
        CHECK_FALSE(info.windowed);
        CHECK_FALSE(bench.view().next_change(bench.queue(), measure));
    }
    CHECK(board::changes_by_itself(Kpi::longest_wait));
    CHECK(board::changes_by_itself(Kpi::oldest));
}
