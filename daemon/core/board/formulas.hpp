// Every KPI as a formula over the figures of one queue, each with its source: of this moment in
// gauges.cpp, over a window in formulas.cpp.
#pragma once

#include "core/board/figures.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace surged::board {

/// What a formula may look at: a queue, the slice of it that is asked for, a window, now.
struct Sight {
    Figures& queue;
    Slice& slice;
    Slice* contacts;  // of complaints: the contacts they are among; may not be kept
    Window window;
    Instant now, day_start;
    Micros offset;  // wall minus engine
};

/// A figure that a feed tells by name; nullopt: it never did.
[[nodiscard]] std::optional<Quantity> named_gauge(const Figures& queue, std::string_view name);
/// A gauge, as things stand now. Liveness of the data is the caller's to check.
[[nodiscard]] std::optional<Quantity> gauge_value(const Sight& sight, const Measure& measure);
/// When time alone next changes a gauge, unless it grows all the time; see View::grows_since.
[[nodiscard]] std::optional<Instant> gauge_changes(const Sight& sight, Kpi kpi);
/// When the oldest contact joined that waits, or that is open in any way.
[[nodiscard]] std::optional<Instant> oldest_waiting(const Slice& slice);
[[nodiscard]] std::optional<Instant> oldest_open(const Slice& slice);
/// A figure over a window; nullopt if the window is not kept or nothing is under the ratio.
[[nodiscard]] std::optional<Quantity> window_value(const Sight& sight, Kpi kpi);
/// The number of contacts under a ratio, as `min_calls` wants it (Base::own_denominator).
[[nodiscard]] std::uint64_t contacts_under(const Sight& sight, Kpi kpi);

}  // namespace surged::board
