#include "io/source/queue_log/line.hpp"

#include <doctest/doctest.h>
#include <string>

using namespace surged;
using namespace surged::io::queue_log;

TEST_CASE("queue_log: a line in its parts") {
    const auto line = parse_line("1795452758|1795452755.28|售后服务|Bob O'Neil|ABANDON|1|2|3");
    REQUIRE(line.has_value());
    CHECK(line->written == Wall{1'795'452'758'000'000});
    CHECK(line->call == "1795452755.28");
    CHECK(line->queue == "售后服务");
    CHECK(line->member == "Bob O'Neil");
    CHECK(line->event == "ABANDON");
    CHECK(line->count == 3);
    CHECK(line->param(2) == "3");
    CHECK(line->param(3).empty());
}

TEST_CASE("queue_log: what stands for nothing is empty") {
    for (const std::string word : {"NONE", "REALTIME", "MANAGER", "CLI"}) {
        const auto line = parse_line("1|" + word + "|NONE|NONE|CONFIGRELOAD|");
        REQUIRE(line.has_value());
        CHECK(line->call.empty());
        CHECK(line->queue.empty());
        CHECK(line->member.empty());
        CHECK(line->count == 0);
    }
}

TEST_CASE("queue_log: empty parameters at the end are none, within the line they are") {
    const auto line = parse_line("1|2.3|q|m|COMPLETEAGENT||5||\r");
    REQUIRE(line.has_value());
    CHECK(line->count == 2);
    CHECK(line->param(0).empty());
    CHECK(line->param(1) == "5");
    const auto many = parse_line("1|2.3|q|m|X|1|2|3|4|5|6|7|8|9|10|11|12|13|14");
    REQUIRE(many.has_value());
    CHECK(many->count == Line::params_max);
}

TEST_CASE("queue_log: times with a fraction") {
    CHECK(parse_line("1795452758.25|1.1|q|m|X|")->written == Wall{1'795'452'758'250'000});
    CHECK(parse_line("1795452758.123456789|1.1|q|m|X|")->written == Wall{1'795'452'758'123'456});
}

TEST_CASE("queue_log: what is no line is none") {
    const std::string rows[] = {
        "",
        "hello",
        "|||||",
        "1795452758",
        "1795452758|1.1|q|m",
        "1795452758|1.1|q|m|",
        "-5|1.1|q|m|ABANDON|1|1|1",
        "12345678901|1.1|q|m|ABANDON|1|1|1",
        "4102444801|1.1|q|m|ABANDON|1|1|1",
        "99999999999999999999|1.1|q|m|ABANDON|1|1|1",
        "1795452758.x|1.1|q|m|ABANDON|1|1|1",
        "2026-11-25 13:00:00|1.1|q|m|ABANDON|1|1|1",
        std::string("\0\0\0\0\0", 5),
        "\xff\xfe|\x80|\x80|\x80|\x80|",
    };
    for (const std::string& row : rows) {
        CAPTURE(row);
        CHECK_FALSE(parse_line(row).has_value());
    }
    CHECK(epoch_of("1795452758|x") == 1'795'452'758);
    CHECK_FALSE(epoch_of("x").has_value());
}
