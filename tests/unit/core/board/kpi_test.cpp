// The table of figures: every name reads back, and every figure says what people call it.
#include "core/board/kpi.hpp"

#include <doctest/doctest.h>
#include <set>

using namespace surged::board;

TEST_CASE("kpi: every name is one figure's and reads back") {
    std::set<std::string_view> names;
    for (const KpiInfo& info : kpi_table()) {
        CAPTURE(info.name);
        CHECK(names.insert(info.name).second);
        CHECK(parse_kpi(info.name) == info.kpi);
        CHECK(&info_of(info.kpi) == &info);
        CHECK_FALSE(info.zh.empty());
        CHECK_FALSE(info.en.empty());
    }
    CHECK(names.size() == kpis);
    CHECK_FALSE(parse_kpi("Service_Level"));
    CHECK_FALSE(parse_kpi(""));
}

TEST_CASE("kpi: window names read back") {
    for (const auto* name : {"now", "1m", "5m", "15m", "30m", "60m", "day"}) {
        const auto window = parse_window(name);
        REQUIRE(window);
        CHECK(name_of(*window) == name);
    }
    CHECK_FALSE(parse_window("10m"));
}

TEST_CASE("kpi: thresholds compare exactly, beyond what 64 bits multiply") {
    CHECK(at_least({3, 10}, 300'000));
    CHECK_FALSE(at_least({299'999, 1'000'000}, 300'000));
    CHECK(at_most({8, 10}, 800'000));
    CHECK_FALSE(at_most({800'001, 1'000'000}, 800'000));
    const std::int64_t big = 9'000'000'000'000'000'000;
    CHECK(at_least({big, big}, 1'000'000));
    CHECK_FALSE(at_least({big - 1, big}, 1'000'000));
}
