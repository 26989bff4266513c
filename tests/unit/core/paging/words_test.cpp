#include "core/paging/words.hpp"

#include <doctest/doctest.h>
#include <limits>
#include <string>

using namespace surged;
using board::Kpi;
using board::Quantity;
using plan::Language;

namespace {
constexpr auto zh = Language::zh_cn;
constexpr auto en = Language::en;
}  // namespace

TEST_CASE("paging: levels in both languages") {
    struct Row {
        plan::Level level;
        const char *zh, *en;
    };
    const Row rows[] = {
        {plan::Level::none, "",    ""         },
        {plan::Level::IV,   "Ⅳ级", "level IV" },
        {plan::Level::III,  "Ⅲ级", "level III"},
        {plan::Level::II,   "Ⅱ级", "level II" },
        {plan::Level::I,    "Ⅰ级", "level I"  },
    };
    for (const Row& row : rows) {
        CHECK(paging::level_word(row.level, zh) == row.zh);
        CHECK(paging::level_word(row.level, en) == row.en);
    }
}

TEST_CASE("paging: durations exact and at a glance") {
    struct Row {
        Micros duration;
        const char *zh, *en, *glance_zh, *glance_en;
    };
    const Row rows[] = {
        {-5s,            "0 秒",             "0 s",           "0 秒",          "0 s"      },
        {52s,            "52 秒",            "52 s",          "52 秒",         "52 s"     },
        {112s + 999ms,   "1 分 52 秒",       "1 min 52 s",    "1 分钟",        "1 min"    },
        {60s,            "1 分 0 秒",        "1 min 0 s",     "1 分钟",        "1 min"    },
        {1h,             "1 小时 0 分 0 秒", "1 h 0 min 0 s", "1 小时",        "1 h"      },
        {3h + 5min + 7s, "3 小时 5 分 7 秒", "3 h 5 min 7 s", "3 小时 5 分钟", "3 h 5 min"},
    };
    for (const Row& row : rows) {
        CHECK(paging::duration_words(row.duration, zh) == row.zh);
        CHECK(paging::duration_words(row.duration, en) == row.en);
        CHECK(paging::elapsed_words(row.duration, zh) == row.glance_zh);
        CHECK(paging::elapsed_words(row.duration, en) == row.glance_en);
    }
}

TEST_CASE("paging: figures by their unit") {
    struct Row {
        Kpi kpi;
        Quantity value;
        const char *zh, *en;
    };
    // The largest value is held at what can be written, not wrapped.
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    // clang-format off
    const Row rows[] = {
        {Kpi::waiting_per_agent, {104, 288}, "0.36", "0.36"},
        {Kpi::waiting_per_agent, {3, 10}, "0.30", "0.30"},
        {Kpi::waiting_per_agent, {995, 1000}, "1.00", "1.00"},
        {Kpi::load_ratio, {3, 2}, "1.50", "1.50"},
        {Kpi::calls_waiting, {104, 1}, "104", "104"},
        {Kpi::longest_wait, {112'400'000, 1'000'000}, "1 分 52 秒", "1 min 52 s"},
        {Kpi::average_handle_time, {605, 2}, "5 分 3 秒", "5 min 3 s"},
        {Kpi::service_level, {72, 100}, "72 %", "72 %"},
        {Kpi::abandon_ratio, {1, 3}, "33.3 %", "33.3 %"},
        {Kpi::arrival_rate, {5, 24}, "12.5/分钟", "12.5/min"},
        {Kpi::gauge, {32, 10}, "3.2", "3.2"},
        {Kpi::gauge, {-5, 1}, "-5", "-5"},
        {Kpi::gauge, {-1, 4}, "-0.25", "-0.25"},
        {Kpi::gauge, {most, 1}, "9223372036854.77", "9223372036854.77"},
};
    // clang-format on
    for (const Row& row : rows) {
        CAPTURE(row.en);
        CHECK(paging::figure_words(row.kpi, row.value, zh) == row.zh);
        CHECK(paging::figure_words(row.kpi, row.value, en) == row.en);
    }
}

TEST_CASE("paging: limits are never rounded") {
    struct Row {
        Kpi kpi;
        board::Millionths limit;
        const char* en;
    };
    const Row rows[] = {
        {Kpi::waiting_per_agent, 350'000,     "0.35"       },
        {Kpi::waiting_per_agent, 300'000,     "0.30"       },
        {Kpi::waiting_per_agent, 333'333,     "0.333333"   },
        {Kpi::calls_waiting,     20'000'000,  "20"         },
        {Kpi::longest_wait,      180'000'000, "3 min 0 s"  },
        {Kpi::longest_wait,      12'500'000,  "12.5 s"     },
        {Kpi::longest_wait,      12'345'678,  "12.345678 s"},
        {Kpi::service_level,     640'000,     "64 %"       },
        {Kpi::refused_ratio,     12'500,      "1.25 %"     },
        {Kpi::arrival_rate,      500'000,     "30/min"     },
    };
    for (const Row& row : rows) CHECK(paging::limit_words(row.kpi, row.limit, en) == row.en);
}

TEST_CASE("paging: how many times") {
    CHECK(paging::times_words({1900, 1000}) == "1.9");
    CHECK(paging::times_words({1, 3}) == "0.3");
    CHECK(paging::times_words({2, 1}) == "2.0");
}

TEST_CASE("paging: what a figure is called") {
    board::Measure measure{Kpi::service_level, board::Window::m30, "", "vip", ""};
    CHECK(paging::measure_words(measure, 20s, zh) == "20 秒接通率");
    CHECK(paging::measure_words(measure, 20s, en) == "service level in 20 s");
    CHECK(paging::measure_words(measure, std::nullopt, zh) == "服务水平");
    CHECK(paging::qualifier_words(measure, zh) == "30 分钟,vip");
    CHECK(paging::qualifier_words(measure, en) == "30 min, vip");
    measure = {Kpi::complaints, board::Window::m60, "", "", "配送", 1};
    CHECK(paging::qualifier_words(measure, zh) == "60 分钟,配送,重大");
    measure.severity = 2;
    CHECK(paging::qualifier_words(measure, en) == "60 min, 配送, severity ≤ 2");
    measure = {Kpi::gauge, board::Window::now, "crowd_density", "", ""};
    CHECK(paging::measure_words(measure, 20s, en) == "crowd_density");
    CHECK(paging::qualifier_words(measure, en).empty());
}

TEST_CASE("paging: names from outside stay short, on one line and whole") {
    struct Row {
        const char* text;
        std::size_t most;
        const char* want;
    };
    const Row rows[] = {
        {"",             5, ""         },
        {"sales",        5, "sales"    },
        {"sales-1",      5, "sale…"    },
        {"售前电话一组", 5, "售前电话…"},
        {"a\nb\tc\x7f",  9, "a b c "   },
        {"a\xff\xc3",    9, "a??"      },
        {"\xe5\x94",     9, "??"       },
        {"😀😀😀",       2, "😀…"      },
    };
    for (const Row& row : rows) CHECK(paging::clip(row.text, row.most) == row.want);
}
