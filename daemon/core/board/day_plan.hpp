// The plan of the day of one queue: what operations expect, interval by interval.
#pragma once

#include "core/acd/event.hpp"
#include "core/board/kpi.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace surged::board {

class DayPlan {
public:
    /// Intervals of one queue; more are refused. A week of quarter hours has 672.
    static constexpr std::size_t most = 1'000;

    /// Takes the place of all that it overlaps: of an interval cut by it the rest stays, with its
    /// share of the contacts. What ended more than a day before `now` is forgotten.
    /// @return false if there is no room
    bool put(const acd::Expected& interval, Wall now);
    /// The interval of this moment; nullptr: none is planned.
    [[nodiscard]] const acd::Expected* at(Wall wall) const;
    /// Contacts expected from ≤ t < to, evenly within each interval; nullopt: not all of it is
    /// planned.
    [[nodiscard]] std::optional<Millionths> offered(Wall from, Wall to) const;
    /// The next edge of an interval.
    [[nodiscard]] std::optional<Wall> next_change(Wall after) const;
    [[nodiscard]] bool empty() const { return intervals_.empty(); }
    template <class A>
    void fields(A& a) {
        a(intervals_);
    }
    bool operator==(const DayPlan&) const = default;

private:
    [[nodiscard]] std::vector<acd::Expected>::const_iterator first_after(Wall wall) const;
    std::vector<acd::Expected> intervals_;  // by time, without overlap
};

}  // namespace surged::board
