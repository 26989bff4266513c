#include "base/document_map.hpp"

#include <doctest/doctest.h>

using namespace surged;
using In = Reference::In;

TEST_CASE("document map: references") {
    struct Row {
        const char* text;
        In in;
        std::vector<std::string> path;
        const char* name;
    };
    const Row rows[] = {
        {"/a/b",               In::item,   {"a", "b"},            ""           },
        {"/a/0/ b",            In::item,   {"a", "0", " b"},      ""           },
        {"/",                  In::item,   {""},                  ""           },
        {"/m~0n/a~1b/x~01",    In::item,   {"m~n", "a/b", "x~1"}, ""           },
        {"top:/time",          In::top,    {"time"},              ""           },
        {"top:",               In::top,    {},                    ""           },
        {"header:X-Zammad-Id", In::header, {},                    "x-zammad-id"},
        {"query:Queue",        In::query,  {},                    "Queue"      },
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        CHECK(looks_like_reference(row.text));
        const auto got = parse_reference(row.text);
        REQUIRE(got.has_value());
        CHECK(got->in == row.in);
        CHECK(got->path == row.path);
        CHECK(got->name == row.name);
    }
    for (const char* bad : {"/a~", "/a~2b", "a/b", "top:a", "header:", "query:"}) {
        CAPTURE(bad);
        CHECK(!parse_reference(bad));
    }
    for (const char* word : {"opened", "a/b", "", "headers", "~1"})
        CHECK(!looks_like_reference(word));
}
