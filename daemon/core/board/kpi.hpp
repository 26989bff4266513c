// The names of the figures: one table for YAML, metrics, API and console.
#pragma once

#include "base/assert.hpp"

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace surged::board {

/// W is the current and the 59 preceding buckets of W/60, aligned to the epoch; `day` counts since
/// local midnight of the site. `now` is for gauges.
enum class Window : std::uint8_t { now, m1, m5, m15, m30, m60, day };
inline constexpr std::size_t windows = 7;
[[nodiscard]] std::string_view name_of(Window window);  // "now", "1m", "5m", … "day"
[[nodiscard]] std::optional<Window> parse_window(std::string_view text);

enum class Kpi : std::uint8_t {
    // gauges, now
    calls_waiting,
    longest_wait,
    agents_staffed,
    agents_available,
    agents_busy,
    agents_wrap,
    agents_paused,
    agents_scheduled,
    waiting_per_agent,
    staffing_ratio,
    estimated_wait,
    lines_in_use,
    complaints_open,
    complaints_overdue,
    complaints_overdue_ratio,
    gauge,
    // over a window
    calls_offered,
    calls_answered,
    calls_abandoned,
    calls_exited,
    calls_refused,
    service_level,
    service_level_live,
    answer_ratio,
    abandon_ratio,
    refused_ratio,
    average_speed_of_answer,
    wait_p50,
    wait_p90,
    wait_p99,
    average_handle_time,
    occupancy,
    transfer_ratio,
    repeat_ratio,
    arrival_rate,
    load_ratio,
    complaints,
    complaint_ratio,
    csat,
    // added since; the numbers are in journals, so what is new stands at the end
    backlog,             // gauge
    oldest,              // gauge
    concurrency,         // gauge
    first_response_p50,  // over a window, as the rest
    first_response_p90,
    response_ratio,
};
inline constexpr auto kpis = static_cast<std::size_t>(Kpi::response_ratio) + 1;

enum class Unit : std::uint8_t { count, seconds, ratio, per_second, score };

/// What `min_calls` of a condition is compared with.
enum class Base : std::uint8_t { none, own_denominator, calls_offered };

/// What may narrow a figure down: nothing, the class of a contact, or of a complaint its class,
/// topic and severity.
enum class Filter : std::uint8_t { none, klass, complaint };

struct KpiInfo {
    Kpi kpi;
    std::string_view name;  // in YAML and API
    /// In /metrics; empty: there it is told by a counter.
    std::string_view metric;
    Unit unit;
    bool windowed;
    bool less_is_worse;  // wants `below`
    bool share;          // part of a whole: never beyond 1
    /// From the calls and agents of the queue's own source: while that is lost it has no value,
    /// because data lost is never "no calls".
    bool of_calls;
    Base base;
    Filter filter;
    std::string_view zh, en;   // what a page calls it (glossary)
    std::string_view formula;  // in one line of English, for the reference and /metrics
};
/// One row per Kpi, in the order of the enum.
extern const std::array<KpiInfo, kpis> kpi_rows;
[[nodiscard]] inline std::span<const KpiInfo> kpi_table() { return kpi_rows; }
[[nodiscard]] inline const KpiInfo& info_of(Kpi kpi) {
    const auto index = static_cast<std::size_t>(kpi);
    SURGED_ASSERT(index < kpis);
    return kpi_rows[index];
}
[[nodiscard]] std::optional<Kpi> parse_kpi(std::string_view name);

/// What to read of a queue.
struct Measure {
    Kpi kpi{Kpi::calls_waiting};
    Window window{Window::now};
    std::string gauge;         // Kpi::gauge: its name
    std::string klass;         // only contacts of this class; empty: all
    std::string topic;         // complaints: only of this topic; empty: all
    std::int32_t severity{0};  // complaints: only so grave or graver (1 is critical); 0: all
    std::uint8_t channels{0};  // only contacts of these: a bit per acd::Channel; 0: all
    template <class A>
    void fields(A& a) {
        a(kpi, window, gauge, klass, topic);
        if (a.version() >= 2) a(severity);
        if (a.version() >= 3) a(channels);
    }
    auto operator<=>(const Measure&) const = default;
};

/// A figure as a fraction, so that thresholds compare integers: value = num / den, den > 0.
/// Seconds, ratios and counts alike: a wait of 90 s may be 90'000'000 / 1'000'000.
struct Quantity {
    std::int64_t num{0};
    std::int64_t den{1};
    [[nodiscard]] double value() const {
        return static_cast<double>(num) / static_cast<double>(den);
    }
    template <class A>
    void fields(A& a) {
        a(num, den);
    }
    bool operator==(const Quantity&) const = default;
};

/// Millionths of the unit: 0.3 → 300'000, 90 s → 90'000'000, 80 % → 800'000.
using Millionths = std::int64_t;

__extension__ using Wide = __int128;  // products of two 64-bit integers do not overflow it

/// value ≥ threshold, exactly.
[[nodiscard]] inline bool at_least(const Quantity& value, Millionths threshold) {
    return static_cast<Wide>(value.num) * 1'000'000 >= static_cast<Wide>(threshold) * value.den;
}
/// value ≤ threshold, exactly.
[[nodiscard]] inline bool at_most(const Quantity& value, Millionths threshold) {
    return static_cast<Wide>(value.num) * 1'000'000 <= static_cast<Wide>(threshold) * value.den;
}

}  // namespace surged::board
