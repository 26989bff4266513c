#include "io/api/ndjson.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <string>
#include <vector>

using namespace surged;
using namespace surged::io::api;

namespace {

NdjsonOptions at_hz() {
    NdjsonOptions options;
    options.site = "hz";
    return options;
}

// The examples of the reference, word for word.
constexpr const char* examples =
    R"({"ts":1763900000.12,"id":"7f3a-1","type":"offered","queue":"sales","call":"c-1","channel":"voice","class":"vip","caller":"optional"}
{"ts":1763900012.52,"type":"answered","queue":"sales","call":"c-1","agent":"1001","wait":12.4}
{"ts":1763900020.00,"type":"abandoned","queue":"sales","call":"c-2","wait":41.0}
{"ts":1763900021.00,"type":"exited","queue":"sales","call":"c-3","wait":60,"reason":"timeout"}
{"ts":1763900022.00,"type":"refused","queue":"sales","reason":"full"}
{"ts":1763900200.00,"type":"completed","queue":"sales","call":"c-1","agent":"1001","talk":187.5,"wrap":12}
{"ts":1763900200.00,"type":"transferred","queue":"sales","call":"c-1","to":"vip"}
{"ts":1763900212.00,"type":"agent_state","agent":"1001","state":"available","queues":["sales"],"reason":""}
{"ts":1763900250.00,"type":"reply","queue":"chat-1","call":"c-9","by":"agent"}
{"ts":1763900300.00,"type":"complaint","queue":"sales","call":"c-1","ticket":"T-9","topic":"delivery","severity":2,"status":"opened","due":1763986700}
{"ts":1763900400.00,"type":"survey","queue":"sales","call":"c-1","score":4}
{"ts":1763900500.00,"type":"gauge","queue":"mall","name":"crowd_density","value":3.2}
{"ts":1763900600.00,"type":"heartbeat","source":"acd-1"}
)";

}  // namespace

TEST_CASE("ndjson: an interval of the plan of the day") {
    const std::string good =
        R"({"ts":1763900000,"type":"expected","queue":"sales","from":1763902800,"until":1763903700,"offered":120.5,"agents":30,"lines":40,"handle":300})";
    const Ndjson out = parse_ndjson(good, at_hz());
    REQUIRE(out.batch.size() == 1);
    CHECK(out.ignored_fields == 0);
    out.batch.for_each([](std::size_t, const acd::Event& event) {
        REQUIRE(event.expected.has_value());
        CHECK(event.queue == "sales");
        CHECK(event.expected->from == Wall{1'763'902'800'000'000});
        CHECK(event.expected->to == Wall{1'763'903'700'000'000});
        CHECK(event.expected->offered == 120'500'000);
        CHECK(event.expected->agents == 30);
        CHECK(event.expected->lines == 40);
        CHECK(event.expected->handle == 300s);
    });
    const char* const bad[] = {
        R"({"ts":1763900000,"type":"expected","queue":"sales","from":1763902800,"until":1763903700})",
        R"({"ts":1763900000,"type":"expected","queue":"sales","from":1763903700,"until":1763902800,"offered":1})",
        R"({"ts":1763900000,"type":"expected","queue":"sales","from":1763902800,"until":1764903700,"offered":1})",
        R"({"ts":1763900000,"type":"expected","queue":"sales","from":1763902800,"until":1763903700,"offered":-1})",
        R"({"ts":1763900000,"type":"expected","queue":"sales","from":1763902800,"until":1763903700,"offered":1,"agents":1.5})",
    };
    for (const char* line : bad) {
        CAPTURE(line);
        CHECK(parse_ndjson(line, at_hz()).rejected_total == 1);
    }
    // Beside another type its fields are foreign, and left out.
    const Ndjson foreign = parse_ndjson(
        R"({"ts":1763900000,"type":"heartbeat","from":1763902800,"offered":3})", at_hz()
    );
    CHECK(foreign.batch.size() == 1);
    CHECK(foreign.ignored_fields == 2);
    CHECK(
        parse_ndjson(R"({"ts":1763900000,"type":"left","queue":"a","call":"b"})", at_hz())
            .rejected_total == 1
    );
}

TEST_CASE("ndjson: every example of the reference is taken") {
    const Ndjson out = parse_ndjson(examples, at_hz());
    CHECK(out.rejected_total == 0);
    CHECK(out.ignored_fields == 0);
    REQUIRE(out.batch.size() == 13);
    CHECK(out.lines.back() == 13);
    out.batch.for_each([](std::size_t index, const acd::Event& event) {
        CAPTURE(index);
        CHECK(static_cast<std::size_t>(event.type) == index);
        CHECK(event.caller.empty());
        switch (index) {
            case 0:
                CHECK(event.ts == Wall{1'763'900'000'120'000});
                CHECK(event.id == "7f3a-1");
                CHECK(event.klass == "vip");
                break;
            case 1:
                CHECK(event.wait == 12'400ms);
                break;
            case 3:
                CHECK(event.exit == acd::ExitReason::timeout);
                break;
            case 4:
                CHECK(event.refuse == acd::RefuseReason::full);
                break;
            case 5:
                CHECK((event.talk == 187'500ms && event.wrap == 12s));
                break;
            case 6:
                CHECK(event.to == "vip");
                break;
            case 7:
                CHECK(event.queues == std::vector<std::string_view>{"sales"});
                break;
            case 8:
                CHECK(event.by == acd::ReplyBy::agent);
                break;
            case 9:
                CHECK(event.due == Wall{1'763'986'700'000'000});
                CHECK(event.severity == 2);
                CHECK(event.status == acd::TicketStatus::opened);
                break;
            case 10:
                CHECK(event.score == 4);
                break;
            case 11:
                CHECK(event.value == 3.2);
                break;
            default:
                break;
        }
    });
}

TEST_CASE("ndjson: a key is known however it is written, and only as a whole") {
    const auto ignored = [](const char* line) {
        const Ndjson out = parse_ndjson(line, at_hz());
        return out.batch.size() == 1 ? static_cast<int>(out.ignored_fields) : -1;
    };
    CHECK(ignored(R"({"\u0074s":1763900000,"t\u0079pe":"heartbeat"})") == 0);
    CHECK(ignored(R"({"ts" : 1763900000, "type" :"heartbeat"})") == 0);
    CHECK(ignored(R"({"ts":1763900000,"type":"heartbeat","":1,"t":1,"tss":1,"severit":1})") == 4);
    CHECK(ignored(R"({"ts":1763900000,"type":"heartbeat","severityy":1,"source\"":1})") == 2);
    CHECK(ignored(R"({"ts":1763900000,"type":"heartbeat","a long one":1,"ts\u0000":1})") == 2);
    CHECK(ignored(R"({"\u0074s":1763900000,"ts":1763900000,"type":"heartbeat"})") == -1);
    CHECK(ignored(R"({"ts":1763900000,"type":"heartbeat","x)") == -1);
}

TEST_CASE("ndjson: a mark of byte order before the first line is passed over") {
    const std::string line = R"({"ts":1763900000,"type":"heartbeat"})";
    CHECK(parse_ndjson("\xef\xbb\xbf" + line + "\n" + line, at_hz()).batch.size() == 2);
    CHECK(parse_ndjson(line + "\n\xef\xbb\xbf" + line, at_hz()).rejected_total == 1);
    CHECK(parse_ndjson("\xef\xbb\xbf", at_hz()).rejected_total == 0);
}

TEST_CASE("ndjson: a control character in a text is refused, written as it may be") {
    const auto refused = [](const std::string& queue) {
        const std::string line =
            R"({"ts":1763900000,"type":"agent_state","agent":"1","state":"busy","queues":[")" +
            queue + R"("],"queue":")" + queue + "\"}";
        const Ndjson out = parse_ndjson(line, at_hz());
        return out.rejects.empty() ? "" : std::string{name_of(out.rejects.front().reason)};
    };
    CHECK(refused("a\x7f") == "out_of_range");
    CHECK(refused(R"(a\u007fb)") == "out_of_range");
    CHECK(refused(R"(a\n)") == "out_of_range");
    CHECK(refused(R"(\u001f)") == "out_of_range");
    CHECK(refused("a\tb") == "json");  // not as it is
    CHECK(refused(R"(a\/b)") == "");
    CHECK(refused(R"(\u738b)") == "");
    CHECK(refused("王") == "");
}

TEST_CASE("ndjson: what is wrong is refused alone, with its line and in words") {
    const std::string deep = R"({"ts":1763900000,"type":"heartbeat","x":)" + std::string(100, '[') +
                             std::string(100, ']') + "}";
    const std::string long_name =
        R"({"ts":1763900000,"type":"refused","queue":")" + std::string(257, 'q') + "\"}";
    const std::string long_line =
        R"({"ts":1763900000,"type":"heartbeat","x":")" + std::string(70'000, 'x') + "\"}";
    struct Row {
        std::string line;
        BadLine reason;
        const char* words;
    };
    const Row rows[] = {
        {"not json",                                                                          BadLine::json,          "JSON"              },
        {"[1]",                                                                               BadLine::json,          "JSON"              },
        {"1",                                                                                 BadLine::json,          "JSON"              },
        {R"({"ts":1763900000,"type":"heartbeat")",                                            BadLine::json,          "JSON"              },
        {R"({"ts":1763900000,"type":"heartbeat"} x)",                                         BadLine::json,          "JSON"              },
        {R"({"ts":1763900000,"type":"heartbeat"}{"a":1})",                                    BadLine::json,          "JSON"              },
        {R"({"ts":1763900000,"type":"heartbeat",})",                                          BadLine::json,          "JSON"              },
        {R"({"ts":1763900000 "type":"heartbeat"})",                                           BadLine::json,          "JSON"              },
        {R"({"ts":1763900000,"type":"heartbeat","x":[1,2})",                                  BadLine::json,          "JSON"              },
        {R"({"ts":1763900000,"type":"heartbeat","x":tru})",                                   BadLine::json,          "JSON"              },
        {R"({"ts":1763900000,"type":"heartbeat","x":1e999})",                                 BadLine::json,          "JSON"              },
        {R"({"ts":1763900000,"type":"heartbeat","x":01})",                                    BadLine::json,          "JSON"              },
        {R"({"ts":1763900000,"type":"heartbeat","x":"\q"})",                                  BadLine::json,          "JSON"              },
        {R"({"ts":1763900000,"type":"heartbeat","x":"\ud800"})",                              BadLine::json,          "JSON"              },
        {R"({"ts":NaN,"type":"heartbeat"})",                                                  BadLine::json,          "JSON"              },
        {R"({"ts":1763900000,"ts":1,"type":"heartbeat"})",                                    BadLine::json,          "ts is given twice" },
        {deep,                                                                                BadLine::json,          "JSON"              },
        {"{\"ts\":1763900000,\"type\":\"heartbeat\",\"x\":\"caf\xe9\"}",                      BadLine::encoding,      "UTF-8"
        },
        {long_line,                                                                           BadLine::too_long,      "65536"             },
        {R"({"ts":1763900000})",                                                              BadLine::missing_field, "type"              },
        {R"({"type":"heartbeat"})",                                                           BadLine::missing_field, "ts"                },
        {R"({"ts":null,"type":"heartbeat"})",                                                 BadLine::missing_field, "ts"                },
        {R"({"ts":1763900000,"type":"dance"})",                                               BadLine::unknown_type,  "type"              },
        {R"({"ts":1763900000,"type":"left","queue":"a","call":"b"})",                         BadLine::unknown_type,  "type"
        },
        {R"({"ts":1763900000,"type":"settled","queue":"a","call":"b"})",
         BadLine::unknown_type,
         "type"                                                                                                                           },
        {R"({"ts":1763900000,"type":"snapshot_begin"})",                                      BadLine::unknown_type,  "type"              },
        {R"({"ts":1763900000,"type":7})",                                                     BadLine::wrong_type,    "type"              },
        {R"({"ts":"1763900000","type":"heartbeat"})",                                         BadLine::wrong_type,    "ts is not a number"},
        {R"({"ts":1763900000120,"type":"heartbeat"})",                                        BadLine::out_of_range,  "2000 and 2100"     },
        {R"({"ts":-1,"type":"heartbeat"})",                                                   BadLine::out_of_range,  "ts"                },
        {R"({"ts":1763900000,"type":"offered","queue":"a"})",                                 BadLine::missing_field, "call"              },
        {R"({"ts":1763900000,"type":"offered","queue":"","call":"b"})",
         BadLine::missing_field,
         "queue"                                                                                                                          },
        {R"({"ts":1763900000,"type":"offered","queue":7,"call":"b"})",
         BadLine::wrong_type,
         "queue is not a text"                                                                                                            },
        {R"({"ts":1763900000,"type":"offered","queue":"a\u0000","call":"b"})",
         BadLine::out_of_range,
         "control"                                                                                                                        },
        {R"({"ts":1763900000,"type":"offered","queue":"a\udc00","call":"b"})",                BadLine::json,          "JSON"
        },
        {R"({"ts":1763900000,"type":"offered","queue":"\ud800\u0041","call":"b"})",
         BadLine::json,
         "JSON"                                                                                                                           },
        {R"({"ts":1763900000,"type":"offered","queue":"\ud800\ud800","call":"b"})",
         BadLine::json,
         "JSON"                                                                                                                           },
        {long_name,                                                                           BadLine::out_of_range,  "256"               },
        {R"({"ts":1763900000,"type":"offered","queue":"a","call":"b","channel":"fax"})",
         BadLine::unknown_word,
         "channel"                                                                                                                        },
        {R"({"ts":1763900000,"type":"offered","queue":"a","call":"b","site":"sh"})",
         BadLine::other_site,
         "hz"                                                                                                                             },
        {R"({"ts":1763900000,"type":"answered","queue":"a","call":"b","wait":-0.5})",
         BadLine::out_of_range,
         "wait"                                                                                                                           },
        {R"({"ts":1763900000,"type":"answered","queue":"a","call":"b","wait":1e9})",
         BadLine::out_of_range,
         "wait"                                                                                                                           },
        {R"({"ts":1763900000,"type":"exited","queue":"a","call":"b","reason":"bored"})",
         BadLine::unknown_word,
         "reason"                                                                                                                         },
        {R"({"ts":1763900000,"type":"agent_state","agent":"1","state":"asleep"})",
         BadLine::unknown_word,
         "state"                                                                                                                          },
        {R"({"ts":1763900000,"type":"agent_state","agent":"1","state":"busy","queues":"a"})",
         BadLine::wrong_type,
         "list"                                                                                                                           },
        {R"({"ts":1763900000,"type":"agent_state","agent":"1","state":"busy","queues":[1]})",
         BadLine::wrong_type,
         "list"                                                                                                                           },
        {R"({"ts":1763900000,"type":"survey","queue":"a","score":9})",
         BadLine::out_of_range,
         "score"                                                                                                                          },
        {R"({"ts":1763900000,"type":"survey","queue":"a","score":4.5})",
         BadLine::out_of_range,
         "score"                                                                                                                          },
        {R"({"ts":1763900000,"type":"gauge","queue":"a","name":"x"})",
         BadLine::missing_field,
         "value"                                                                                                                          },
    };
    std::string body;
    for (const Row& row : rows) {
        CAPTURE(row.line.substr(0, 120));
        const std::string good = R"({"ts":1763900000,"type":"heartbeat"})";
        const Ndjson out = parse_ndjson(fmt::format("{0}\n{1}\n{0}", good, row.line), at_hz());
        CHECK(out.batch.size() == 2);
        CHECK(out.lines == std::vector<std::uint32_t>{1, 3});
        REQUIRE(out.rejects.size() == 1);
        CHECK(out.rejects[0].line == 2);
        CHECK(name_of(out.rejects[0].reason) == name_of(row.reason));
        CHECK(out.rejects[0].words.find(row.words) != std::string::npos);
        CHECK(out.rejected[static_cast<std::size_t>(row.reason)] == 1);
        CHECK(parse_ndjson(row.line, at_hz()).rejected_total == 1);  // also at the very end
        body += row.line + "\n";
    }
    const Ndjson all = parse_ndjson(body, at_hz());
    // Twenty, and of each reason the first.
    CHECK(all.rejects.size() >= 20);
    CHECK(all.rejects.size() < 20 + all.rejected.size());
    for (std::size_t reason = 0; reason < all.rejected.size(); ++reason) {
        CAPTURE(reason);
        const bool told = std::any_of(all.rejects.begin(), all.rejects.end(), [&](const auto& one) {
            return static_cast<std::size_t>(one.reason) == reason;
        });
        CHECK(told == (all.rejected[reason] > 0));
    }
    CHECK(all.rejected_total == std::size(rows));
    CHECK(all.batch.empty());
}

TEST_CASE("ndjson: unknown fields and fields of other types are left out and counted") {
    const Ndjson out = parse_ndjson(
        "\n  \r\n"
        R"({"vendor":{"a":[1,"x",{"b":null}],"c":true},"ts":1763900000.5,"type":"offered","queue":"a","call":"b","score":"n/a","talk":-1,"site":"hz","class":null})"
        "\r\n",
        at_hz()
    );
    CHECK(out.rejected_total == 0);
    CHECK(out.ignored_fields == 3);
    CHECK(out.lines == std::vector<std::uint32_t>{3});
    out.batch.for_each([](std::size_t, const acd::Event& event) {
        CHECK(event.score == 0);
        CHECK_FALSE(event.talk.has_value());
        CHECK(event.queue == "a");
    });
}

TEST_CASE("ndjson: a caller leaves this function only as what the hook makes of him") {
    NdjsonOptions options = at_hz();
    const std::string line =
        R"({"ts":1763900000,"type":"offered","queue":"a","call":"b","caller":"13800138000"})";
    CHECK(parse_ndjson(line, options).batch.bytes().find("138001") == std::string::npos);
    options.caller = [](std::string_view queue, std::string_view caller) {
        return fmt::format("{}-{}", queue, caller.size());
    };
    const Ndjson out = parse_ndjson(line, options);
    CHECK(out.batch.bytes().find("138001") == std::string::npos);
    out.batch.for_each([](std::size_t, const acd::Event& event) { CHECK(event.caller == "a-11"); });
}

TEST_CASE("ndjson: what is taken is what another parser calls JSON") {
    // Every single-byte change of a line: where Boost.JSON refuses it, so do we.
    const std::string line =
        R"({"ts":1763900000.25,"type":"offered","queue":"a","call":"b","x":[1,-2.5e3,"\n",{"y":false}]})";
    std::size_t refused = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        for (const char c :
             {'"', '{', '}', '[', ']', ',', ':', '0', '\\', 'e', '-', '.', '\x01', '\xff'}) {
            std::string changed = line;
            changed[i] = c;
            boost::json::error_code error;
            boost::json::parse(changed, error);
            if (!error) continue;
            ++refused;
            CAPTURE(changed);
            CHECK(parse_ndjson(changed, at_hz()).batch.empty());
        }
    }
    CHECK(refused > 300);
}
