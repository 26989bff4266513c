// Which entry of which call an event is about.
#include "floor_bench.hpp"

using namespace surged;
using namespace surged::test;

TEST_CASE("acd: an outcome without its offer brings it along") {
    FloorBench bench;
    CHECK(bench.tell(100, abandoned("c-1", 40s)) == Reject::none);
    CHECK(bench.totals().offered == 1);
    CHECK(bench.totals().abandoned == 1);
    bench.wait_until(125);
    CHECK(bench.value(Kpi::calls_offered, Window::m1) == 0);  // it joined at 60
    CHECK(bench.value(Kpi::calls_abandoned, Window::m1) == 1);
    CHECK(bench.tell(126, when(offered("c-1"), 60)) == Reject::none);  // here it is, late
    CHECK(bench.tell(127, when(offered("c-1"), 60)) == Reject::duplicate);
    CHECK(bench.totals().offered == 1);
    CHECK(bench.balanced());
}

TEST_CASE("acd: a call may come again, and go to another queue") {
    FloorBench bench;
    bench.tell(0, offered("c"));
    bench.tell(10, exited("c", ExitReason::timeout));
    bench.tell(10, offered("c", "vip"));
    bench.tell(15, answered("c", 5s, "1001", "vip"));
    bench.tell(20, offered("c"));
    bench.tell(25, abandoned("c", 5s));
    CHECK(bench.totals().offered == 2);
    CHECK(bench.exits(ExitReason::timeout) == 1);
    CHECK(bench.totals().abandoned == 1);
    CHECK(bench.totals("vip").answered == 1);
    CHECK(bench.balanced());
}

TEST_CASE("acd: a second entry may overtake the end of the first") {
    FloorBench bench;
    bench.tell(0, when(offered("c"), 0));
    bench.tell(20, when(offered("c"), 12));
    CHECK(bench.value(Kpi::calls_waiting) == 1);
    bench.tell(21, when(exited("c", ExitReason::timeout), 10));
    CHECK(bench.value(Kpi::calls_waiting) == 1);
    CHECK(bench.value(Kpi::longest_wait) == 9);
    bench.tell(22, when(answered("c", 8s), 20));
    CHECK(bench.totals().offered == 2);
    CHECK(bench.exits(ExitReason::timeout) == 1);
    CHECK(bench.totals().answered == 1);
    CHECK(bench.balanced());

    // The end of the first is lost: it went somehow before the second came.
    bench.tell(30, when(offered("d"), 30));
    bench.tell(40, when(offered("d"), 38));
    bench.tell(45, when(answered("d", 6s), 44));
    CHECK(bench.exits(ExitReason::unknown) == 1);
    CHECK(bench.totals().answered == 2);
    CHECK(bench.totals().offered == 4);
    CHECK(bench.balanced());
}

TEST_CASE("acd: a completion may come without a call id") {
    FloorBench bench;
    bench.tell_all(0, {offered("c-1"), offered("c-2"), offered("c-3")});
    bench.tell(5, answered("c-2", {}, "1001"));
    bench.tell(6, answered("c-1", {}, "1001"));
    bench.tell(7, answered("c-3", {}, "1002"));
    bench.tell(100, completed("", {}, "1001"));
    CHECK(bench.totals().talk_sum == 95s);  // the oldest of that agent: c-2
    bench.tell(110, completed("c-1", {}, "1001"));
    CHECK(bench.totals().talk_sum == 199s);
    CHECK(bench.tell(111, completed("c-2", {}, "1001")) == Reject::duplicate);
    CHECK(bench.tell(112, completed("", {}, "")) == Reject::missing_field);
    CHECK(bench.totals().completed == 2);
    CHECK(
        bench.tell(113, completed("", 9s, "1009")) == Reject::none
    );  // an agent we saw nothing of
    CHECK(bench.totals().completed == 3);
    CHECK(bench.totals().answered == 3);
}

TEST_CASE("acd: a completion of a waiting call says that it was answered") {
    FloorBench bench;
    bench.tell(0, offered("c-1"));
    bench.tell(100, completed("c-1", 70s));
    CHECK(bench.totals().answered == 1);
    CHECK(bench.totals().wait_sum == 30s);
    CHECK(bench.totals().completed == 1);
    CHECK(bench.tell(101, when(answered("c-1", 30s), 30)) == Reject::duplicate);
    CHECK(bench.balanced());
}

TEST_CASE("acd: transfers are counted apart, and with the handled") {
    FloorBench bench;
    bench.tell_all(0, {offered("c-1"), offered("c-2")});
    bench.tell_all(1, {answered("c-1"), answered("c-2")});
    Event transfer = completed("c-1", 10s);
    transfer.type = EventType::transferred;
    transfer.to = "vip";
    bench.tell(11, transfer);
    bench.tell(31, completed("c-2", 30s));
    CHECK(bench.totals().transferred == 1);
    CHECK(bench.totals().completed == 1);
    CHECK(bench.value(Kpi::transfer_ratio, Window::m5) == 0.5);
    CHECK(bench.value(Kpi::average_handle_time, Window::m5) == 20);
}

TEST_CASE("acd: wait given is believed before a difference of times") {
    FloorBench bench;
    bench.tell(0, offered("c-1"));
    bench.tell(21, answered("c-1", 20s));
    CHECK(bench.totals().answered_in_target == 1);  // 20 s is within T = 20 s
    bench.tell(30, offered("c-2"));
    bench.tell(50.000001, answered("c-2"));
    CHECK(bench.totals().answered_in_target == 1);
    CHECK(bench.totals().wait_max == span(20.000001));
}
