// The answer of a Prometheus server to an instant query: JSON to samples.
#pragma once

#include "base/error.hpp"
#include "io/source/prometheus/sample.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace surged::io::prometheus {

/// The body of POST /api/v1/query.
[[nodiscard]] std::string query_form(std::string_view query);

/// What the server answered, a vector or a scalar; an error in its own words. Values that are no
/// number (NaN, +Inf) are left out.
[[nodiscard]] Result<std::vector<Sample>> parse_answer(std::string_view body);

}  // namespace surged::io::prometheus
