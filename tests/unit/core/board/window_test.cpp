// Windows against a naive list of what was counted when.
#include "core/board/window.hpp"

#include "base/random.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <type_traits>
#include <vector>

using namespace surged;
using namespace surged::board;

namespace {

struct Counted {
    Instant at;
    Micros wait;
};

// The definition: the current and the 59 preceding buckets of W/60, aligned to the epoch.
bool inside(Window window, Instant at, Instant now) {
    const Micros width = length_of(window) / 60;
    const auto current = now.time_since_epoch() / width;
    const auto mine = at.time_since_epoch() / width;
    return mine <= current && mine >= current - 59;
}

}  // namespace

TEST_CASE("window: the same as a naive list under random times") {
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
        CAPTURE(seed);
        Random random{seed};
        const auto window = static_cast<Window>(1 + random.below(5));
        Sliding<Traffic> sliding{window};
        SlidingWaits waits{window};
        std::vector<Counted> all;
        Instant now{Seconds{1'763'900'000}};
        const auto length = static_cast<std::uint64_t>(length_of(window).count());
        for (int step = 0; step < 400; ++step) {
            now += Micros{static_cast<std::int64_t>(
                random.below(random.below(20) == 0 ? length * 2 : length / 40)
            )};
            if (random.below(3) > 0) {
                const auto back = random.below(random.below(4) == 0 ? length * 2 : 2'000'000);
                const Counted counted{
                    now - Micros{static_cast<std::int64_t>(back)},
                    Micros{static_cast<std::int64_t>(random.below(400'000'000))}
                };
                all.push_back(counted);
                sliding.add(counted.at, now, [&](auto& t) {
                    ++t.answered;
                    t.wait_us += counted.wait.count();
                });
                waits.add(counted.at, now, counted.wait);
            }
            std::int64_t count = 0;
            std::int64_t wait_us = 0;
            std::vector<Micros> waited;
            std::optional<Instant> first;
            for (const Counted& c : all) {
                if (!inside(window, c.at, now)) continue;
                ++count;
                wait_us += c.wait.count();
                waited.push_back(c.wait);
                first = first ? std::min(*first, c.at) : c.at;
            }
            REQUIRE(sliding.sum(now).answered == count);
            REQUIRE(sliding.sum(now).wait_us == wait_us);
            REQUIRE(waits.count(now) == waited.size());
            const auto change = sliding.next_change(now);
            REQUIRE(change == waits.next_change(now));
            REQUIRE(change.has_value() == first.has_value());
            if (change) {  // at that instant, and not before, the oldest bucket is gone
                REQUIRE(inside(window, *first, *change - Micros{1}));
                REQUIRE_FALSE(inside(window, *first, *change));
            }
            if (waited.empty()) continue;
            std::sort(waited.begin(), waited.end());
            for (const unsigned percent : {50U, 90U, 99U}) {
                const Micros exact = waited[(waited.size() * percent + 99) / 100 - 1];
                const Micros read = *waits.quantile(now, percent);
                REQUIRE(read > exact);
                REQUIRE(read <= exact + std::max(Micros{250ms}, exact / 15));
            }
        }
    }
}

TEST_CASE("window: a copy goes on where it was, and what is taken back is gone") {
    const auto answered = [](std::int64_t by) {
        return [by](auto& t) {
            t.answered = static_cast<std::remove_cvref_t<decltype(t.answered)>>(t.answered + by);
        };
    };
    Sliding<Traffic> sliding{Window::m1};
    Instant now{Seconds{1'763'900'000}};
    for (int second = 0; second < 300; ++second, now += 1s) {
        sliding.add(now, now, answered(1));
        if (second % 7 == 0) {  // of the newest bucket, of one in the middle and of the oldest
            for (const int back : {0, std::min(second, 20), std::min(second, 59)}) {
                sliding.add(now - Seconds{back}, now, answered(-1));
                sliding.add(now - Seconds{back}, now, answered(1));
            }
        }
        Sliding<Traffic> copy = sliding;
        const auto want = std::min(second + 1, 60);
        REQUIRE(copy.sum(now).answered == want);
        REQUIRE(copy.next_change(now) == sliding.next_change(now));
        codec::Writer one, other;
        copy.write(one, now);
        sliding.write(other, now);
        REQUIRE(one.bytes() == other.bytes());
        copy.add(now, now, answered(1));
        REQUIRE(copy.sum(now).answered == want + 1);
        REQUIRE(sliding.sum(now).answered == want);
        REQUIRE(copy.sum(now + 30s).answered == std::min(want, 30) + 1);
    }
}

TEST_CASE("window: equal contents give equal bytes, however it was rolled") {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        Random random{seed};
        Sliding<Handling> lazy{Window::m5};
        Sliding<Handling> eager{Window::m5};
        SlidingWaits lazy_waits{Window::m1};
        SlidingWaits eager_waits{Window::m1};
        Instant now{Seconds{1'763'900'000}};
        for (int step = 0; step < 100; ++step) {
            const Instant next = now + Micros{static_cast<std::int64_t>(random.below(9'000'000))};
            for (; now < next; now += 500ms) {
                static_cast<void>(eager.sum(now));
                static_cast<void>(eager_waits.count(now));
            }
            const auto add = [](auto& h) { ++h.handled; };
            lazy.add(now, now, add);
            eager.add(now, now, add);
            lazy_waits.add(now, now, Micros{step});
            eager_waits.add(now, now, Micros{step});
        }
        now += 120s;
        codec::Writer a;
        codec::Writer b;
        lazy.write(a, now);
        lazy_waits.write(a, now);
        eager.write(b, now);
        eager_waits.write(b, now);
        REQUIRE(a.bytes() == b.bytes());
        Sliding<Handling> restored;
        SlidingWaits restored_waits;
        codec::Reader in{a.bytes()};
        restored.read(in, now);
        restored_waits.read(in, now);
        REQUIRE(in.ok());
        REQUIRE(in.at_end());
        CHECK(restored.sum(now) == lazy.sum(now));
        CHECK(restored_waits.count(now) == lazy_waits.count(now));
        codec::Writer again;
        restored.write(again, now);
        restored_waits.write(again, now);
        CHECK(again.bytes() == a.bytes());
    }
}

TEST_CASE("window: bins of waits rise, and hold what falls into them") {
    Micros edge{0};
    for (unsigned bin = 0; bin < 256; ++bin) {
        const Micros upper = WaitBins::upper_edge(static_cast<std::uint8_t>(bin));
        REQUIRE(upper > edge);
        REQUIRE(WaitBins::bin_of(edge) == bin);
        REQUIRE(WaitBins::bin_of(upper - Micros{1}) == bin);
        edge = upper;
    }
    CHECK(WaitBins::bin_of(Micros{std::chrono::days{400}}) == 255);
}
