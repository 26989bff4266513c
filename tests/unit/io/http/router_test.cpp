#include "io/http/router.hpp"

#include "io/http/json_writer.hpp"
#include "io/http/target.hpp"
#include "io/http/utf8.hpp"

#include <doctest/doctest.h>
#include <limits>
#include <string>

using namespace surged;
using namespace surged::io;

namespace {

boost::asio::awaitable<http::Response> nothing(http::Request) { co_return http::Response{}; }

http::Router sample() {
    http::Router router;
    router.add("GET", "/metrics", nothing);
    router.add("GET", "/api/v1/pages", nothing);
    router.add("POST", "/api/v1/pages/{id}/ack", nothing);
    router.add("GET", "/api/v1/incidents/{id}", nothing);
    return router;
}

}  // namespace

TEST_CASE("router: paths, parameters and methods") {
    const http::Router router = sample();
    struct Row {
        const char* method;
        const char* target;
        bool found;
        const char* allow;
        const char* id;
    };
    const Row rows[] = {
        {"GET",  "/metrics",                                true,  "",          ""                 },
        {"HEAD", "/metrics",                                true,  "",          ""                 },
        {"POST", "/metrics",                                false, "GET, HEAD", ""                 },
        {"GET",  "/api/v1/pages/p-1/ack",                   false, "POST",      ""                 },
        {"POST", "/api/v1/pages/p-1/ack",                   true,  "",          "p-1"              },
        {"POST", "/api/v1/pages/a%2Fb%20c/ack",             true,  "",          "a/b c"            },
        {"POST", "/api/v1/pages//ack",                      false, "",          ""                 },
        {"GET",  "/api/v1/pages/",                          false, "",          ""                 },
        {"GET",  "/",                                       false, "",          ""                 },
        {"GET",  "/api/v1/incidents/P06-hz-20261123-2?x=1", true,  "",          "P06-hz-20261123-2"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.method);
        CAPTURE(row.target);
        const auto target = http::parse_target(row.target);
        REQUIRE(target.has_value());
        const auto match = router.match(row.method, target->path);
        CHECK((match.handler != nullptr) == row.found);
        CHECK(match.allow == row.allow);
        if (*row.id != '\0') CHECK(match.params.at("id") == row.id);
    }
}

TEST_CASE("target: percent-decoding, queries and what is no path") {
    const auto target =
        http::parse_target("/api/v1/queues/%E5%94%AE?site=h+z&after=a%26b&flag#top");
    REQUIRE(target.has_value());
    CHECK(target->path == std::vector<std::string>{"api", "v1", "queues", "售"});
    CHECK(
        target->query ==
        http::Fields{
            {"site",  "h z"},
            {"after", "a&b"},
            {"flag",  ""   }
    }
    );
    CHECK(http::parse_target("http://host:1/x/y")->path == std::vector<std::string>{"x", "y"});
    CHECK(http::parse_target("http://host")->path.empty());
    for (const char* bad : {"", "x", "*", "/%", "/%1", "/%g1", "/?a=%", "host:80"}) {
        CAPTURE(bad);
        CHECK_FALSE(http::parse_target(bad).has_value());
    }
}

TEST_CASE("json writer: numbers people can read, NaN is null, text is UTF-8") {
    http::JsonWriter json;
    json.begin_object();
    json.member("a", 0.1);
    json.member("b", std::numeric_limits<double>::quiet_NaN());
    json.member("c", std::uint64_t{18446744073709551615U});
    json.key("d");
    json.begin_array();
    json.value("x\"\n\x01");
    json.value(std::string_view{"\xff售"});
    json.value(true);
    json.null();
    json.value(std::optional<double>{});
    json.begin_object();
    json.end_object();
    json.end_array();
    json.member("e", 90.0);
    json.end_object();
    CHECK(
        std::move(json).take() ==
        "{\"a\":0.1,\"b\":null,\"c\":18446744073709551615,\"d\":[\"x\\\"\\n\\u0001\","
        "\"\xEF\xBF\xBD售\","
        "true,null,null,{}],\"e\":90}"
    );
}

TEST_CASE("utf8: only what is broken is replaced") {
    CHECK(to_utf8("plain 售") == "plain 售");
    CHECK(to_utf8("caf\xe9") == "caf\xEF\xBF\xBD");
    CHECK_FALSE(is_utf8("\xed\xa0\x80"));
    CHECK(is_utf8(to_utf8("\xed\xa0\x80 \xf0\x9f\x98")));
}

TEST_CASE("problem: a document of RFC 9457") {
    const auto response = http::problem(409, "it is over", R"(,"state":"over")");
    CHECK(response.content_type == "application/problem+json");
    CHECK(
        response.body == R"({"title":"Conflict","status":409,"detail":"it is over","state":"over"})"
    );
}
