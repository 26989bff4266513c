// What is counted beside the windows: totals, histograms, callers who come again.
#include "core/acd/floor_state.hpp"
#include "floor_bench.hpp"

using namespace surged;
using namespace surged::test;

TEST_CASE("acd: totals and histograms of a queue") {
    FloorBench bench;
    bench.tell_all(0, {offered("1"), offered("2"), offered("3"), offered("4"), offered("5")});
    bench.tell_all(30, {answered("1", 5s), answered("2", 20s), answered("3", span(20.5))});
    bench.tell(40, abandoned("4", 20s));
    bench.tell(41, abandoned("5", 39s));
    bench.tell_all(100, {completed("1", 60s), completed("2", 2000s)});
    const board::Totals& totals = bench.totals();
    CHECK(totals.offered == 5);
    CHECK(totals.answered == 3);
    CHECK(totals.answered_in_target == 2);
    CHECK(totals.abandoned == 2);
    CHECK(totals.abandoned_in_target == 1);
    CHECK(totals.wait_sum == span(45.5));
    CHECK(totals.wait_max == 39s);
    CHECK(totals.abandon_wait_max_us == 39'000'000);
    CHECK(totals.talk_sum == 2060s);
    const board::Histogram& waits = bench.view().answer_wait(bench.queue());
    CHECK(waits.counts[1] == 1);  // ≤ 5
    CHECK(waits.counts[3] == 1);  // ≤ 20
    CHECK(waits.counts[4] == 1);  // ≤ 30
    CHECK(waits.sum == span(45.5));
    const board::Histogram& handled = bench.view().handle_time(bench.queue());
    CHECK(handled.counts[5] == 1);
    CHECK(handled.counts[12] == 1);  // beyond the last bound
}

TEST_CASE("acd: a caller who comes again within half an hour") {
    acd::Callers callers;
    CHECK_FALSE(callers.again("ann", at(0), at(0)));
    CHECK(callers.again("ann", at(1800), at(1800)));
    CHECK_FALSE(callers.again("ann", at(3601), at(3601)));
    CHECK_FALSE(callers.again("ben", at(3602), at(3602)));
    CHECK_FALSE(callers.again("ben", at(3600), at(3603)));  // told late: that was the first
    CHECK(callers.again("ben", at(3604), at(3604)));
    callers.forget(at(9000));
    CHECK(callers.last.empty());
    for (std::size_t i = 0; i < acd::Callers::most + 10; ++i)
        callers.again(std::to_string(i), at(9000 + static_cast<double>(i) * 1e-3), at(9100));
    CHECK(callers.last.size() == acd::Callers::most);
    CHECK(callers.order.size() == acd::Callers::most);
}
