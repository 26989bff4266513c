// Callers who all enter one queue now: with the center of tests/data a surge.
#pragma once

#include "io/runtime/wall_clock.hpp"

#include <fmt/format.h>
#include <string>

namespace surged::test {

/// NDJSON for POST /api/v1/events: calls c-`from`, c-`from + 1` … offered to "sales".
[[nodiscard]] inline std::string offered_now(int count, int from = 0) {
    std::string lines;
    for (int i = from; i < from + count; ++i)
        lines += fmt::format(
            R"({{"ts":{:.6f},"type":"offered","queue":"sales","call":"c-{}"}})"
            "\n",
            static_cast<double>(io::wall_now().us) / 1e6,
            i
        );
    return lines;
}

}  // namespace surged::test
