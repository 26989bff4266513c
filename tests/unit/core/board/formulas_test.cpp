// Every KPI by figures worked out by hand.
#include "core/board/formulas.hpp"

#include "../acd/floor_bench.hpp"

#include <set>

using namespace surged;
using namespace surged::test;

namespace {

// Ten callers at 0: 4 answered in time, 1 late, 2 short abandons, 1 long one, 1 timeout, 1 waits.
void tell_ten(FloorBench& bench) {
    for (const auto* call : {"1", "2", "3", "4", "5", "6", "7", "8", "9", "10"})
        bench.tell(0, offered(call));
    bench.tell_all(2, {abandoned("6"), abandoned("7")});
    bench.tell_all(10, {answered("1"), answered("2"), answered("3"), answered("4")});
    bench.tell_all(30, {answered("5"), abandoned("8"), exited("9", ExitReason::timeout)});
    Event refused = event(EventType::refused, "sales");
    bench.tell_all(30, {refused, refused});
}

}  // namespace

TEST_CASE("kpi: ratios of callers who came and left") {
    FloorBench bench;
    tell_ten(bench);
    const auto is = [&](Kpi kpi, std::int64_t num, std::int64_t den) {
        CAPTURE(board::info_of(kpi).name);
        CHECK(bench.quantity(kpi, Window::m5) == Quantity{num, den});
        CHECK(bench.quantity(kpi, Window::day) == Quantity{num, den});
    };
    is(Kpi::calls_offered, 10, 1);
    is(Kpi::calls_answered, 5, 1);
    is(Kpi::calls_abandoned, 3, 1);
    is(Kpi::calls_exited, 1, 1);
    is(Kpi::calls_refused, 2, 1);
    is(Kpi::service_level, 4, 7);       // L = 9, Bs = 2
    is(Kpi::service_level_live, 4, 8);  // one still waits, 30 s by now
    is(Kpi::answer_ratio, 5, 9);
    is(Kpi::abandon_ratio, 1, 7);
    is(Kpi::refused_ratio, 2, 12);
    CHECK(bench.value(Kpi::average_speed_of_answer, Window::m5) == 14);
    CHECK(bench.value(Kpi::arrival_rate, Window::m5) == doctest::Approx(10.0 / 300));
    const auto base = [&](Kpi kpi) {
        return bench.view().base_count(bench.queue(), {kpi, Window::m5, {}, {}, {}});
    };
    CHECK(base(Kpi::service_level) == 7);
    CHECK(base(Kpi::service_level_live) == 8);
    CHECK(base(Kpi::answer_ratio) == 9);
    CHECK(base(Kpi::abandon_ratio) == 7);
    CHECK(base(Kpi::refused_ratio) == 12);
    CHECK(base(Kpi::average_speed_of_answer) == 5);
    CHECK(base(Kpi::load_ratio) == 10);
    CHECK(base(Kpi::calls_abandoned) == 3);
    CHECK(base(Kpi::calls_waiting) == 1);
}

TEST_CASE("kpi: within means at most, and T is crossed by time alone") {
    FloorBench bench;
    bench.tell(0, offered("c-1"));
    const Measure live{Kpi::service_level_live, Window::m5, {}, {}, {}};
    CHECK(bench.view().next_change(bench.queue(), live) == at(20.000001));
    bench.wait_until(20);
    CHECK(bench.value(Kpi::service_level_live, Window::m5) == -1);
    bench.wait_until(20.000001);
    CHECK(bench.value(Kpi::service_level_live, Window::m5) == 0);
}

TEST_CASE("kpi: load, occupancy and what follows from handle time") {
    FloorBench bench;
    bench.measures = {
        {Kpi::occupancy, Window::m1, {}, {}, {}}
    };
    bench.load();
    bench.tell_all(
        0,
        {agent("1", AgentState::available),
         agent("2", AgentState::available),
         agent("3", AgentState::paused),
         agent("4", AgentState::offline)}
    );
    bench.tell(0, offered("c-1"));
    CHECK(bench.value(Kpi::estimated_wait) == -1);  // nothing handled yet
    bench.tell_all(10, {answered("c-1", 10s, "1"), agent("1", AgentState::busy)});
    CHECK(bench.value(Kpi::estimated_wait) == 0);  // somebody is free
    bench.wait_until(40);
    CHECK(
        bench.value(Kpi::occupancy, Window::m1) == doctest::Approx(30.0 / 80)
    );  // 30 s of 2 × 40 s
    Event end = completed("c-1", 50s, "1");
    end.wrap = 10s;
    bench.tell_all(60, {end, agent("1", AgentState::wrap)});
    CHECK(bench.value(Kpi::average_handle_time, Window::m5) == 60);
    bench.tell_all(70, {agent("1", AgentState::available)});
    CHECK(bench.value(Kpi::occupancy, Window::m5) == doctest::Approx(60.0 / 140));
    // In the last minute: t0 is a full minute, so at 70 the buckets from 11 to 70 s count.
    CHECK(bench.value(Kpi::occupancy, Window::m1) == doctest::Approx(59.0 / 118));
    CHECK(bench.value(Kpi::agents_staffed) == 3);
    CHECK(bench.value(Kpi::load_ratio, Window::m5) == doctest::Approx(1.0 / 300 * 60 / 3));
    bench.tell_all(70, {offered("c-2"), offered("c-3")});
    CHECK(bench.value(Kpi::waiting_per_agent) == doctest::Approx(2.0 / 3));
    CHECK(bench.value(Kpi::estimated_wait) == 60);  // third in line × 60 s ÷ 3
    for (const auto* name : {"1", "2", "3"}) bench.tell(71, agent(name, AgentState::offline));
    CHECK(bench.value(Kpi::waiting_per_agent) == -1);
    CHECK(bench.value(Kpi::estimated_wait) == -1);
    CHECK(bench.value(Kpi::load_ratio, Window::m5) == -1);
    bench.wait_until(80);
    bench.wait_until(90);
    CHECK(bench.value(Kpi::occupancy, Window::m5) == doctest::Approx(60.0 / 142));
}

TEST_CASE("kpi: staffing, lines and gauges") {
    FloorBench bench;
    bench.rules.site.queues["sales"].lines = 8;
    bench.load();
    bench.tell_all(0, {agent("1", AgentState::available), offered("c-1"), offered("c-2")});
    bench.tell(1, answered("c-1"));
    CHECK(bench.quantity(Kpi::lines_in_use) == Quantity{2, 8});
    CHECK(bench.value(Kpi::staffing_ratio) == -1);
    bench.tell_all(2, {gauge("agents_scheduled", 4), gauge("crowd_density", 3.25)});
    CHECK(bench.value(Kpi::staffing_ratio) == 0.25);
    CHECK(bench.value(Kpi::agents_scheduled) == 4);
    const auto queue = bench.queue();
    CHECK(
        bench.view().value(queue, {Kpi::gauge, Window::now, "crowd_density", {}, {}})->value() ==
        3.25
    );
    CHECK_FALSE(bench.view().value(queue, {Kpi::gauge, Window::now, "other", {}, {}}));
    CHECK(
        bench.view().gauges(queue) == std::vector<std::string>{"agents_scheduled", "crowd_density"}
    );
    CHECK(bench.tell(3, gauge("x", 1e300)) == Reject::out_of_range);
    CHECK(bench.tell(3, gauge("", 1)) == Reject::missing_field);
}

TEST_CASE("kpi: complaints, topics and satisfaction") {
    FloorBench bench;
    bench.measures = {
        {Kpi::complaints, Window::m15, {}, {}, "delivery"}
    };
    bench.load();
    const auto complain = [](std::string_view ticket,
                             std::string_view topic,
                             std::optional<acd::TicketStatus> status = {}) {
        Event e = event(EventType::complaint, "sales");
        e.ticket = ticket;
        e.topic = topic;
        e.severity = 2;
        e.status = status;
        return e;
    };
    bench.tell_all(0, {offered("c-1"), offered("c-2")});
    bench.tell_all(1, {answered("c-1"), answered("c-2")});
    bench.tell_all(9, {completed("c-1"), completed("c-2")});
    Event due = complain("T-1", "delivery");
    due.due = wall(60);
    bench.tell_all(10, {due, complain("T-2", "price"), complain("T-1", "delivery")});
    const auto queue = bench.queue();
    CHECK(bench.value(Kpi::complaints, Window::m5) == 2);
    CHECK(
        bench.view().value(queue, {Kpi::complaints, Window::m15, {}, {}, "delivery"}) ==
        Quantity{1, 1}
    );
    CHECK_FALSE(bench.view().value(queue, {Kpi::complaints, Window::m15, {}, {}, "price"}));
    CHECK(bench.value(Kpi::complaint_ratio, Window::m5) == 1);
    CHECK(bench.view().complaints(queue).at({"delivery", 2}) == 1);
    CHECK(bench.value(Kpi::complaints_open) == 2);
    CHECK(bench.floor.next_wake() == at(60));
    static_cast<void>(bench.floor.take_touched());
    bench.wait_until(60);
    CHECK(bench.floor.take_touched() == std::vector{queue});
    CHECK(bench.value(Kpi::complaints_overdue) == 1);
    CHECK(bench.value(Kpi::complaints_overdue_ratio) == -1);
    bench.tell(61, complain("T-2", "price", acd::TicketStatus::closed));
    CHECK(bench.quantity(Kpi::complaints_overdue_ratio) == Quantity{1, 1});
    bench.tell(62, complain("T-2", "price"));  // reopened
    CHECK(bench.value(Kpi::complaints_open) == 2);
    CHECK(bench.value(Kpi::complaints, Window::m5) == 2);

    const auto survey = [](int score) {
        Event e = event(EventType::survey, "sales");
        e.score = score;
        return e;
    };
    bench.tell_all(63, {survey(5), survey(4), survey(3)});
    CHECK(bench.tell(63, survey(6)) == Reject::out_of_range);
    CHECK(bench.quantity(Kpi::csat, Window::m5) == Quantity{2, 3});
    bench.floor.source_down(bench.source);  // complaints do not come from the PBX
    CHECK(bench.value(Kpi::complaints, Window::m5) == 2);
    CHECK(bench.value(Kpi::complaint_ratio, Window::m5) == -1);
}

TEST_CASE("kpi: classes, quantiles and repeats where they are measured") {
    FloorBench bench;
    bench.measures = {
        {Kpi::service_level, Window::m5,  {}, "vip",    {}},
        {Kpi::calls_waiting, Window::now, {}, "normal", {}},
        {Kpi::wait_p90,      Window::m5,  {}, {},       {}},
        {Kpi::repeat_ratio,  Window::m5,  {}, {},       {}}
    };
    bench.load();
    const auto by = [](std::string_view call, std::string_view caller, std::string_view klass) {
        Event e = offered(call);
        e.caller = caller;
        e.klass = klass;
        return e;
    };
    bench.tell_all(0, {by("1", "ann", "vip"), by("2", "ben", ""), by("3", "", "gold")});
    bench.tell_all(10, {answered("1", 10s), answered("2", 100s)});
    bench.tell_all(20, {by("4", "ann", "vip"), by("5", "cat", "")});
    const auto queue = bench.queue();
    CHECK(
        bench.view().value(queue, {Kpi::service_level, Window::m5, {}, "vip", {}}) == Quantity{1, 1}
    );
    CHECK(bench.quantity(Kpi::service_level, Window::m5) == Quantity{1, 2});
    CHECK(
        bench.view().value(queue, {Kpi::calls_waiting, Window::now, {}, "normal", {}}) ==
        Quantity{1, 1}
    );
    CHECK_FALSE(bench.view().value(queue, {Kpi::service_level, Window::m5, {}, "gold", {}}));
    CHECK(bench.quantity(Kpi::repeat_ratio, Window::m5) == Quantity{1, 4});
    CHECK(bench.value(Kpi::wait_p90, Window::m5) == doctest::Approx(104));  // upper edge of 100 s
    CHECK(bench.value(Kpi::wait_p50, Window::m5) == doctest::Approx(10.5));
    CHECK(bench.value(Kpi::wait_p90, Window::m60) == -1);  // not measured
    bench.tell(20 + 1801, by("6", "cat", ""));
    CHECK(bench.quantity(Kpi::repeat_ratio, Window::m5) == Quantity{0, 1});
}

TEST_CASE("kpi: every one has a value or none, on an empty queue and on a busy one") {
    FloorBench bench;
    for (const auto& info : board::kpi_table())
        for (std::size_t w = 0; w < board::windows; ++w)
            bench.measures.push_back({info.kpi, static_cast<Window>(w), {}, {}, {}});
    bench.load();
    bench.tell(0, event(EventType::snapshot_begin));
    bench.tell(0, event(EventType::snapshot_queue, "sales"));
    const std::set<Kpi> counts_at_once{
        Kpi::calls_waiting,
        Kpi::longest_wait,
        Kpi::agents_staffed,
        Kpi::agents_available,
        Kpi::agents_busy,
        Kpi::agents_wrap,
        Kpi::agents_paused,
        Kpi::complaints_open,
        Kpi::complaints_overdue,
        Kpi::backlog,
        Kpi::oldest,
        Kpi::calls_offered,
        Kpi::calls_answered,
        Kpi::calls_abandoned,
        Kpi::calls_exited,
        Kpi::calls_refused,
        Kpi::complaints,
        Kpi::arrival_rate
    };
    for (const Measure& measure : bench.measures) {
        CAPTURE(board::info_of(measure.kpi).name);
        CAPTURE(board::name_of(measure.window));
        const auto value = bench.view().value(bench.queue(), measure);
        const bool fits = !board::info_of(measure.kpi).windowed || measure.window != Window::now;
        CHECK(value.has_value() == (fits && counts_at_once.contains(measure.kpi)));
        if (value) CHECK(value->num == 0);
        static_cast<void>(bench.view().base_count(bench.queue(), measure));
        static_cast<void>(bench.view().next_change(bench.queue(), measure));
    }
    tell_ten(bench);
    for (const Measure& measure : bench.measures)
        if (const auto value = bench.view().value(bench.queue(), measure)) CHECK(value->den > 0);
}
