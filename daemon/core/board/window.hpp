// A sliding window of 60 buckets with a running sum, so that reading it costs the same at any rate.
//
// W is the current and the 59 preceding buckets of W/60, aligned to the epoch of engine time. A
// window rolls when it is used; what it holds depends on the events and on now, never on how often
// it was rolled.
#pragma once

#include "base/codec.hpp"
#include "base/time.hpp"
#include "core/board/kpi.hpp"
#include "core/board/tally.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace surged::board {

inline constexpr std::int64_t buckets = 60;

/// Length of a sliding window; zero for `now` and `day`, which do not slide.
[[nodiscard]] constexpr Micros length_of(Window window) {
    constexpr std::array<int, windows> minutes{0, 1, 5, 15, 30, 60, 0};
    return std::chrono::minutes{minutes[static_cast<std::size_t>(window)]};
}

/// Counts of one group over one window. Buckets that count something take memory, and some of those
/// that did lately. Not to be used once it has been moved from.
template <template <class> class Group>
class Sliding {
public:
    using Row = Group<std::uint32_t>;
    using Sum = Group<std::int64_t>;

    Sliding() = default;
    explicit Sliding(Window window) : window_{window} {}
    [[nodiscard]] Window window() const { return window_; }
    [[nodiscard]] Micros bucket() const { return length_of(window_) / buckets; }

    /// Applies `change` to the bucket of `at` and to the sum, unless `at` is before the window.
    /// `at` ≤ `now`. True if next_change() may name an earlier instant than before.
    template <class F>
    bool add(Instant at, Instant now, F&& change) {
        roll(now);
        const std::int64_t index = index_of(at);
        if (index > head_ || head_ - index >= buckets) return false;
        const auto found = live_at(index);
        const bool first = found == oldest();
        change(found->row);
        change(sum_);
        if (found->row == Row{}) live_.erase(found);
        return first;
    }
    [[nodiscard]] const Sum& sum(Instant now) {
        roll(now);
        return sum_;
    }
    /// When the oldest bucket that counts anything leaves; nullopt if nothing is in the window.
    [[nodiscard]] std::optional<Instant> next_change(Instant now) {
        roll(now);
        if (oldest() == live_.end()) return std::nullopt;
        return Instant{(oldest()->index + buckets) * bucket()};
    }

    /// The live buckets by their distance from now: the same bytes however the window was rolled.
    void write(codec::Writer& out, Instant now) {
        roll(now);
        out(window_, static_cast<std::uint64_t>(live_.end() - oldest()));
        for (auto bucket = live_.end(); bucket != oldest();) {
            --bucket;
            out(head_ - bucket->index, bucket->row);
        }
    }
    void read(codec::Reader& in, Instant now) {
        std::uint64_t live = 0;
        in(window_, live);
        if (!in.ok() || window_ <= Window::now || window_ >= Window::day || live > 60)
            return in.fault();
        head_ = index_of(now);
        head_ends_ = Instant{(head_ + 1) * bucket()};
        for (; live > 0 && in.ok(); --live) {
            std::int64_t age = 0;
            Row row;
            in(age, row);
            if (age < 0 || age >= buckets || row == Row{}) return in.fault();
            const auto found = live_at(head_ - age);
            if (!(found->row == Row{})) return in.fault();
            found->row = row;
            board::add(sum_, row);
        }
    }

private:
    struct Bucket {
        std::int64_t index;  // absolute
        Row row;
    };
    [[nodiscard]] std::int64_t index_of(Instant at) const {
        if (at < head_ends_ && at >= head_ends_ - bucket()) return head_;
        return at.time_since_epoch() / bucket();
    }
    using Place = typename std::vector<Bucket>::iterator;
    [[nodiscard]] Place oldest() { return live_.begin() + dropped_; }
    /// The bucket of `index`, made if it is not there. Nearly always it is the newest.
    [[nodiscard]] Place live_at(std::int64_t index) {
        auto at = live_.end();
        while (at != oldest() && std::prev(at)->index >= index) --at;
        if (at != live_.end() && at->index == index) return at;
        if (live_.size() == live_.capacity()) {
            const auto offset = at - oldest();
            make_room();
            at = oldest() + offset;
        }
        return live_.insert(at, Bucket{index, Row{}});
    }
    /// Those dropped go once they are many, so that no roll moves all the others; else it grows by
    /// halves, and never beyond what there can be of both.
    void make_room() {
        constexpr auto most = static_cast<std::size_t>(buckets + buckets / 4);
        if (static_cast<std::size_t>(dropped_) * 5 >= live_.size() && dropped_ > 0) {
            live_.erase(live_.begin(), oldest());
            dropped_ = 0;
        } else {
            live_.reserve(std::min(most, live_.size() + std::max<std::size_t>(2, live_.size() / 2))
            );
        }
    }
    void roll(Instant now) {
        if (now < head_ends_) return;
        const std::int64_t index = index_of(now);
        head_ends_ = Instant{(index + 1) * bucket()};
        if (index <= head_) return;
        head_ = index;
        for (; oldest() != live_.end() && head_ - oldest()->index >= buckets; ++dropped_)
            subtract(sum_, oldest()->row);
        if (oldest() != live_.end()) return;
        live_.clear();
        dropped_ = 0;
    }

    Window window_{Window::m5};
    std::uint8_t dropped_{0};   // so many of `live_` are over, the first ones
    std::int64_t head_{0};      // absolute index of the current bucket
    Instant head_ends_;         // of that bucket: until then nothing rolls
    std::vector<Bucket> live_;  // those that count anything, by index
    Sum sum_;
};

/// Bins of waits: exact to a quarter second up to 8 s, then to a sixteenth of the wait.
struct WaitBins {
    static constexpr std::size_t count = 256;
    [[nodiscard]] static std::uint8_t bin_of(Micros wait);
    /// The upper edge: a quantile read from bins never looks better than it was.
    [[nodiscard]] static Micros upper_edge(std::uint8_t bin);
};

/// Waits over one window, for quantiles: two bytes each and, from the first on, 1.3 KB.
class SlidingWaits {
public:
    SlidingWaits() = default;
    explicit SlidingWaits(Window window) : window_{window} {}
    [[nodiscard]] Window window() const { return window_; }
    /// True if next_change() may name an earlier instant than before.
    bool add(Instant at, Instant now, Micros wait);
    /// The smallest upper edge that at least `percent` of the waits do not exceed.
    [[nodiscard]] std::optional<Micros> quantile(Instant now, unsigned percent);
    [[nodiscard]] std::uint64_t count(Instant now);
    [[nodiscard]] std::optional<Instant> next_change(Instant now);
    /// `day` does not slide: it is cleared at midnight.
    void clear();
    void write(codec::Writer& out, Instant now);
    void read(codec::Reader& in, Instant now);

private:
    struct Entry {
        std::uint8_t slot, bin;  // of its bucket; of its wait
    };
    [[nodiscard]] std::int64_t index_of(Instant at) const;
    void roll(Instant now);
    void count_in(std::uint8_t bin);
    Window window_{Window::m5};
    std::int64_t head_{0};
    std::uint64_t count_{0};
    std::vector<std::uint32_t> bins_;  // empty before the first wait
    std::vector<std::uint32_t> rows_;  // waits by slot; empty before the first wait, and for `day`
    std::vector<Entry> entries_;       // in the order of arrival; none for `day`
};

}  // namespace surged::board
