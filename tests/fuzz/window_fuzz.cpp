// A sliding window against the naive list of all that was ever counted.
#include "core/board/window.hpp"
#include "fuzz/fuzz.hpp"

#include <algorithm>
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
    const Micros width = length_of(window) / buckets;
    const auto age = now.time_since_epoch() / width - at.time_since_epoch() / width;
    return age >= 0 && age < buckets;
}

template <class T>
T copied(T& value, Window window, Instant now) {
    codec::Writer out;
    value.write(out, now);
    codec::Reader in{out.bytes()};
    T copy{window};
    copy.read(in, now);
    fuzz::require(in.ok() && in.at_end(), "a window that does not read back");
    return copy;
}

void compare(
    Sliding<Traffic>& sliding, SlidingWaits& waits, const std::vector<Counted>& all, Instant now
) {
    const Window window = sliding.window();
    std::int64_t count = 0;
    std::int64_t wait_us = 0;
    std::vector<Micros> waited;
    for (const Counted& one : all) {
        if (!inside(window, one.at, now)) continue;
        ++count;
        wait_us += one.wait.count();
        waited.push_back(one.wait);
    }
    const auto sum = sliding.sum(now);
    fuzz::require(sum.answered == count && sum.wait_us == wait_us, "the sum is not the list's");
    fuzz::require(
        sliding.next_change(now).has_value() == (count > 0), "nothing left, yet it will change"
    );
    fuzz::require(
        waits.count(now) == static_cast<std::uint64_t>(count), "as many waits as counted"
    );
    const auto median = waits.quantile(now, 50);
    fuzz::require(median.has_value() == (count > 0), "a quantile of nothing");
    if (!median) return;
    std::sort(waited.begin(), waited.end());
    const Micros exact = waited[(waited.size() + 1) / 2 - 1];
    fuzz::require(
        *median == WaitBins::upper_edge(WaitBins::bin_of(exact)), "the median is another's bin"
    );
    fuzz::canary(count >= 5 && *median > 100s);
}

void run(std::string_view bytes) {
    fuzz::Choices choices{bytes};
    const auto window = static_cast<Window>(1 + choices.below(5));
    const std::int64_t width = (length_of(window) / buckets).count();
    Sliding<Traffic> sliding{window};
    SlidingWaits waits{window};
    std::vector<Counted> all;
    Instant now{Seconds{1'763'900'000}};
    while (!choices.empty() && all.size() < 2000) {
        const std::uint8_t what = choices.byte();
        now += Micros{static_cast<std::int64_t>(choices.below(0xfffff)) * width / 64};
        if (what % 4 == 0) {
            sliding = copied(sliding, window, now);
            waits = copied(waits, window, now);
        } else if (what % 4 < 3) {
            const Micros back{static_cast<std::int64_t>(choices.below(0xfffff)) * width / 32};
            const Counted one{now - back, Micros{choices.below(0xfffff) * 400LL}};
            all.push_back(one);
            sliding.add(one.at, now, [&one](auto& t) {
                ++t.answered;
                t.wait_us += one.wait.count();
            });
            waits.add(one.at, now, one.wait);
        }
        compare(sliding, waits, all, now);
    }
}

const fuzz::Target target{run};

}  // namespace
