#include "core/board/day_plan.hpp"

#include <algorithm>
#include <chrono>

namespace surged::board {
namespace {

constexpr std::int64_t kept_us = Micros{std::chrono::days{1}}.count();

/// What the interval expects from ≤ t < to, a part of it.
Millionths share(const acd::Expected& interval, Wall from, Wall to) {
    const std::int64_t whole = interval.to.us - interval.from.us;
    const Wide part = static_cast<Wide>(interval.offered) * (to.us - from.us);
    return static_cast<Millionths>((part + whole / 2) / whole);
}

acd::Expected cut(const acd::Expected& interval, Wall from, Wall to) {
    acd::Expected out = interval;
    out.from = from;
    out.to = to;
    out.offered = share(interval, from, to);
    return out;
}

}  // namespace

bool DayPlan::put(const acd::Expected& interval, Wall now) {
    std::vector<acd::Expected> next;
    next.reserve(intervals_.size() + 2);
    for (const acd::Expected& known : intervals_) {
        if (known.to.us <= now.us - kept_us) continue;
        if (known.to <= interval.from || known.from >= interval.to) {
            next.push_back(known);
            continue;
        }
        if (known.from < interval.from) next.push_back(cut(known, known.from, interval.from));
        if (known.to > interval.to) next.push_back(cut(known, interval.to, known.to));
    }
    if (next.size() >= most) return false;
    const auto place = std::find_if(next.begin(), next.end(), [&](const acd::Expected& known) {
        return known.from > interval.from;
    });
    next.insert(place, interval);
    intervals_ = std::move(next);
    return true;
}

std::vector<acd::Expected>::const_iterator DayPlan::first_after(Wall wall) const {
    return std::upper_bound(
        intervals_.begin(),
        intervals_.end(),
        wall,
        [](Wall at, const acd::Expected& interval) { return at < interval.to; }
    );
}

const acd::Expected* DayPlan::at(Wall wall) const {
    const auto found = first_after(wall);
    return found != intervals_.end() && found->from <= wall ? &*found : nullptr;
}

std::optional<Millionths> DayPlan::offered(Wall from, Wall to) const {
    Millionths sum = 0;
    for (auto it = first_after(from); from < to; ++it) {
        if (it == intervals_.end() || it->from > from) return std::nullopt;
        const Wall end = std::min(to, it->to);
        sum += share(*it, from, end);
        from = end;
    }
    return sum;
}

std::optional<Wall> DayPlan::next_change(Wall after) const {
    const auto found = first_after(after);
    if (found == intervals_.end()) return std::nullopt;
    return found->from > after ? found->from : found->to;
}

}  // namespace surged::board
