// What an exporter shows at /metrics: text format 0.0.4, line by line.
#pragma once

#include "io/source/prometheus/sample.hpp"

#include <cstdint>
#include <string_view>

namespace surged::io::prometheus {

enum class Seen : std::uint8_t {
    nothing,  // a comment, or an empty line
    series,
    garbage,
};

/// One line; members point into it.
struct SeriesLine {
    std::string_view name;
    std::string_view labels;  // between the braces, as written
    double value{0};          // may be NaN or infinite
    std::optional<Wall> at;
};
[[nodiscard]] Seen parse_series(std::string_view line, SeriesLine& out);
/// The labels of such a line; false: garbage.
[[nodiscard]] bool parse_labels(std::string_view text, Labels& out);

}  // namespace surged::io::prometheus
