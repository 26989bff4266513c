#include "io/source/queue_log/cursor.hpp"

#include <doctest/doctest.h>
#include <limits>
#include <string>

using namespace surged;
using namespace surged::io::queue_log;

TEST_CASE("queue_log: a cursor comes back from its text") {
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    for (const Cursor& cursor : {
             Cursor{},
             Cursor{17, 4096, 1'234'567, Wall{1'795'452'758'000'003}},
             Cursor{17, 4096, 5, Wall{6}, {{1, 2, 3}, {4, 5, 6}}},
             Cursor{
                    most, most,
                    most, Wall{std::numeric_limits<std::int64_t>::max()},
                    {{most, most, most}, {most, most, most}}
             }
    }) {
        CHECK(Cursor::parse(cursor.text()) == cursor);
        CHECK(cursor.text().size() < 256);  // as much as the core keeps
    }
}

TEST_CASE("queue_log: what is no cursor is none") {
    for (const std::string text :
         {"",
          "1 ",
          "1 1 2 3",
          "1 1 2 3 4 5",
          "2 1 2 3 4",
          "1 a 2 3 4",
          "1 1 -2 3 4",
          "1 1  2 3 4",
          "1 1 2 3 4x",
          "1 99999999999999999999 2 3 4"}) {
        CAPTURE(text);
        CHECK_FALSE(Cursor::parse(text).has_value());
    }
}
