#include "core/expect/baselines.hpp"

#include <algorithm>

namespace surged::expect {
namespace {

using board::Millionths;
using board::Wide;

/// Sum of what `count(slot)` gives from ≤ t < to, evenly within a slot.
template <class Count>
std::optional<Millionths> sum(std::int64_t from_s, std::int64_t to_s, Count&& count) {
    Wide total = 0;
    while (from_s < to_s) {
        const std::int64_t slot = slot_of(from_s);
        const std::int64_t end_s = std::min(to_s, (slot + 1) * slot_s);
        const std::optional<std::uint32_t> whole = count(slot);
        if (!whole) return std::nullopt;
        total += static_cast<Wide>(*whole) * 1'000'000 * (end_s - from_s) / slot_s;
        from_s = end_s;
    }
    return static_cast<Millionths>(total);
}

std::int64_t floor_mod(std::int64_t a, std::int64_t b) { return ((a % b) + b) % b; }
std::int64_t week_of(std::int64_t slot) {
    return (slot - floor_mod(slot, slots_a_week)) / slots_a_week;
}
constexpr std::int64_t ring = weeks_kept + 1;  // this week's too
std::size_t place_of(std::int64_t slot) {
    return static_cast<std::size_t>(
        floor_mod(slot, slots_a_week) * ring + floor_mod(week_of(slot), ring)
    );
}

}  // namespace

void Weeks::put(std::int64_t slot, std::optional<std::uint32_t> count) {
    constexpr std::uint32_t most = 65'534;
    if (counts_.empty()) {
        if (!count) return;
        counts_.resize(static_cast<std::size_t>(slots_a_week * ring));
    }
    counts_[place_of(slot)] =
        count ? static_cast<std::uint16_t>(std::min(*count, most) + 1) : std::uint16_t{0};
}

void Weeks::fill(std::int64_t slot, std::uint32_t count) {
    if (counts_.empty() || counts_[place_of(slot)] == 0) put(slot, count);
}

std::optional<std::uint32_t> Weeks::count(std::int64_t slot, std::int64_t weeks) const {
    if (counts_.empty()) return std::nullopt;
    const std::uint16_t known = counts_[place_of(slot - weeks * slots_a_week)];
    return known == 0 ? std::nullopt : std::optional{std::uint32_t{known} - 1};
}

std::optional<Millionths> Weeks::usual(std::int64_t from_s, std::int64_t to_s) const {
    std::vector<Millionths> of_weeks;
    for (std::int64_t weeks = 1; weeks <= weeks_kept; ++weeks) {
        const auto one = sum(from_s, to_s, [&](std::int64_t slot) { return count(slot, weeks); });
        if (one) of_weeks.push_back(*one);
    }
    if (static_cast<std::int64_t>(of_weeks.size()) < weeks_least) return std::nullopt;
    std::sort(of_weeks.begin(), of_weeks.end());
    const std::size_t middle = of_weeks.size() / 2;
    if (of_weeks.size() % 2 == 1) return of_weeks[middle];
    return (of_weeks[middle - 1] + of_weeks[middle]) / 2;
}

void Occasion::put(std::int64_t begun, std::int64_t slot, std::optional<std::uint32_t> count) {
    if (begun_ && *begun_ != begun) over();
    begun_ = begun;
    const std::int64_t index = slot - begun;
    if (index < 0 || index >= longest) return;
    running_.resize(std::max(running_.size(), static_cast<std::size_t>(index) + 1));
    running_[static_cast<std::size_t>(index)] = count ? *count + 1 : 0;
}

void Occasion::over() {
    if (!begun_) return;
    begun_.reset();
    last_ = std::move(running_);
    running_ = {};
}

std::optional<Millionths> Occasion::last(std::int64_t from_s, std::int64_t to_s) const {
    return sum(from_s, to_s, [&](std::int64_t slot) -> std::optional<std::uint32_t> {
        if (slot < 0 || slot >= static_cast<std::int64_t>(last_.size())) return std::nullopt;
        const std::uint32_t known = last_[static_cast<std::size_t>(slot)];
        return known == 0 ? std::nullopt : std::optional{known - 1};
    });
}

board::Measure learned(board::Measure measure) {
    measure.window = board::Window::day;
    return measure;
}

}  // namespace surged::expect
