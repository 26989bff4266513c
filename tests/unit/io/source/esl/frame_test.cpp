#include "io/source/esl/frame.hpp"

#include "support/esl_recording.hpp"

#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace surged;
using namespace surged::io::esl;
using namespace surged::test;

namespace {

using Findings = std::vector<std::string>;

/// What comes out of a framer that is fed in pieces, one line per finding.
Findings found_in(std::string_view bytes, std::size_t piece = 1 << 20, FrameLimits limits = {}) {
    Framer framer{limits};
    Findings out;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        framer.push(bytes.substr(at, piece));
        for (;;) {
            const Found found = framer.next();
            if (found == Found::nothing) break;
            if (found == Found::bad) out.push_back("bad " + std::string{framer.bad().reason});
            if (found == Found::frame)
                out.push_back(
                    std::string{framer.frame().content_type()} + " [" +
                    std::string{framer.frame().body()} + "]"
                );
        }
        CHECK(framer.held_bytes() <= limits.header_bytes + limits.body_bytes + 2 * piece);
    }
    return out;
}

}  // namespace

TEST_CASE("esl frame: headers, an empty line, and as many bytes of body as it says") {
    const std::string text = "Content-Type: auth/request\n\n" + esl_reply("+OK accepted") +
                             esl_answer("a\n\nb+OK\n") + esl_answer("") + esl_answer("+OK");
    const Findings want{
        "auth/request []",
        "command/reply []",
        "api/response [a\n\nb+OK\n]",
        "api/response []",
        "api/response [+OK]"
    };
    for (const std::size_t piece : {1U, 2U, 3U, 7U, 64U, 100'000U}) {
        CAPTURE(piece);
        CHECK(found_in(text, piece) == want);
    }
}

TEST_CASE("esl frame: the length counts bytes, not characters") {
    const std::string body = "排队 李雷\n";
    CHECK(
        found_in(esl_answer(body) + esl_reply("+OK"), 1) ==
        Findings{"api/response [" + body + "]", "command/reply []"}
    );
}

TEST_CASE("esl frame: order and line ends of headers do not matter") {
    CHECK(found_in("Content-Length: 3\nX: y\nContent-Type: a/b\n\nabc") == Findings{"a/b [abc]"});
    CHECK(
        found_in("\r\n\nContent-Type: a/b\r\nContent-Length: 3\r\n\r\nabc", 1) ==
        Findings{"a/b [abc]"}
    );
    // An access list's refusal in old releases: a header without its colon.
    CHECK(
        found_in("Content-Type: text/rude-rejection\nContent-Length 24\n\n") ==
        Findings{"text/rude-rejection []"}
    );
    Framer framer;
    framer.push("Content-Type: command/reply\nReply-Text: +OK Job-UUID: 7c\nJob-UUID: 7c\n\n");
    REQUIRE(framer.next() == Found::frame);
    CHECK(framer.frame().get("Reply-Text") == "+OK Job-UUID: 7c");
    CHECK(framer.frame().get("Job-UUID") == "7c");
    CHECK(framer.frame().get("Job").empty());
}

TEST_CASE("esl frame: what is no frame is dropped and said, and the next one is found") {
    const std::string good = esl_reply("+OK");
    const std::string is_good = "command/reply []";
    const std::string long_line(300, 'x');
    const FrameLimits limits{200, 100};
    struct Row {
        const char* name;
        std::string bytes;
        Findings want;
    };
    const Row rows[] = {
        {"garbage",                "\x01\x02 garbage\nmore\n\n",              {"bad not_a_frame", is_good}    },
        {"no type",                "Content-Length: 4\n\nabcd",               {"bad not_a_frame", is_good}    },
        {"a negative length",      "Content-Type: a\nContent-Length: -4\n\n", {"bad bad_length", is_good}
        },
        {"a length in words",
         "Content-Type: a\nContent-Length: four\n\n",                         {"bad bad_length", is_good}     },
        {"an absurd length",
         "Content-Type: a\nContent-Length: 99999999999\n\n",                  {"bad bad_length", is_good}     },
        {"beyond any number",
         "Content-Type: a\nContent-Length: 99999999999999999999999\n\n",      {"bad bad_length", is_good}     },
        {"a body too long",
         "Content-Type: a\nContent-Length: 300\n\n" + long_line,
         {"bad frame_too_long", is_good}                                                                      },
        {"a line too long",        long_line + "\n" + long_line + "\n\n",     {"bad header_too_long", is_good}
        },
        {"a line too long, CR LF",
         long_line + "\r\n" + long_line + "\r\n\r\n",
         {"bad header_too_long", is_good}                                                                     },
    };
    for (const Row& row : rows) {
        CAPTURE(std::string{row.name});
        for (const std::size_t piece : {1U, 5U, 100'000U}) {
            CAPTURE(piece);
            CHECK(found_in(row.bytes + good, piece, limits) == row.want);
        }
    }
}

TEST_CASE("esl frame: an endless line or body takes no memory") {
    Framer framer{
        FrameLimits{1000, 1000}
    };
    std::size_t said = 0;
    for (int i = 0; i < 1000; ++i) {
        framer.push(std::string(500, 'x'));
        while (framer.next() == Found::bad) ++said;
        CHECK(framer.held_bytes() <= 1500);
    }
    CHECK(said == 1);
    framer.push("\n\nContent-Type: a\nContent-Length: 500000\n\n");
    while (framer.next() == Found::bad) ++said;
    for (int i = 0; i < 1000; ++i) {
        framer.push(std::string(500, 'y'));
        CHECK(framer.next() == Found::nothing);
        CHECK(framer.held_bytes() <= 500);
    }
    CHECK(said == 2);
    framer.push(esl_reply("+OK"));
    CHECK(framer.next() == Found::frame);
}

TEST_CASE("esl frame: the recorded connections, whole and in pieces") {
    for (const char* name : {"plain.rx.esl", "control.rx.esl", "badauth.rx.esl", "noauth.rx.esl"}) {
        CAPTURE(std::string{name});
        const std::string bytes = esl_recording(name);
        const auto whole = esl_frames_of(bytes, bytes.size());
        CHECK(whole.size() > 2);
        CHECK(whole.back().content_type == "text/disconnect-notice");
        CHECK(whole.back().body.size() == 67);
        for (const std::size_t piece : {1U, 7U, 1000U}) CHECK(esl_frames_of(bytes, piece) == whole);
    }
    CHECK(esl_frames_of(esl_recording("plain.rx.esl"), 4096).size() == 3 + 218 + 2);
}
