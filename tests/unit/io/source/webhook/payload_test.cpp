#include "io/source/webhook/payload.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>
#include <string>

using namespace surged;
using namespace surged::io;
using namespace surged::io::hook;
namespace json = boost::json;

namespace {

constexpr std::string_view form = "application/x-www-form-urlencoded";

http::Request request() {
    http::Request out;
    out.headers = {
        {"x-id", "d-1"}
    };
    out.query = {
        {"queue", "sales"}
    };
    return out;
}

std::string found(Payload& payload, std::string_view reference) {
    const json::value* const at = payload.find(*parse_reference(reference));
    return at == nullptr ? "-" : word_of(*at).value_or("?");
}

}  // namespace

TEST_CASE("webhook payload: JSON and forms become trees") {
    CHECK(*parse_body("application/json", R"({"a":[1,2]})") == json::parse(R"({"a":[1,2]})"));
    CHECK(*parse_body("", "[1]") == json::parse("[1]"));
    CHECK(
        *parse_body(
            "Application/x-www-form-urlencoded; charset=UTF-8", "a=1&b=x+y%21&a=2&c&=z&&"
        ) == json::parse(R"({"a":"2","b":"x y!","c":"","":"z"})")
    );
    CHECK(*parse_body(form, "") == json::parse("{}"));
    CHECK(!parse_body(form, "a=%zz"));
    CHECK(!parse_body("", ""));
    CHECK(!parse_body("", "a=b"));
    CHECK(!parse_body("", R"({"a":1} x)"));
    CHECK(!parse_body("", std::string(40, '[') + std::string(40, ']')));
    std::string many;
    for (int i = 0; i < 2000; ++i) many += "a=1&";
    CHECK(!parse_body(form, many));
}

TEST_CASE("webhook payload: references find their way") {
    const json::value body = json::parse(
        R"({"a":{"b":[{"c":"x"},7,true,null,1.5]},"t":"{\"k\":{\"n\":[1,\"two\"]}}","s":"plain",)"
        R"("m~n":{"a/b":1},"e":"","big":18446744073709551615,"neg":-3})"
    );
    const http::Request asked = request();
    Payload payload{body, asked};
    struct Row {
        const char* reference;
        const char* want;
    };
    const Row rows[] = {
        {"/a/b/0/c",     "x"                   },
        {"/a/b/1",       "7"                   },
        {"/a/b/2",       "true"                },
        {"/a/b/3",       "-"                   },
        {"/a/b/4",       "1.5"                 },
        {"/a/b/5",       "-"                   },
        {"/a/b/x",       "-"                   },
        {"/a/b/-1",      "-"                   },
        {"/a",           "?"                   },
        {"/a/none",      "-"                   },
        {"/t/k/n/1",     "two"                 },
        {"/t/k/n/0",     "1"                   },
        {"/t/none",      "-"                   },
        {"/s/k",         "-"                   },
        {"/m~0n/a~1b",   "1"                   },
        {"/e",           ""                    },
        {"/big",         "18446744073709551615"},
        {"/neg",         "-3"                  },
        {"header:X-Id",  "d-1"                 },
        {"header:other", "-"                   },
        {"query:queue",  "sales"               },
        {"query:other",  "-"                   },
        {"top:/s",       "plain"               },
    };
    for (const Row& row : rows) {
        CAPTURE(row.reference);
        CHECK(found(payload, row.reference) == row.want);
    }
    payload.go_to(body.at("a"));
    CHECK(found(payload, "/b/1") == "7");
    CHECK(found(payload, "top:/s") == "plain");
    // Of several the first that is there, and says something.
    const json::value* const first = payload.find(
        {*parse_reference("/none"), *parse_reference("top:/e"), *parse_reference("/b/1")}
    );
    REQUIRE(first != nullptr);
    CHECK(word_of(*first) == "7");
}

TEST_CASE("webhook payload: conditions") {
    const json::value body =
        json::parse(R"({"type":"ticket.created","n":5,"tags":["vip","late"],"x":null,"ok":false})");
    const http::Request asked = request();
    Payload payload{body, asked};
    const auto test = [](std::string_view at) {
        DocumentTest out;
        out.at.push_back(*parse_reference(at));
        return out;
    };
    const auto in = [&](std::string_view at, std::vector<std::string> words) {
        auto out = test(at);
        out.in = std::move(words);
        return out;
    };
    const auto like = [&](std::string_view at, std::vector<std::string> words) {
        auto out = test(at);
        out.like = std::move(words);
        return out;
    };
    const auto has = [&](std::string_view at, std::vector<std::string> words) {
        auto out = test(at);
        out.has = std::move(words);
        return out;
    };
    const auto exists = [&](std::string_view at, bool is) {
        auto out = test(at);
        out.exists = is;
        return out;
    };
    CHECK(payload.holds(in("/type", {"a", "ticket.created"})));
    CHECK(!payload.holds(in("/type", {"ticket"})));
    CHECK(payload.holds(in("/n", {"5"})));
    CHECK(payload.holds(in("/ok", {"false"})));
    CHECK(!payload.holds(in("/none", {""})));
    CHECK(!payload.holds(in("/tags", {"vip"})));
    CHECK(payload.holds(like("/type", {"x", "ticket.*"})));
    CHECK(!payload.holds(like("/type", {"*.closed"})));
    CHECK(payload.holds(has("/tags", {"late"})));
    CHECK(!payload.holds(has("/tags", {"lat"})));
    CHECK(payload.holds(has("/type", {"ticket.created"})));
    CHECK(payload.holds(exists("/tags", true)));
    CHECK(payload.holds(exists("/x", false)));
    CHECK(!payload.holds(exists("/n", false)));
    DocumentRule rule;
    CHECK(payload.holds(rule));
    rule.when = {in("/type", {"ticket.created"}), exists("/n", true)};
    CHECK(payload.holds(rule));
    rule.unless = {has("/tags", {"vip"})};
    CHECK(!payload.holds(rule));
}
