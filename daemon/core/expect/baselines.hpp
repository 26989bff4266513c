// What is usual: how much a figure counted in the same hours of past weeks, and on the last day of
// its kind.
//
// Learned in quarter hours of local time from what the engine itself has counted. A quarter hour in
// which data was lost, or on a special day, teaches nothing.
#pragma once

#include "base/time.hpp"
#include "core/board/kpi.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace surged::expect {

inline constexpr std::int64_t slot_s = 900;
inline constexpr std::int64_t slots_a_week = 7 * 86'400 / slot_s;
inline constexpr std::int64_t weeks_kept = 6;   // of each quarter hour of the week
inline constexpr std::int64_t weeks_least = 3;  // fewer say nothing

/// The number of a quarter hour since 1970-01-01 00:00 local.
[[nodiscard]] constexpr std::int64_t slot_of(std::int64_t local_s) {
    return local_s / slot_s - (local_s % slot_s < 0 ? 1 : 0);
}

/// The past weeks of one figure. 9 KB from the first count on.
class Weeks {
public:
    /// nullopt: nothing is known of this quarter hour.
    void put(std::int64_t slot, std::optional<std::uint32_t> count);
    /// As put, of a quarter hour of the last weeks_kept weeks of which nothing is known yet: what
    /// was counted here stands.
    void fill(std::int64_t slot, std::uint32_t count);
    /// What the same time of the week counted, from ≤ t < to in local seconds, at most a day: the
    /// median over the weeks of which all of it is known. nullopt: they are fewer than weeks_least.
    [[nodiscard]] std::optional<board::Millionths> usual(std::int64_t from_s, std::int64_t to_s)
        const;
    template <class A>
    void fields(A& a) {
        a(counts_);
    }
    bool operator==(const Weeks&) const = default;

private:
    /// Of the quarter hour so many weeks before; 1 ≤ weeks ≤ weeks_kept.
    [[nodiscard]] std::optional<std::uint32_t> count(std::int64_t slot, std::int64_t weeks) const;
    std::vector<std::uint16_t> counts_;  // count + 1; 0: not known; by slot of the week, then week
};

/// The running and the last occurrence of a calendar, for one figure, counted from its beginning.
class Occasion {
public:
    static constexpr std::int64_t longest = 14 * 96;  // quarter hours; what is beyond is not kept
    /// `begun`: the quarter hour in which the running occurrence began.
    void put(std::int64_t begun, std::int64_t slot, std::optional<std::uint32_t> count);
    /// The calendar is not in force.
    void over();
    /// False: last() says nothing.
    [[nodiscard]] bool has_last() const { return !last_.empty(); }
    /// What the last occurrence counted, so long after its beginning. nullopt: not all of it is
    /// known.
    [[nodiscard]] std::optional<board::Millionths> last(std::int64_t from_s, std::int64_t to_s)
        const;
    template <class A>
    void fields(A& a) {
        a(begun_, running_, last_);
    }
    bool operator==(const Occasion&) const = default;

private:
    std::optional<std::int64_t> begun_;          // slot
    std::vector<std::uint32_t> running_, last_;  // count + 1; 0: not known
};

/// Whose baseline it is. `measure` counts over `day`; `event`: a calendar; empty: the weeks.
struct BaselineKey {
    std::string queue;
    board::Measure measure;
    std::string event;
    template <class A>
    void fields(A& a) {
        a(queue, measure, event);
    }
    auto operator<=>(const BaselineKey&) const = default;
};
struct Baseline {
    std::uint64_t counted{0};  // of the day, at the end of the last slot
    std::int64_t day{-1};      // that day: local days since 1970
    bool doubtful{true};       // the slot that runs is not whole
    Weeks weeks;
    Occasion occasion;
    template <class A>
    void fields(A& a) {
        a(counted, day, doubtful, weeks, occasion);
    }
    bool operator==(const Baseline&) const = default;
};
/// Kept beyond the life of a queue: it may come back on Monday.
struct Baselines {
    static constexpr std::size_t most = 10'000;
    std::map<BaselineKey, Baseline> all;
    template <class A>
    void fields(A& a) {
        a(all);
    }
    bool operator==(const Baselines&) const = default;
};

/// The measure under which a figure is learned, whatever its window is.
[[nodiscard]] board::Measure learned(board::Measure measure);

}  // namespace surged::expect
