// Fractions of what was counted, and the ages of who waits: what every formula is made of.
#pragma once

#include "base/time.hpp"
#include "core/board/kpi.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace surged::board {

inline constexpr std::int64_t second_us = 1'000'000;

/// nullopt if nothing is under it: no value is not 0 and not 100 %.
[[nodiscard]] inline std::optional<Quantity> ratio(std::int64_t num, std::int64_t den) {
    if (den <= 0) return std::nullopt;
    return Quantity{num, den};
}

/// A fraction of wide products, brought into 64 bits by dropping low bits of both alike.
[[nodiscard]] inline std::optional<Quantity> ratio(Wide num, Wide den) {
    if (den <= 0) return std::nullopt;
    constexpr Wide most = std::numeric_limits<std::int64_t>::max();
    while (num > most || den > most) {
        num >>= 1;
        den >>= 1;
    }
    return Quantity{
        static_cast<std::int64_t>(num), std::max<std::int64_t>(1, static_cast<std::int64_t>(den))
    };
}

[[nodiscard]] inline std::optional<Quantity> seconds(std::int64_t us) {
    return Quantity{us, second_us};
}
[[nodiscard]] inline std::optional<Quantity> count(std::int64_t n) { return Quantity{n, 1}; }

/// How many of these join times, in order, are longer ago than `age`.
[[nodiscard]] inline std::int64_t older(
    const std::vector<Instant>& since, Micros age, Instant now
) {
    return std::lower_bound(since.begin(), since.end(), now - age) - since.begin();
}
/// When the next of them is.
[[nodiscard]] inline std::optional<Instant> next_older(
    const std::vector<Instant>& since, Micros age, Instant now
) {
    const auto next = std::lower_bound(since.begin(), since.end(), now - age);
    if (next == since.end()) return std::nullopt;
    return *next + age + Micros{1};
}

}  // namespace surged::board
