#include "app/cli/table.hpp"

#include "app/cli/manner.hpp"
#include "app/cli/show.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

using namespace surged;
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
}

TEST_CASE("surgectl: times by the site's clock, words in the reader's language") {
    const auto root = boost::json::parse(
        R"({"t":"2026-11-23T16:35:19.360044Z","b":true,"l":"II","n":"none","s":"overdue"})"
    );
    const Manner plain{plan::Language::en};
    const Manner site{
        plan::Language::zh_cn, plan::Zone{"Asia/Shanghai", {{Wall{0}, 8 * 3600}}}
    };
    CHECK(plain.time(root, "/t") == "2026-11-23 16:35:19Z");
    CHECK(site.time(root, "/t") == "2026-11-24 00:35:19");
    CHECK(site.time(root, "/missing") == "");
    CHECK(plain.level(root, "/l") == "II");
    CHECK(site.level(root, "/l") == "Ⅱ级");
    CHECK(site.level(root, "/n") == "");
    CHECK(plain.flag(root, "/b") == "yes");
    CHECK(site.flag(root, "/b") == "是");
    CHECK(site.said(incident::Term::step, root, "/s") == "超时");
    Globals globals{};
    globals.language = "en";
    const auto status = boost::json::parse(R"({"zone":"Asia/Shanghai"})");
    CHECK(manner_of(globals, status).time(root, "/t") == "2026-11-24 00:35:19");
    CHECK(manner_of(globals, boost::json::parse("{}")).time(root, "/t").ends_with("Z"));
}
