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

/// Counts of one group over one window. Memory for the buckets is taken with the first count.
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
    /// `at` ≤ `now`.
    template <class F>
    void add(Instant at, Instant now, F&& change) {
        roll(now);
        const std::int64_t index = index_of(at);
        if (index > head_ || head_ - index >= buckets) return;
        if (rows_.empty()) rows_.resize(buckets);
        if (sum_ == Sum{} || index < oldest_) oldest_ = index;
        change(rows_[slot(index)]);
        change(sum_);
    }
    [[nodiscard]] const Sum& sum(Instant now) {
        roll(now);
        return sum_;
    }
    /// When the oldest bucket that counts anything leaves; nullopt if nothing is in the window.
    [[nodiscard]] std::optional<Instant> next_change(Instant now) {
        roll(now);
        if (rows_.empty() || sum_ == Sum{}) return std::nullopt;
        // From where the last look ended: a bucket is passed over once, not at every event.
        oldest_ = std::max(oldest_, head_ - buckets + 1);
        for (; oldest_ <= head_; ++oldest_)
            if (!(rows_[slot(oldest_)] == Row{})) return Instant{(oldest_ + buckets) * bucket()};
        return std::nullopt;
    }

    /// The live buckets by their distance from now: the same bytes however the window was rolled.
    void write(codec::Writer& out, Instant now) {
        roll(now);
        std::uint64_t live = 0;
        for (const Row& row : rows_) live += row == Row{} ? 0U : 1U;
        out(window_, live);
        for (std::int64_t age = 0; live > 0 && age < buckets; ++age)
            if (const Row& row = rows_[slot(head_ - age)]; !(row == Row{})) out(age, row);
    }
    void read(codec::Reader& in, Instant now) {
        std::uint64_t live = 0;
        in(window_, live);
        if (!in.ok() || window_ <= Window::now || window_ >= Window::day || live > 60)
            return in.fault();
        head_ = index_of(now);
        for (; live > 0 && in.ok(); --live) {
            std::int64_t age = 0;
            Row row;
            in(age, row);
            if (age < 0 || age >= buckets) return in.fault();
            rows_.resize(buckets);
            rows_[slot(head_ - age)] = row;
            board::add(sum_, row);
        }
    }

private:
    [[nodiscard]] std::int64_t index_of(Instant at) const {
        return at.time_since_epoch() / bucket();
    }
    [[nodiscard]] static std::size_t slot(std::int64_t index) {
        return static_cast<std::size_t>(((index % buckets) + buckets) % buckets);
    }
    void roll(Instant now) {
        const std::int64_t index = index_of(now);
        if (index <= head_) return;
        if (!rows_.empty() && !(sum_ == Sum{})) {
            if (index - head_ >= buckets) {
                rows_.assign(buckets, Row{});
                sum_ = Sum{};
            } else {
                for (std::int64_t i = head_ + 1; i <= index; ++i) {
                    subtract(sum_, rows_[slot(i)]);
                    rows_[slot(i)] = Row{};
                }
            }
        }
        head_ = index;
    }

    Window window_{Window::m5};
    std::int64_t head_{0};    // absolute index of the current bucket
    std::int64_t oldest_{0};  // no bucket before it counts anything; a hint, not written
    std::vector<Row> rows_;
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
    void add(Instant at, Instant now, Micros wait);
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
