#include "base/markup.hpp"

#include <doctest/doctest.h>
#include <string>
#include <string_view>

using namespace surged;

TEST_CASE("markup: what would be a tag, an entity or the end of an attribute is text") {
    CHECK(
        escape_markup("<a href=\"x\" title='y'>&amp;") ==
        "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;"
    );
    CHECK(escape_markup("排队 5 人") == "排队 5 人");
    CHECK(escape_markup("").empty());
}

TEST_CASE("markup: control characters are blanks, line ends and tabs stay") {
    CHECK(escape_markup(std::string_view{"a\0b\x1b\x7f|\t\r\n", 9}) == "a b  |\t\r\n");
}
