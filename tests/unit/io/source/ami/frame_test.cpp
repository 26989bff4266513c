#include "io/source/ami/frame.hpp"

#include "support/ami_fake.hpp"
#include "support/ami_recording.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace surged;
using namespace surged::io::ami;
using test::ami_frame;

namespace {

constexpr std::string_view banner = "Asterisk Call Manager/11.0.0\r\n";

/// What comes out of the framer, one line per finding.
std::vector<std::string> pull(Framer& framer) {
    std::vector<std::string> out;
    for (;;) {
        switch (framer.next()) {
            case Found::nothing:
                return out;
            case Found::banner:
                out.push_back("banner " + framer.banner());
                break;
            case Found::bad:
                out.push_back("bad " + std::string{framer.bad().reason});
                break;
            case Found::frame: {
                std::string line = framer.frame().is_event() ? "event" : "response";
                for (const Header& h : framer.frame().headers())
                    line += " " + std::string{h.key} + "=" + std::string{h.value};
                out.push_back(line);
            }
        }
    }
}

std::vector<std::string> found_in(const std::string& bytes, FrameLimits limits = {}) {
    Framer framer{limits};
    framer.push(std::string{banner} + bytes);
    auto out = pull(framer);
    REQUIRE_FALSE(out.empty());
    out.erase(out.begin());  // the banner
    return out;
}

using Findings = std::vector<std::string>;

}  // namespace

TEST_CASE("ami frame: what the wire may look like") {
    struct Row {
        const char* name;
        std::string bytes;
        Findings want;
    };
    const Row rows[] = {
        {"an event",                                 "Event: A\r\nQueue: sales\r\n\r\n",    {"event Event=A Queue=sales"}                                                },
        {"colons in a value",                        "Event: A\r\nValue: a: b:c\r\n\r\n",   {"event Event=A Value=a: b:c"}                                               },
        {"an empty value",                           "Event: A\r\nReason: \r\n\r\n",        {"event Event=A Reason="}                                                    },
        {"no space after the colon",
         "Event: A\r\nQueue:sales\r\n\r\n",                                                 {"event Event=A Queue=sales"}                                                },
        {"a key twice",                              "Event: A\r\nO: 1\r\nO: 2\r\n\r\n",    {"event Event=A O=1 O=2"}                                                    },
        {"Chinese",                                  "Event: A\r\nQueue: 售后服务\r\n\r\n", {"event Event=A Queue=售后服务"}                                             },
        {"bare line feeds",                          "Event: A\nQueue: b\n\n",              {"event Event=A Queue=b"}                                                    },
        {"blank lines between",
         "\r\n\r\nEvent: A\r\n\r\n\r\nEvent: B\r\n\r\n",                                    {"event Event=A", "event Event=B"}                                           },
        {"a response",                               "Response: Success\r\n\r\n",           {"response Response=Success"}                                                },
        {"an odd line is left out",                  "Event: A\r\nodd\r\nQueue: b\r\n\r\n", {"event Event=A Queue=b"}
        },
        {"garbage, then a frame",
         "x\r\ny: z\r\n\r\nEvent: A\r\n\r\n",                                               {"bad not_a_frame", "event Event=A"}                                         },
        {"half a frame",                             "Event: A\r\nQueue: b\r\n",            {}                                                                           },
        {"Asterisk 13: raw output with blank lines",
         "Response: Follows\r\nPrivilege: Command\r\nActionID: c-1\r\nsales has 0 calls\n\n"
         "   No Callers: 1\n--END COMMAND--\r\n\r\nEvent: A\r\n\r\n",                       {"response Response=Follows Privilege=Command ActionID=c-1", "event Event=A"}},
        {"Asterisk 14: output line by line",
         "Response: Success\r\nOutput: sales\r\nOutput: \r\n\r\n",                          {"response Response=Success Output=sales Output="}                           },
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        CHECK(found_in(row.bytes) == row.want);
    }
}

TEST_CASE("ami frame: the same however the bytes are cut") {
    const std::string bytes = std::string{banner} +
                              "Event: A\r\nQueue: 售后服务\r\n\r\nbad\r\n\r\n" +
                              "Event: Long\r\nX: " + std::string(300, 'x') + "\r\nY: 1\r\n\r\n" +
                              "Response: Follows\r\nraw\n\n--END COMMAND--\r\n\r\nEvent: B\r\n\r\n";
    const FrameLimits limits{100, 1000};
    Framer whole{limits};
    whole.push(bytes);
    const Findings want = pull(whole);
    CHECK(
        want ==
        Findings{
            "banner Asterisk Call Manager/11.0.0",
            "event Event=A Queue=售后服务",
            "bad not_a_frame",
            "bad line_too_long",
            "response Response=Follows",
            "event Event=B"
        }
    );
    for (std::size_t size = 1; size < 40; ++size) {
        CAPTURE(size);
        Framer framer{limits};
        Findings out;
        for (std::size_t at = 0; at < bytes.size(); at += size) {
            framer.push(std::string_view{bytes}.substr(at, size));
            for (std::string& finding : pull(framer)) out.push_back(std::move(finding));
        }
        CHECK(out == want);
    }
}

TEST_CASE("ami frame: a line of 10 MB takes no memory and costs itself alone") {
    Framer framer;
    framer.push(std::string{banner} + "Event: A\r\nX: ");
    CHECK(pull(framer).size() == 1);
    const std::string piece(64 * 1024, 'x');
    Findings out;
    for (std::size_t sent = 0; sent < 10'000'000; sent += piece.size()) {
        framer.push(piece);
        for (std::string& finding : pull(framer)) out.push_back(std::move(finding));
        CHECK(framer.held_bytes() <= 3 * piece.size());
    }
    framer.push("\r\nMore: of it\r\n\r\n" + ami_frame({"Event: B"}));
    for (std::string& finding : pull(framer)) out.push_back(std::move(finding));
    CHECK(out == Findings{"bad line_too_long", "event Event=B"});
}

TEST_CASE("ami frame: a frame without an end is dropped at the limit") {
    std::string lines = "Event: A\r\n";
    while (lines.size() < 5000) lines += "Key: some value\r\n";
    CHECK(
        found_in(lines + "\r\n" + ami_frame({"Event: B"}), FrameLimits{100, 4000}) ==
        Findings{"bad frame_too_long", "event Event=B"}
    );
    // A command's output that never ends, likewise.
    std::string raw = "Response: Follows\r\n";
    while (raw.size() < 5000) raw += "raw output\n";
    CHECK(
        found_in(raw + "\r\n" + ami_frame({"Event: B"}), FrameLimits{100, 4000}) ==
        Findings{"bad frame_too_long", "event Event=B"}
    );
}

TEST_CASE("ami frame: headers by key") {
    Framer framer;
    framer.push(std::string{banner} + ami_frame({"Event: A", "Queue: first", "queue: last"}));
    REQUIRE(framer.next() == Found::banner);
    REQUIRE(framer.next() == Found::frame);
    CHECK(framer.frame().get("Queue") == "first");
    CHECK(framer.frame().get_last("Queue") == "last");
    CHECK(framer.frame().get("None").empty());
}

TEST_CASE("ami frame: every frame of the recordings is read") {
    for (const char* run : {"16-basic", "22-basic", "22-surge"}) {
        CAPTURE(std::string{run});
        Framer framer;
        framer.push(test::load_recording(run, "observer").received());
        std::size_t frames = 0;
        for (Found found = framer.next(); found != Found::nothing; found = framer.next()) {
            CHECK(found != Found::bad);
            if (found != Found::frame) continue;
            ++frames;
            CHECK(framer.frame().odd_lines() == 0);
        }
        CHECK(frames > 1000);
        CHECK(framer.held_bytes() == 0);
    }
}
