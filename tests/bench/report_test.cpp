#include "bench/report.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace surged::bench;

namespace {

Run run() {
    Run out;
    out.of = "surged 1, g++ 12";
    out.figures = {
        {"parse",                     "events/CPU-s", 2e6,  4e6, "walk",    {.times = 0.6}},
        {"page, p50",                 "ms",           0.5,  0.2, "a floor", {.times = 3}  },
        {"page, p99",                 "ms",           3,    2,   "a floor", {3, 2}        },
        {"backtest",                  "events/CPU-s", 9e5,  0,   "",        {.value = 1e6}},
        {"image",                     "MB",           1.25, 0,   "",        {}            },
        {"growth, 100 queues: step",  "ns",           210,  0,   "",        {}            },
        {"growth, 100 queues: size",  "bytes",        5800, 0,   "",        {}            },
        {"growth, 1000 queues: step", "ns",           250,  0,   "",        {}            },
        {"growth, 1000 queues: size", "bytes",        5900, 0,   "",        {}            },
    };
    return out;
}

constexpr std::string_view expected = R"(
surged 1, g++ 12.

| what | measured | bound of the same run | ratio | asked | holds |
|---|---|---|---|---|---|
| parse | 2 M events/CPU-s | walk: 4 M | 0.50 | at least 0.6× | **no** |
| page, p50 | 0.5 ms | a floor: 0.2 | 2.50 | at most 3× | yes |
| page, p99 | 3 ms | a floor: 2 | 1.50 | at most 3× and 2 ms | **no** |
| backtest | 900000 events/CPU-s |  |  | at least 1 M events/CPU-s | **no** |
| image | 1.25 MB |  |  |  |  |

| | step, ns | size, bytes |
|---|---|---|
| 100 queues | 210 | 5800 |
| 1000 queues | 250 | 5900 |

)";

}  // namespace

TEST_CASE("bench: the figures as tables, with what does not hold") {
    CHECK(tables(run()) == expected);
}

TEST_CASE("bench: a page keeps its words and gets new figures") {
    const auto page = [](std::string_view figures) {
        return fmt::format("# Page\n{}{}{}why\n", figures_begin, figures, figures_end);
    };
    CHECK(renewed(page("old\n"), run()) == page(expected));
    CHECK(renewed(page(expected), run()) == page(expected));
    CHECK_FALSE(renewed("# Page\n", run()).has_value());
}
