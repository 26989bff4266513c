#include "app/cli/table.hpp"

#include "app/cli/show.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

using namespace surged::app::cli;

TEST_CASE("surgectl: width of text on a terminal") {
    struct Row {
        const char* text;
        std::size_t want;
    };
    const Row rows[] = {
        {"",         0},
        {"sales",    5},
        {"售后服务", 8},
        {"Ⅱ级",      3},
        {"é",        1},
        {"e\u0301",  1},
        {"【可能】", 8},
        {"\xff\xfe", 2},
        {"\xe5\x94", 2},
        {"…",        1},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        CHECK(display_width(row.text) == row.want);
    }
}

TEST_CASE("surgectl: columns line up, Chinese too, and nothing forges a line") {
    Table table{
        {"QUEUE", "WAITING"}
    };
    table.add({"售后服务", "3"});
    table.add({"a\nb", "12"});
    CHECK(
        table.text() ==
        "QUEUE     WAITING\n"
        "售后服务  3\n"
        "a b       12\n"
    );
    CHECK(
        Table{
            {"A", "B"}
    }
            .text() == "A  B\n"
    );
}

TEST_CASE("surgectl: JSON as cells") {
    const auto root = boost::json::parse(
        R"({"a":null,"n":3,"d":2.5,"r":0.8125,"l":["x","y"],"t":"2026-11-23T16:35:19.360044Z","b":true})"
    );
    CHECK(cell(root, "/a") == "");
    CHECK(cell(root, "/missing/deeper") == "");
    CHECK(cell(root, "/n") == "3");
    CHECK(cell(root, "/d") == "2.50");
    CHECK(cell(root, "/l") == "x, y");
    CHECK(cell(root, "/b") == "yes");
    CHECK(percent_cell(root, "/r") == "81.2 %");
    CHECK(percent_cell(root, "/a") == "");
    CHECK(time_cell(root, "/t") == "2026-11-23 16:35:19Z");
}
