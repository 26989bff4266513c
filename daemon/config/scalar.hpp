// The values a rule file is written in: whole numbers, amounts, durations. Read from the text as it
// stands, because YAML's own conversions turn 010 into 8 and .nan into a threshold that never
// fires.
#pragma once

#include "base/time.hpp"
#include "core/board/kpi.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace surged::config {

/// Why a text is not a value; the caller knows the place.
struct Complaint {
    std::string what, expected, suggestion;
};
template <class T>
using Parsed = tl::expected<T, Complaint>;

/// 0, 42, -7: no sign +, no leading zero, no separators, no exponent.
[[nodiscard]] Parsed<std::int64_t> parse_integer(std::string_view text);
/// 0.3, 12, 80 % (80% is 0.8), -3.5: exactly, in millionths.
[[nodiscard]] Parsed<board::Millionths> parse_amount(std::string_view text);
/// 90s, 5m, 1h30m, 250ms; a bare number is refused with the unit it may have meant.
[[nodiscard]] Parsed<Micros> parse_span(std::string_view text);
/// true or false; YAML's yes, no, on, off are refused.
[[nodiscard]] Parsed<bool> parse_boolean(std::string_view text);

/// 300000 → 0.3, for messages and the reference.
[[nodiscard]] std::string format_amount(board::Millionths amount);

}  // namespace surged::config
