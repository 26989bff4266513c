#include "config/scalar.hpp"

#include "config/document.hpp"
#include "config/report.hpp"

#include <doctest/doctest.h>

using namespace surged;
using namespace surged::config;

TEST_CASE("config: whole numbers are read as they stand") {
    struct Row {
        const char* text;
        std::int64_t want;
    };
    for (const Row& row : {
             Row{"0",            0              },
             {"42",           42             },
             {"-7",           -7             },
             {"999999999999", 999'999'999'999}
    }) {
        CAPTURE(row.text);
        CHECK(parse_integer(row.text) == row.want);
    }
    for (const char* text :
         {"",
          "-",
          "+1",
          "010",
          "00",
          "-01",
          "1.0",
          "1e3",
          "0x10",
          "1_000",
          "1,000",
          " 1",
          "1 ",
          "12a",
          ".nan",
          "9999999999999",
          "１"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_integer(text));
    }
    CHECK(parse_integer("010").error().suggestion == "10");
}

TEST_CASE("config: amounts are millionths, exactly") {
    struct Row {
        const char* text;
        board::Millionths want;
    };
    const Row rows[] = {
        {"0",            0                      },
        {"1",            1'000'000              },
        {"0.3",          300'000                },
        {"0.30",         300'000                },
        {"80%",          800'000                },
        {"12.5 %",       125'000                },
        {"0.0001%",      1                      },
        {"-3.5",         -3'500'000             },
        {"0.000001",     1                      },
        {"1.1000000000", 1'100'000              },
        {"999999999999", 999'999'999'999'000'000},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        CHECK(parse_amount(row.text) == row.want);
    }
    for (const char* text :
         {"",
          ".",
          ".5",
          "5.",
          "1.2.3",
          "%",
          "1%%",
          "--1",
          "+1",
          ".nan",
          ".inf",
          "-.inf",
          "nan",
          "1e-3",
          "0.0000001",
          "0.00001%",
          "01.5",
          "1:30"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_amount(text));
    }
    CHECK(format_amount(300'000) == "0.3");
    CHECK(format_amount(-2'500'001) == "-2.500001");
    CHECK(format_amount(20'000'000) == "20");
}

TEST_CASE("config: durations and truths") {
    CHECK(parse_span("1h30m") == Micros{90min});
    CHECK(parse_span("0s") == Micros{0});
    CHECK(parse_span("90").error().suggestion == "90s");
    for (const char* text : {"", "-1s", "+1s", "010s", "1h05m", "1.5s", "5 m", "1m1h", "1y", "s"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_span(text));
    }
    CHECK(parse_boolean("true") == true);
    CHECK(parse_boolean("false") == false);
    CHECK(parse_boolean("No").error().suggestion == "false");
    CHECK(parse_boolean("on").error().suggestion == "true");
    CHECK_FALSE(parse_boolean("maybe"));
}

TEST_CASE("config: a report takes each mistake once and does not grow without end") {
    Report report;
    for (int i = 0; i < 1000; ++i) report.add({"f", i, 1, "wrong", "", ""});
    CHECK(report.size() == Report::most + 1);
    CHECK(report.full());
    Report twice;
    twice.add({"f", 2, 1, "wrong", "", ""});
    twice.add({"f", 2, 1, "wrong", "", ""});
    twice.add({"f", 1, 1, "wrong", "", ""});
    REQUIRE(twice.sorted().size() == 2);
    CHECK(twice.sorted()[0].line == 1);
    CHECK(shown("a\nb\x01") == "\"a b \"");
    CHECK(shown(std::string(100, 'x')).size() < 50);
}

TEST_CASE("config: texts stay texts, and a byte order mark is no part of them") {
    Report report;
    const Document document = Document::parse(
        "x.yaml",
        "\xef\xbb\xbf"
        "a: no\nb: 010\nc: 1.50\nd: \"x: y\"\ne: ~\nf: |\n  one\n  two\n",
        report
    );
    REQUIRE(document.root() != nullptr);
    CHECK(report.empty());
    const auto text = [&](const char* key) { return document.root()->find(key)->value->text; };
    CHECK(text("a") == "no");
    CHECK(text("b") == "010");
    CHECK(text("c") == "1.50");
    CHECK(text("d") == "x: y");
    CHECK(document.root()->find("e")->value->kind == Node::Kind::null);
    CHECK(text("f") == "one\ntwo\n");
    CHECK(document.root()->find("a")->at == Place{1, 1});
    CHECK(document.root()->find("d")->value->at == Place{4, 4});
}
