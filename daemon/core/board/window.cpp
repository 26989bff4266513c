#include "core/board/window.hpp"

#include <algorithm>
#include <bit>

namespace surged::board {

std::uint8_t WaitBins::bin_of(Micros wait) {
    const auto quarters = static_cast<std::uint64_t>(std::max<std::int64_t>(0, wait / 250ms));
    if (quarters < 16) return static_cast<std::uint8_t>(quarters);
    const auto octave = static_cast<std::uint64_t>(std::bit_width(quarters)) - 5;  // 16…31 → 0
    const std::uint64_t bin = 16 + octave * 16 + ((quarters >> octave) - 16);
    return static_cast<std::uint8_t>(std::min<std::uint64_t>(bin, count - 1));
}

Micros WaitBins::upper_edge(std::uint8_t bin) {
    if (bin < 16) return (std::int64_t{bin} + 1) * Micros{250ms};
    const unsigned octave = (bin - 16U) / 16U;
    const std::int64_t mantissa = (bin - 16) % 16 + 16 + 1;
    return (mantissa << octave) * Micros{250ms};
}

std::int64_t SlidingWaits::index_of(Instant at) const {
    return window_ == Window::day ? 0 : at.time_since_epoch() / (length_of(window_) / buckets);
}

void SlidingWaits::roll(Instant now) {
    const std::int64_t index = index_of(now);
    if (index <= head_) return;
    const std::int64_t steps = rows_.empty() ? 0 : std::min(index - head_, buckets);
    std::uint64_t over = 0;  // slots whose waits leave, a bit each
    for (std::int64_t i = index - steps + 1; i <= index; ++i) {
        std::uint32_t& row = rows_[static_cast<std::size_t>(i % buckets)];
        if (row > 0) over |= std::uint64_t{1} << static_cast<unsigned>(i % buckets);
        row = 0;
    }
    head_ = index;
    if (over == 0) return;
    std::erase_if(entries_, [&](const Entry& entry) {
        const bool leaves = ((over >> entry.slot) & 1) != 0;
        if (leaves) --bins_[entry.bin];
        return leaves;
    });
    count_ = entries_.size();
}

void SlidingWaits::count_in(std::uint8_t bin) {
    if (bins_.empty()) bins_.resize(WaitBins::count);
    ++bins_[bin];
    ++count_;
}

bool SlidingWaits::add(Instant at, Instant now, Micros wait) {
    roll(now);
    const std::int64_t index = index_of(at);
    if (index < 0 || index > head_ || head_ - index >= buckets) return false;
    const std::uint8_t bin = WaitBins::bin_of(wait);
    const bool first = count_ == 0 || index < head_;
    count_in(bin);
    if (window_ == Window::day) return false;
    if (rows_.empty()) rows_.resize(buckets);
    const auto slot = static_cast<std::uint8_t>(index % buckets);
    ++rows_[slot];
    entries_.push_back({slot, bin});
    return first;
}

std::optional<Micros> SlidingWaits::quantile(Instant now, unsigned percent) {
    roll(now);
    if (count_ == 0) return std::nullopt;
    const std::uint64_t rank = (count_ * percent + 99) / 100;  // nearest rank, from 1
    std::uint64_t below = 0;
    for (std::size_t bin = 0; bin < bins_.size(); ++bin) {
        below += bins_[bin];
        if (below >= rank) return WaitBins::upper_edge(static_cast<std::uint8_t>(bin));
    }
    return std::nullopt;
}

std::uint64_t SlidingWaits::count(Instant now) {
    roll(now);
    return count_;
}

std::optional<Instant> SlidingWaits::next_change(Instant now) {
    roll(now);
    if (count_ == 0 || rows_.empty()) return std::nullopt;
    const std::int64_t first = std::max<std::int64_t>(0, head_ - buckets + 1);
    for (std::int64_t index = first; index <= head_; ++index)
        if (rows_[static_cast<std::size_t>(index % buckets)] > 0)
            return Instant{(index + buckets) * (length_of(window_) / buckets)};
    return std::nullopt;
}

void SlidingWaits::clear() { *this = SlidingWaits{window_}; }

void SlidingWaits::write(codec::Writer& out, Instant now) {
    roll(now);
    out(window_);
    if (window_ == Window::day) return out(count_ > 0 ? bins_ : std::vector<std::uint32_t>{});
    out(count_ > 0);
    if (count_ == 0) return;
    std::array<std::string, buckets> waits;  // by slot
    for (const Entry& entry : entries_) waits[entry.slot].push_back(static_cast<char>(entry.bin));
    for (std::int64_t age = 0; age < buckets; ++age) {
        if (head_ < age) {
            out(std::string_view{});
            continue;
        }
        std::string& row = waits[static_cast<std::size_t>((head_ - age) % buckets)];
        std::sort(row.begin(), row.end());  // order of arrival within a bucket says nothing
        out(row);
    }
}

void SlidingWaits::read(codec::Reader& in, Instant now) {
    clear();
    in(window_);
    if (!in.ok() || window_ <= Window::now || window_ > Window::day) return in.fault();
    if (window_ == Window::day) {
        bins_.resize(WaitBins::count);
        if (in.version() >= 2)
            in(bins_);
        else
            for (auto& n : bins_) in(n);
        if (!bins_.empty() && bins_.size() != WaitBins::count) return in.fault();
        for (const auto n : bins_) count_ += n;
        return;
    }
    bool any = false;
    in(any);
    head_ = index_of(now);
    if (!any) return;
    rows_.resize(buckets);
    for (std::int64_t age = 0; age < buckets && in.ok(); ++age) {
        std::string row;
        in(row);
        if (head_ < age) continue;
        const auto slot = static_cast<std::uint8_t>((head_ - age) % buckets);
        for (const char bin : row) {
            count_in(static_cast<std::uint8_t>(bin));
            entries_.push_back({slot, static_cast<std::uint8_t>(bin)});
        }
        rows_[slot] = static_cast<std::uint32_t>(row.size());
    }
}

}  // namespace surged::board
