#include "io/source/esl/event.hpp"

#include "support/esl_text.hpp"

#include <doctest/doctest.h>
#include <string>

using namespace surged;
using namespace surged::io::esl;
using namespace surged::test;

namespace {

std::string body_of(const std::string& frame) { return frame.substr(frame.find("\n\n") + 2); }

const Fields fields = center_event(
    1'795'454'217'312'637,
    "member-queue-end",
    {
        {"Queue",                         "售后@default" },
        {"Member-UUID",                   "016b4206"     },
        {"Member-CID-Number",             "13800138000"  },
        {"Member-CID-Name",               "李雷: \"A|B\""},
        {"Cause",                         "Cancel"       },
        {"Cancel-Reason",                 "BREAK_OUT"    },
        {"Answer-State",                  "hangup"       },
        {"variable_endpoint_disposition", "ANSWER"       },
}
);

void check_fields(const Event& event) {
    CHECK(event.get(Key::event_name) == "CUSTOM");
    CHECK(event.get(Key::subclass) == "callcenter::info");
    CHECK(event.get(Key::timestamp) == "1795454217312637");
    CHECK(event.get(Key::action) == "member-queue-end");
    CHECK(event.get(Key::queue) == "售后@default");
    CHECK(event.get(Key::member) == "016b4206");
    CHECK(event.get(Key::number) == "13800138000");
    CHECK(event.get(Key::cause) == "Cancel");
    CHECK(event.get(Key::cancel_reason) == "BREAK_OUT");
    CHECK(event.get(Key::answer_state) == "hangup");
    CHECK(event.get(Key::disposition) == "ANSWER");
    CHECK(event.get(Key::agent).empty());
}

}  // namespace

TEST_CASE("esl event: plain and JSON say the same") {
    const std::string plain = body_of(esl_plain(fields));  // the event's values point into it
    const std::string json = body_of(esl_json(fields));
    Event event;
    REQUIRE(event.read_plain(plain));
    check_fields(event);
    REQUIRE(event.read_json(json));
    check_fields(event);
    REQUIRE(event.read_plain("Event-Name: HEARTBEAT\n\n"));
    CHECK(event.get(Key::event_name) == "HEARTBEAT");
    CHECK(event.get(Key::queue).empty());  // nothing is left of the one before
}

TEST_CASE("esl event: a plain event's own body is not read as headers") {
    Event event;
    REQUIRE(event.read_plain("Event-Name: CUSTOM\nContent-Length: 15\n\nCC-Queue: sales\n"));
    CHECK(event.get(Key::event_name) == "CUSTOM");
    CHECK(event.get(Key::queue).empty());
}

TEST_CASE("esl event: percent signs") {
    struct Row {
        const char *wire, *want;
    };
    const Row rows[] = {
        {"support%40default",  "support@default"},
        {"%E5%94%AE%e5%90%8E", "售后"           },
        {"100%",               "100%"           },
        {"a%2",                "a%2"            },
        {"a%zzb",              "a%zzb"          },
        {"%2525",              "%25"            },
        {"a%20b",              "a b"            },
        {"",                   ""               },
    };
    for (const Row& row : rows) {
        CAPTURE(std::string{row.wire});
        Event event;
        REQUIRE(event.read_plain("CC-Queue: " + std::string{row.wire} + "\n\n"));
        CHECK(event.get(Key::queue) == row.want);
    }
}

TEST_CASE("esl event: odd ones") {
    Event event;
    CHECK_FALSE(event.read_plain(""));
    CHECK_FALSE(event.read_plain("no header at all\n\n"));
    REQUIRE(event.read_plain("odd line\r\nCC-Queue:sales\r\nCC-Queue: other\r\n\r\n"));
    CHECK(event.get(Key::queue) == "sales");  // the first counts
    for (const char* wrong :
         {"", "[]", "{", "{\"CC-Queue\":\"sales\"", "null", "{\"CC-Queue\" \"sales\"}"}) {
        CAPTURE(std::string{wrong});
        CHECK_FALSE(event.read_json(wrong));
    }
    REQUIRE(event.read_json(R"({"CC-Queue":["a","b"],"CC-Agent":7,"CC-Action":"x","_body":{"a":1}})"
    ));
    CHECK(event.get(Key::queue).empty());
    CHECK(event.get(Key::action) == "x");
}

TEST_CASE("esl event: a name in another encoding does not spoil the event") {
    Event event;
    REQUIRE(event.read_json("{\"CC-Member-CID-Name\":\"\xCF\xFA\",\"CC-Queue\":\"\xCA\xDB@d\"}"));
    CHECK(event.get(Key::queue) == "\\xCA\\xDB@d");
    REQUIRE(event.read_plain("CC-Queue: %CA%DB\n\n"));
    CHECK(event.get(Key::queue) == "\xCA\xDB");  // escaped where it is written
}
