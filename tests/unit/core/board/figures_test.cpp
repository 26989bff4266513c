// Slices: which windows they keep, the day, and agent time over buckets.
#include "core/board/figures.hpp"

#include <doctest/doctest.h>

using namespace surged;
using namespace surged::board;

namespace {
constexpr Instant t0{Seconds{1'763'900'100}};
const auto count = [](auto& t) { ++t.offered; };
}  // namespace

TEST_CASE("board: what no rule reads is not kept") {
    Slice slice;
    Kept kept = Kept::always();
    slice.keep(kept);
    slice.traffic(t0, t0, true, count);
    CHECK(slice.traffic(Window::m5, t0)->offered == 1);
    CHECK(slice.traffic(Window::day, t0)->offered == 1);
    CHECK(slice.traffic(Window::m15, t0) == nullptr);
    CHECK(slice.waits(Window::m5) == nullptr);
    kept.want({Kpi::load_ratio, Window::m15, {}, {}, {}});
    kept.want({Kpi::wait_p90, Window::day, {}, {}, {}});
    slice.keep(kept);
    slice.traffic(t0, t0, true, count);
    CHECK(slice.traffic(Window::m5, t0)->offered == 2);  // goes on
    CHECK(slice.traffic(Window::m15, t0)->offered == 1);
    CHECK(slice.handling(Window::m15, t0)->handled == 0);
    CHECK(slice.care(Window::m15, t0) == nullptr);
    REQUIRE(slice.waits(Window::day) != nullptr);
    slice.answered_after(t0, t0, true, 3s);
    slice.begin_day(5);
    CHECK(slice.traffic(Window::day, t0)->offered == 0);
    CHECK(slice.waits(Window::day)->count(t0) == 0);
    slice.traffic(t0, t0, false, count);  // before midnight
    CHECK(slice.traffic(Window::day, t0)->offered == 0);
    slice.begin_day(4);  // a clock set back begins no day again
    slice.traffic(t0, t0, true, count);
    CHECK(slice.traffic(Window::day, t0)->offered == 1);
}

TEST_CASE("board: agent time is spread over the buckets it passed through") {
    Slice whole;
    Slice pieces;
    for (Slice* slice : {&whole, &pieces}) slice->keep(Kept::always());
    const Instant end = t0 + 137s + Micros{77};
    whole.staff(t0 + 1s, end, t0 + 60s, 3, 2);
    for (Instant at = t0 + 1s; at < end;) {
        const Instant next = std::min(end, at + Micros{1'234'567});
        pieces.staff(at, next, t0 + 60s, 3, 2);
        at = next;
    }
    for (const Instant now : {end, end + 170s, end + 300s, end + 430s, end + 1h}) {
        const StaffTime<std::int64_t> a = *whole.staff(Window::m5, now);
        CHECK(a == *pieces.staff(Window::m5, now));
        CHECK(a.busy_us * 2 == a.ready_us * 3);
        if (now == end) CHECK(a.busy_us == 3 * (end - t0 - 1s).count());
        if (now == end + 1h) CHECK(a.busy_us == 0);
    }
    CHECK(whole.staff(Window::day, end)->busy_us == 3 * (end - t0 - 60s).count());
    CHECK(*whole.staff(Window::day, end) == *pieces.staff(Window::day, end));
    whole.staff(end, end + 10h, t0, 1, 0);  // far longer than the window
    CHECK(whole.staff(Window::m5, end + 10h)->busy_us > 295'000'000);
    CHECK(whole.staff(Window::m5, end + 10h)->busy_us <= 300'000'000);
}

TEST_CASE("board: who waits stands by join time") {
    Slice slice;
    for (const int at : {5, 1, 3, 3}) slice.joined(t0 + Seconds{at});
    CHECK(slice.waiting().front() == t0 + 1s);
    slice.gone(t0 + 3s);
    slice.gone(t0 + 1s);
    slice.gone(t0 + 2s);  // nobody
    CHECK(slice.waiting() == std::vector<Instant>{t0 + 3s, t0 + 5s});
}

TEST_CASE("board: that another waits longest is told apart from that somebody waits") {
    Slice slice;
    const auto tells = [&](auto&& change) {
        slice.changed = 0;
        change();
        CHECK((slice.changed & changes::waiting) != 0);
        return (slice.changed & changes::front) != 0;
    };
    CHECK(tells([&] { slice.joined(t0 + 2s); }));
    CHECK_FALSE(tells([&] { slice.joined(t0 + 3s); }));
    CHECK(tells([&] { slice.joined(t0 + 1s); }));  // told late
    CHECK_FALSE(tells([&] { slice.gone(t0 + 3s); }));
    CHECK(tells([&] { slice.gone(t0 + 1s); }));
    CHECK_FALSE(tells([&] { slice.settle(1); }));
    CHECK(tells([&] { slice.taken(t0 + 2s); }));
    CHECK(tells([&] { slice.given_up(t0 + 2s); }));
    CHECK(tells([&] { slice.nothing_is_open(); }));
}
