#include "app/backtest/csv.hpp"

#include <doctest/doctest.h>

using namespace surged;
using namespace surged::app::backtest;

namespace {

const plan::Zone shanghai{"Asia/Shanghai", {{Wall{0}, 8 * 3600}}};

}  // namespace

TEST_CASE("backtest: a table's times are Unix seconds, RFC 3339 or local") {
    struct Case {
        const char* text;
        std::optional<std::int64_t> us;
    };
    const Case cases[] = {
        {"1794398709",                1'794'398'709'000'000},
        {"1794398709.25",             1'794'398'709'250'000},
        {"2026-11-11T12:05:09Z",      1'794'398'709'000'000},
        {"2026-11-11T20:05:09+08:00", 1'794'398'709'000'000},
        {"2026-11-11 20:05:09",       1'794'398'709'000'000},
        {"2026/11/11 20:05:09.5",     1'794'398'709'500'000},
        {"2026/11/11 20:05",          1'794'398'700'000'000},
        {"2026-11-11",                std::nullopt         },
        {"2026-13-11 20:05:09",       std::nullopt         },
        {"2026-02-30 20:05:09",       std::nullopt         },
        {"2026-11-11 20:65:09",       std::nullopt         },
        {"11.11.2026 20:05",          std::nullopt         },
        {"yesterday",                 std::nullopt         },
        {"",                          std::nullopt         },
        {"-5",                        std::nullopt         },
        {"nan",                       std::nullopt         },
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        const auto time = parse_time(c.text, shanghai);
        CHECK(time.has_value() == c.us.has_value());
        if (time && c.us) CHECK(time->us == *c.us);
    }
}

TEST_CASE("backtest: a table's columns are the fields of an event, in any order, quoted or not") {
    auto table = CsvTable::from_heading(
        "\xef\xbb\xbfQueue;event; time ;wait;call;caller;remark;queues;agent;state\r"
    );
    REQUIRE(table.has_value());
    io::api::Draft draft;
    CHECK_FALSE(table->read(
        "\"sales; \"\"A\"\"\";answered;2026-11-11 20:05:09;12.5;c-1;13800138000;any;;;\r",
        "hz",
        shanghai,
        draft
    ));
    CHECK(draft.event.type == acd::EventType::answered);
    CHECK(draft.event.queue == "sales; \"A\"");
    CHECK(draft.event.wait == Micros{12'500'000});
    CHECK(draft.event.ts->us == 1'794'398'709'000'000);
    CHECK(draft.event.caller.empty());  // a number never leaves the table
    CHECK_FALSE(table->read(
        ";agent_state;1794398709;;;;;sales | support;PJSIP/1;available", "hz", shanghai, draft
    ));
    CHECK(draft.event.queues == std::vector<std::string_view>{"sales", "support"});
    // A row may end early, but not late.
    CHECK_FALSE(table->read("sales;offered;1794398709;;c-2", "hz", shanghai, draft));
    CHECK(table->read("sales;offered;1794398709;;c-2;;;;;;;", "hz", shanghai, draft));
}

TEST_CASE("backtest: a row is refused as a whole, with what is wrong") {
    auto table = CsvTable::from_heading("time,event,queue,call,wait");
    REQUIRE(table.has_value());
    const auto words = [&](std::string_view row) {
        io::api::Draft draft;
        const auto fault = table->read(row, "hz", shanghai, draft);
        return fault ? fault->words : std::string{};
    };
    CHECK(words("1794398709,offered,sales,c-1,").empty());
    CHECK(words("soon,offered,sales,c-1,") == "ts is no time");
    CHECK(words("1794398709,rang,sales,c-1,") == "unknown type");
    CHECK(words("1794398709,offered,,c-1,") == "queue is missing");
    CHECK(words("1794398709,abandoned,sales,c-1,long") == "wait is not a number");
    CHECK(words("1794398709,abandoned,sales,c-1,-4") == "wait is not between 0 s and 30 days");
}

TEST_CASE("backtest: a heading needs a time and an event, each once") {
    CHECK(CsvTable::from_heading("ts\ttype\tqueue").has_value());
    CHECK_FALSE(CsvTable::from_heading("time,queue,call").has_value());
    CHECK_FALSE(CsvTable::from_heading("event,queue,call").has_value());
    CHECK_FALSE(CsvTable::from_heading("time,ts,event").has_value());
    CHECK_FALSE(CsvTable::from_heading("").has_value());
}
