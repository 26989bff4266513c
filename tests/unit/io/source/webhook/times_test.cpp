#include "io/source/webhook/times.hpp"

#include <doctest/doctest.h>

using namespace surged;
using namespace surged::io::hook;

TEST_CASE("webhook times: what systems write") {
    // Two zones: east of Greenwich all year, and one with summer time that ends at 1,000,000,000.
    const std::vector<ZoneChange> shanghai{
        {0, 28'800}
    };
    const std::vector<ZoneChange> changing{
        {0,                     7200},
        {1'000'000'000'000'000, 3600}
    };
    struct Row {
        const char* text;
        TimeForm form;
        std::optional<double> want;
    };
    const Row rows[] = {
        {"2021-05-01T18:43:48Z",           TimeForm::rfc3339, 1619894628       },
        {"2021-05-01T18:43:48.250Z",       TimeForm::rfc3339, 1619894628.25    },
        {"2021-05-02T02:43:48+08:00",      TimeForm::rfc3339, 1619894628       },
        {"2021-05-02T02:43:48+0800",       TimeForm::rfc3339, 1619894628       },
        {"2021-05-02 02:43:48 +0800",      TimeForm::rfc3339, 1619894628       },
        {"2021-05-01 16:43:48-02:00",      TimeForm::rfc3339, 1619894628       },
        {"2025-01-08T16:45:20.987654321Z", TimeForm::rfc3339, 1736354720.987654},
        {"1619894628",                     TimeForm::rfc3339, 1619894628       },
        {"1619894628.5",                   TimeForm::unix_s,  1619894628.5     },
        {"1619894628250",                  TimeForm::unix_ms, 1619894628.25    },
        {"2021-05-02 02:43:48",            TimeForm::local,   1619894628       },
        {"2021-05-02T02:43:48",            TimeForm::local,   1619894628       },
        {"2021-05-01T18:43:48",            TimeForm::rfc3339, {}               },
        {"2021-05-01",                     TimeForm::rfc3339, {}               },
        {"2021-05-01T18:43:48Z",           TimeForm::local,   {}               },
        {"2021-05-01T18:43:48Z",           TimeForm::unix_s,  {}               },
        {"yesterday",                      TimeForm::rfc3339, {}               },
        {"",                               TimeForm::rfc3339, {}               },
        {"1e999",                          TimeForm::unix_s,  {}               },
        {"nan",                            TimeForm::unix_s,  {}               },
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        const auto got = parse_time(row.text, row.form, shanghai);
        CHECK(got.has_value() == row.want.has_value());
        if (got && row.want) CHECK(*got == doctest::Approx(*row.want).epsilon(1e-12));
    }
    // 2001-09-09T01:46:40Z: the clock goes from 03:46:40 back to 02:46:40.
    CHECK(parse_time("2001-09-09 02:00:00", TimeForm::local, changing) == 999993600.0);
    CHECK(parse_time("2001-09-09 05:00:00", TimeForm::local, changing) == 1000008000.0);
    CHECK(
        parse_time("2001-09-09 03:00:00", TimeForm::local, changing) == 1000000800.0
    );  // the later
    CHECK(parse_number("12") == 12.0);
    CHECK(!parse_number("12 "));
    CHECK(!parse_number(" 12"));
    CHECK(!parse_number("0x10"));
}
