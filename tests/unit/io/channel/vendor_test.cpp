#include "io/channel/vendor.hpp"

#include "robots.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

using namespace surged;
using namespace surged::io;
using delivery::Outcome;

TEST_CASE("channels: what is not the vendor's JSON is never a success") {
    struct Row {
        const char* body;
        int status;
        Outcome want;
    };
    const Row rows[] = {
        {"<html>log in</html>",    200, Outcome::retry       },
        {" \n<!DOCTYPE html>",     200, Outcome::retry       },
        {"",                       200, Outcome::unknown     },
        {R"({"errcode":0,"err)",   200, Outcome::unknown     },
        {"[0]",                    200, Outcome::unknown     },
        {"0",                      200, Outcome::unknown     },
        {"ok",                     200, Outcome::unknown     },
        {R"({"errcode":0})",       500, Outcome::retry       },
        {R"({"errcode":0})",       429, Outcome::rate_limited},
        {"<html>login</html>",     302, Outcome::retry       },
        {"<html>forbidden</html>", 403, Outcome::bad_channel },
        {"no such page",           404, Outcome::bad_message },
    };
    for (const Row& row : rows) {
        CAPTURE(row.body);
        CAPTURE(row.status);
        const auto body = vendor::body_of(test::answer(row.body, row.status), Wall{0});
        REQUIRE_FALSE(body.has_value());
        CHECK(body.error().outcome == row.want);
        CHECK_FALSE(body.error().detail.empty());
    }
    CHECK(vendor::body_of(test::answer(R"({"code":9499})", 400), Wall{0}).has_value());
    const auto deep = std::string(1000, '[');
    CHECK_FALSE(vendor::body_of(test::answer(R"({"a":)" + deep), Wall{0}).has_value());
}

TEST_CASE("channels: a vendor's words are one short line without our secrets") {
    const auto body = boost::json::parse(
        R"({"errmsg":"key K3Y-K3Y refused: K3Y-K3Y\nsecond line","other":5,"long":")" +
        std::string(1000, 'x') + R"("})"
    );
    const auto& object = body.as_object();
    CHECK(
        vendor::words(object, "errmsg", {"", "e", "K3Y-K3Y"}) == "key *** refused: *** second line"
    );
    CHECK(vendor::words(object, "other", {}).empty());
    CHECK(vendor::words(object, "none", {}).empty());
    CHECK(vendor::words(object, "long", {}).size() == 200);
    CHECK(vendor::number(object, "other") == 5);
    CHECK_FALSE(vendor::number(object, "errmsg").has_value());
}

TEST_CASE("channels: a clock that breaks signatures is told of") {
    const auto at = [](std::int64_t s) { return Wall{s * 1'000'000}; };
    const auto dated = test::answer(
        "{}",
        200,
        {
            {"Date", "Thu, 01 Jan 1970 00:16:40 GMT"}
    }
    );  // 1000 s
    CHECK(vendor::clock_words(dated, at(1029)).empty());
    CHECK(
        vendor::clock_words(dated, at(1100)) == "; this machine's clock is 100 s ahead of theirs"
    );
    CHECK(vendor::clock_words(dated, at(900)) == "; this machine's clock is 100 s behind theirs");
    CHECK(vendor::clock_words(test::answer("{}"), at(0)).empty());
}

TEST_CASE("channels: addresses, keys and names as people write them") {
    CHECK(vendor::address("http://h:1", "/robot/send") == "http://h:1/robot/send");
    CHECK(vendor::address("http://h:1/", "/robot/send") == "http://h:1/robot/send");
    CHECK(vendor::address("http://h/gw/robot/send", "/robot/send") == "http://h/gw/robot/send");
    CHECK(vendor::address("http://h/v2/hook", "/v2/hook/") == "http://h/v2/hook/");
    CHECK(vendor::address("http://h/v2/hook/", "/v2/hook/") == "http://h/v2/hook/");
    CHECK(vendor::bare_key(" 693axxx \n", "key=") == "693axxx");
    CHECK(vendor::bare_key("https://q.example/send?key=693a&debug=1", "key=") == "693a");
    CHECK(vendor::bare_key("https://o.example/v2/hook/t-1", "/hook/") == "t-1");
    CHECK(vendor::bare_key("", "key=").empty());
    CHECK(vendor::percent_encoded("a+/=~ 队") == "a%2B%2F%3D~%20%E9%98%9F");
    CHECK(vendor::names_in("a|b, c |") == std::vector<std::string>{"a", "b", "c"});
    CHECK(vendor::names_in("").empty());
    CHECK(vendor::is_mobile("13800138000"));
    CHECK(vendor::is_mobile("+8613800138000"));
    CHECK_FALSE(vendor::is_mobile("1001"));
    CHECK_FALSE(vendor::is_mobile("wang138001380"));
}
