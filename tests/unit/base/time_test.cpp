#include "base/time.hpp"

#include <doctest/doctest.h>
#include <string>

using namespace surged;

TEST_CASE("time: RFC 3339 there and back") {
    const Wall wall{1'795'451'719'360'044};
    CHECK(format_rfc3339(wall) == "2026-11-23T16:35:19.360044Z");
    CHECK(parse_rfc3339("2026-11-23T16:35:19.360044Z") == wall);
    CHECK(parse_rfc3339("2026-11-24T00:35:19.360044+08:00") == wall);
    CHECK_FALSE(parse_rfc3339("2026-13-23T16:35:19Z").has_value());
    CHECK_FALSE(parse_rfc3339("2026-11-23T16:35:19").has_value());
}

TEST_CASE("time: durations as YAML writes them") {
    struct Row {
        const char* text;
        std::optional<Micros> want;
    };
    const Row rows[] = {
        {"90s",           90s         },
        {"1h30m",         90min       },
        {"250ms",         250ms       },
        {"2d",            48h         },
        {"",              std::nullopt},
        {"5",             std::nullopt},
        {"-5s",           std::nullopt},
        {"5m1h",          std::nullopt},
        {"5x",            std::nullopt},
        {"999999999999d", std::nullopt}
    };
    for (const Row& row : rows) {
        CAPTURE(std::string{row.text});
        CHECK(parse_duration(row.text) == row.want);
    }
    CHECK(format_duration(90min) == "1h30m");
}
