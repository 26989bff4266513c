#include "io/source/text.hpp"

#include <doctest/doctest.h>
#include <string>

using namespace surged;
using namespace surged::io;

TEST_CASE("source text: counts") {
    CHECK(parse_count("0") == 0);
    CHECK(parse_count("17") == 17);
    for (const char* wrong : {"", "-1", "+1", " 1", "1 ", "1.5", "x", "99999999999999999999"})
        CHECK_FALSE(parse_count(wrong).has_value());
}

TEST_CASE("source text: bytes that are no UTF-8 are escaped, each name its own") {
    const std::string good = "sales 售后服务 \xF0\x9F\x98\x80";
    CHECK(escape_to_utf8(good) == good);
    for (const char* wrong :
         {"\xCF\xFA", "\xC0\xAF", "\xED\xA0\x80", "\xF5\x80\x80\x80", "a\xE5\x94"})
        CHECK(escape_to_utf8(wrong) != wrong);
    CHECK(escape_to_utf8("\xCF\xFA ok 售") == "\\xCF\\xFA ok 售");
    CHECK(escape_to_utf8("\xCA\xDB") != escape_to_utf8("\xCF\xFA"));
}

TEST_CASE("source text: an excerpt shows no digits and no bytes that are not text") {
    CHECK(safe_excerpt("call 13800138000 \x01 王") == "call ########### ? ???");
    CHECK(safe_excerpt(std::string(60, 'x')) == std::string(48, 'x') + "...");
}

TEST_CASE("source text: a name is UTF-8 without control characters, and not too long") {
    CHECK(is_plain_name("售后 服务"));
    CHECK(is_plain_name(std::string(plain_name_max, 'q')));
    CHECK_FALSE(is_plain_name(std::string(plain_name_max + 1, 'q')));
    for (const char* wrong : {"\xCF\xFA", "a\nb", "a\x7f"}) CHECK_FALSE(is_plain_name(wrong));
}
