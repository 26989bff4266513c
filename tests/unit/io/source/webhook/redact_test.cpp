#include "io/source/webhook/redact.hpp"

#include "support/webhook_map.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>
#include <string>

using namespace surged;
using namespace surged::io;
using namespace surged::io::hook;
namespace json = boost::json;

TEST_CASE("webhook redaction: shapes, and the words that the map asks about") {
    const DocumentMap map = test::map_of(R"(
map: m
events:
  - when: [{at: /kind, equals: x}]
    type: {at: /event/name, table: {a: offered}}
    queue: /queue
    caller: /from
)");
    const http::Request request;
    const json::value body = json::parse(
        R"({"kind":"ticket","event":{"name":"b"},"queue":"sales","from":"+8613912345678","n":5,)"
        R"("ok":true,"x":null,"list":["a","b","c","d","e"],"who":{"mail":"emily@example.com"}})"
    );
    Payload payload{body, request};
    CHECK(
        redacted(map, payload) ==
        R"({"kind":"ticket","event":{"name":"b"},"queue":"text, 5 bytes","from":"text, 14 bytes",)"
        R"("n":"number","ok":true,"x":null,)"
        R"("list":["text, 1 bytes","text, 1 bytes","text, 1 bytes","and 2 more"],)"
        R"("who":{"mail":"text, 17 bytes"}})"
    );
}

TEST_CASE("webhook redaction: is bounded, and is JSON whatever came") {
    const DocumentMap map = test::map_of("map: m\nevents: [{type: offered, queue: s, call: /c}]\n");
    const http::Request request;
    json::object wide;
    for (int i = 0; i < 5000; ++i) wide["k" + std::to_string(i)] = i;
    json::value deep = 1;
    for (int i = 0; i < 30; ++i)
        deep = json::object{
            {std::string(500, 'k'), deep}
        };
    for (const json::value& body :
         {json::value{wide}, deep, json::value{"text"}, json::value{nullptr}}) {
        Payload payload{body, request};
        const std::string shape = redacted(map, payload);
        CHECK(shape.size() < 6000);
        json::error_code error;
        (void)json::parse(shape, error);
        CHECK(!error);
    }
}
