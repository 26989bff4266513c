#include "io/source/statsd/line.hpp"

#include <doctest/doctest.h>
#include <string>

using namespace surged::io::statsd;

TEST_CASE("statsd: a line and its parts") {
    struct Row {
        const char* text;
        Bad bad;
        const char* name;
        Kind kind;
        const char* values;
        double rate;
        const char* tags;
    };
    const Row rows[] = {
        {"a.b:12|g",                  Bad::none,     "a.b",     Kind::gauge,     "12",    1,   ""               },
        {"a:1|c|@0.1",                Bad::none,     "a",       Kind::counter,   "1",     0.1, ""               },
        {"a:3.5|ms|#queue:sales,x:y", Bad::none,     "a",       Kind::timer,     "3.5",   1,   "queue:sales,x:y"},
        {"a:3|h|@0.5|#q:售后",        Bad::none,     "a",       Kind::histogram, "3",     0.5, "q:售后"         },
        {"a:1:2:3|d",                 Bad::none,     "a",       Kind::histogram, "1:2:3", 1,   ""               },
        {"a:u1|s|T1795452000|c:c-1",  Bad::none,     "a",       Kind::set,       "u1",    1,   ""               },
        {"a b/c-d:1|g",               Bad::none,     "a b/c-d", Kind::gauge,     "1",     1,   ""               },
        {":1|g",                      Bad::no_value, "",        Kind::gauge,     "",      1,   ""               },
        {"a",                         Bad::no_value, "",        Kind::gauge,     "",      1,   ""               },
        {"a:1",                       Bad::no_value, "",        Kind::gauge,     "",      1,   ""               },
        {"a:|g",                      Bad::no_value, "",        Kind::gauge,     "",      1,   ""               },
        {"a:1|",                      Bad::no_value, "",        Kind::gauge,     "",      1,   ""               },
        {"a:1|q",                     Bad::type,     "",        Kind::gauge,     "",      1,   ""               },
        {"a:1|mss",                   Bad::type,     "",        Kind::gauge,     "",      1,   ""               },
        {"_e{5,4}:title|text",        Bad::type,     "",        Kind::gauge,     "",      1,   ""               },
        {"a:1|c|@0",                  Bad::rate,     "",        Kind::gauge,     "",      1,   ""               },
        {"a:1|c|@1.5",                Bad::rate,     "",        Kind::gauge,     "",      1,   ""               },
        {"a:1|c|@x",                  Bad::rate,     "",        Kind::gauge,     "",      1,   ""               },
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        Line line;
        REQUIRE(parse_line(row.text, line) == row.bad);
        if (row.bad != Bad::none) continue;
        CHECK(line.name == row.name);
        CHECK(line.kind == row.kind);
        CHECK(line.values == row.values);
        CHECK(line.rate == row.rate);
        CHECK(line.tags == row.tags);
    }
    Line line;
    CHECK(parse_line(std::string(256, 'n') + ":1|g", line) == Bad::none);
    CHECK(parse_line(std::string(257, 'n') + ":1|g", line) == Bad::too_long);
    for (std::size_t i = 0; i < bads; ++i) CHECK_FALSE(name_of(static_cast<Bad>(i)).empty());
}

TEST_CASE("statsd: numbers, signs and what is none") {
    struct Row {
        const char* text;
        bool good;
        double number;
        bool delta;
    };
    const Row rows[] = {
        {"0",                     true,  0,                     false},
        {"12",                    true,  12,                    false},
        {"0.25",                  true,  0.25,                  false},
        {".5",                    true,  0.5,                   false},
        {"5.",                    true,  5,                     false},
        {"+3",                    true,  3,                     true },
        {"-3.5",                  true,  -3.5,                  true },
        {"1e3",                   true,  1000,                  false},
        {"123456789012",          true,  123456789012.0,        false},
        {"0.1234567890123456789", true,  0.1234567890123456789, false},
        {"1e12",                  true,  1e12,                  false},
        {"1e13",                  false, 0,                     false},
        {"nan",                   false, 0,                     false},
        {"inf",                   false, 0,                     false},
        {"-inf",                  false, 0,                     false},
        {"--1",                   false, 0,                     false},
        {"+-1",                   false, 0,                     false},
        {".",                     false, 0,                     false},
        {"1x",                    false, 0,                     false},
        {"",                      false, 0,                     false},
        {" 1",                    false, 0,                     false},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        std::string_view values = row.text;
        Value value;
        REQUIRE(next_number(values, value) == row.good);
        if (!row.good) continue;
        CHECK(value.number == row.number);
        CHECK(value.delta == row.delta);
        CHECK(values.empty());
    }
    std::string_view several = "1:x";
    Value value;
    CHECK(next_number(several, value));
    CHECK_FALSE(next_number(several, value));
}

TEST_CASE("statsd: a tag by its key") {
    CHECK(tag_of("a:1,queue:sales,b", "queue") == "sales");
    CHECK(tag_of("queue:a:b", "queue") == "a:b");
    CHECK(tag_of("queues:x,b", "queue").empty());
    CHECK(tag_of("b", "b").empty());
    CHECK(tag_of("", "queue").empty());
}
