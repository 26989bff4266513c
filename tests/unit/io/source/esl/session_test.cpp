#include "io/source/esl/session.hpp"

#include "support/ami_sink.hpp"
#include "support/esl_recording.hpp"

#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace surged;
using namespace surged::io::esl;
using namespace surged::test;

namespace {

const std::string greeting = "Content-Type: auth/request\n\n";
const std::string empty_table = "+OK\n";

/// A session with the times and bytes of a test.
struct Talk {
    explicit Talk(SessionOptions options = {}) : session{with_secret(options), sink, picture, {}} {}
    static SessionOptions with_secret(SessionOptions options) {
        if (options.secret.empty()) options.secret = "s3cret";
        return options;
    }
    /// Feeds bytes and gives what is sent then.
    std::string say(const std::string& bytes) {
        session.received(bytes, now);
        return session.take_output();
    }
    std::string pass(Micros span) {
        now += span;
        session.passed(now);
        return session.take_output();
    }
    /// To the first poll.
    void log_in() {
        say(greeting);
        say(esl_reply("+OK accepted"));
        say(esl_answer("FreeSWITCH (Version 1.10.12-release  64bit) is ready\n"));
        say(esl_reply("+OK event listener enabled plain"));
    }
    /// Answers to a poll that has begun, all empty but these queues.
    std::string answer_poll(const std::vector<std::string>& queues = {}) {
        std::string table = queues.empty() ? "" : "name|strategy\n";
        for (const std::string& queue : queues) table += queue + "|ring-all\n";
        std::string sent = say(esl_answer(table + empty_table));
        for (std::size_t i = 0; i < 2 + queues.size(); ++i) sent += say(esl_answer(empty_table));
        return sent;
    }

    KeepingSink sink;
    Picture picture{nullptr};
    io::Steady now;
    Session session;
};

std::string heartbeat() {
    return esl_plain({
        {"Event-Name",           "HEARTBEAT"       },
        {"Event-Date-Timestamp", "1795454217312637"},
        {"FreeSWITCH-Version",   "1.10.12-release" }
    });
}

}  // namespace

TEST_CASE("esl session: password, version, events, tables") {
    Talk talk;
    CHECK(talk.session.detail() == "connected, nothing said yet");
    CHECK(talk.say(greeting) == "auth s3cret\n\n");
    CHECK(talk.session.detail() == "logging in");
    CHECK(
        talk.say(esl_reply("+OK accepted")) ==
        "api status\n\nevent plain HEARTBEAT SHUTDOWN CUSTOM callcenter::info\n\n"
    );
    talk.say(esl_answer("UP 0 years\nFreeSWITCH (Version 1.10.12-release  64bit) is ready\n"));
    CHECK_FALSE(talk.session.up());
    CHECK(
        talk.say(esl_reply("+OK event listener enabled plain")) ==
        "api callcenter_config queue list\n\n"
    );
    CHECK(talk.session.detail() == "FreeSWITCH 1.10.12: asking who waits");
    CHECK(
        talk.say(esl_answer("name|strategy\nsales@d|x\nvip line@d|x\n+OK\n")) ==
        "api callcenter_config agent list\n\n"
    );
    CHECK(talk.say(esl_answer(empty_table)) == "api callcenter_config tier list\n\n");
    CHECK(talk.sink.lines().empty());
    CHECK(
        talk.say(esl_answer(empty_table)) == "api callcenter_config queue list members sales@d\n\n"
    );
    CHECK(
        talk.say(esl_answer(empty_table)) ==
        "api callcenter_config queue list members 'vip line@d'\n\n"
    );
    CHECK(talk.say(esl_answer(empty_table)).empty());
    CHECK(talk.sink.lines().size() == 4);
    CHECK(talk.session.up());
    REQUIRE(talk.sink.states.size() == 1);  // when the snapshot stands, not before
    CHECK(talk.sink.states[0].up);
    CHECK(talk.sink.states[0].exits_known);
    CHECK(talk.sink.states[0].detail == "connected, FreeSWITCH 1.10.12, 2 queues");
    CHECK(talk.session.detail() == talk.sink.states[0].detail);
    CHECK(talk.sink.bad.empty());
}

TEST_CASE("esl session: JSON where it is asked for") {
    SessionOptions options;
    options.format = Format::json;
    Talk talk{options};
    talk.say(greeting);
    const std::string sent = talk.say(esl_reply("+OK accepted"));
    CHECK(sent.ends_with("event json HEARTBEAT SHUTDOWN CUSTOM callcenter::info\n\n"));
    talk.say(esl_answer("") + esl_reply("+OK"));
    const Fields start = center_event(
        1'795'454'217'312'637,
        "member-queue-start",
        {
            {"Queue",       "sales@d"},
            {"Member-UUID", "m1"     }
    }
    );
    talk.say(esl_json(start));
    CHECK(
        talk.sink.lines() ==
        std::vector<std::string>{"offered ts=1795454217312637 queue=sales@d call=m1"}
    );
    talk.say("Content-Type: text/event-json\nContent-Length: 3\n\n{x}");
    CHECK(talk.sink.bad_count("bad_json") == 1);
}

TEST_CASE("esl session: what ends a conversation, in words") {
    struct Row {
        const char* name;
        std::vector<std::string> bytes;
        std::string want;
        bool refused;
    };
    const Row rows[] = {
        {"wrong password",
         {greeting, esl_reply("-ERR invalid")},
         "login refused (-ERR invalid): check the password in event_socket.conf.xml",             true },
        {"access list",
         {"Content-Type: text/rude-rejection\nContent-Length: 24\n\nAccess Denied, go away.\n"},
         "refused by FreeSWITCH's access list: check apply-inbound-acl in event_socket.conf.xml", true },
        {"access list of an old release",
         {"Content-Type: text/rude-rejection\nContent-Length 24\n\nAccess Denied, go away.\n"},
         "refused by FreeSWITCH's access list: check apply-inbound-acl in event_socket.conf.xml", true },
        {"a web server",
         {"HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n<html>"},
         "not a FreeSWITCH event socket: it sends text/html",                                     true },
        {"an Asterisk",
         {"Asterisk Call Manager/11.0.0\r\n\r\n"},
         "not a FreeSWITCH event socket: it says \"Asterisk Call Manager/##.#.#??\"",             true },
        {"it goes",
         {greeting,
          esl_reply("+OK accepted"),
          esl_answer("Version 1.10.12"),
          "Content-Type: text/disconnect-notice\nContent-Length: 3\n\nbye"},
         "FreeSWITCH 1.10.12 closed the connection",                                              false},
        {"no events",
         {greeting, esl_reply("+OK accepted"), esl_answer(""), esl_reply("-ERR no keywords")},
         "events refused (-ERR no keywords)",                                                     true },
    };
    for (const Row& row : rows) {
        CAPTURE(std::string{row.name});
        Talk talk;
        for (const std::string& bytes : row.bytes) talk.say(bytes);
        REQUIRE(talk.session.ended());
        CHECK(talk.session.ended()->detail == row.want);
        CHECK(talk.session.ended()->refused == row.refused);
        CHECK(talk.sink.states.empty());
    }
    SessionOptions broken;
    broken.secret = "two\nlines";
    CHECK(Talk{broken}.session.ended()->refused);
}

TEST_CASE("esl session: the recorded refusals") {
    Talk wrong;
    wrong.say(esl_recording("badauth.rx.esl"));
    REQUIRE(wrong.session.ended());
    CHECK(wrong.session.ended()->refused);
    Talk none;
    none.say(esl_recording("noauth.rx.esl"));
    REQUIRE(none.session.ended());
    CHECK(none.session.ended()->detail.starts_with("login refused (-ERR command not found)"));
}

TEST_CASE("esl session: a shutdown is no wave of abandons") {
    Talk talk;
    talk.log_in();
    talk.answer_poll({"sales@d"});
    talk.say(esl_plain({
        {"Event-Name",           "SHUTDOWN"        },
        {"Event-Date-Timestamp", "1795454217312637"}
    }));
    CHECK(talk.sink.lines().back() == "stopping ts=1795454217312637");
    CHECK(talk.session.detail() == "FreeSWITCH 1.10.12 is going down");
    talk.say("Content-Type: text/disconnect-notice\nContent-Length: 3\n\nbye");
    REQUIRE(talk.session.ended());
    CHECK(talk.session.ended()->detail == "FreeSWITCH 1.10.12 is going down");
}

TEST_CASE("esl session: deadlines") {
    SUBCASE("nobody answers the login") {
        Talk talk;
        talk.say(greeting);
        CHECK(talk.session.deadline() == io::Steady{} + 10s);
        talk.pass(9s);
        CHECK_FALSE(talk.session.ended());
        talk.pass(1s);
        REQUIRE(talk.session.ended());
        CHECK(talk.session.ended()->detail == "no answer to the login within 10s");
        CHECK_FALSE(talk.session.ended()->refused);
    }
    SUBCASE("silence: it is asked, then given up within stale_after") {
        SessionOptions options;
        options.poll = 1h;
        Talk talk{options};
        talk.log_in();
        talk.answer_poll();
        CHECK(talk.pass(14s).empty());
        CHECK(talk.pass(1s) == "api status\n\n");
        CHECK(talk.session.deadline() == talk.now + 15s);
        talk.pass(15s);
        REQUIRE(talk.session.ended());
        CHECK(talk.session.ended()->detail == "nothing heard for 30s: the connection is dead");
    }
    SUBCASE("a heartbeat is a sign of life") {
        SessionOptions options;
        options.poll = 1h;
        Talk talk{options};
        talk.log_in();
        talk.answer_poll();
        const std::size_t before = talk.sink.pulses;
        for (int i = 0; i < 20; ++i) {
            talk.pass(10s);
            CHECK(talk.say(heartbeat()).empty());
        }
        CHECK(talk.sink.pulses == before + 20);
        CHECK_FALSE(talk.session.ended());
    }
    SUBCASE("events, but the tables do not come") {
        Talk talk;
        talk.log_in();
        for (int i = 0; i < 6; ++i) {
            talk.pass(10s);
            talk.say(heartbeat());
        }
        REQUIRE(talk.session.ended());
        CHECK(talk.session.ended()->detail == "callcenter_config was not answered in full");
    }
}

TEST_CASE("esl session: a heartbeat tells the release where status may not be asked") {
    Talk talk;
    talk.say(greeting);
    talk.say(esl_reply("+OK accepted"));
    talk.say(esl_answer("-ERR status Command not found!\n") + esl_reply("+OK"));
    CHECK(talk.session.detail() == "FreeSWITCH: asking who waits");
    talk.say(heartbeat());
    CHECK(talk.session.detail() == "FreeSWITCH 1.10.12: asking who waits");
}

TEST_CASE("esl session: polls at its interval, and soon after an agent was added") {
    SessionOptions options;
    options.poll = 20s;
    options.stale_after = 1h;
    Talk talk{options};
    talk.log_in();
    talk.answer_poll({"sales@d"});
    CHECK(talk.session.deadline() == talk.now + 20s);
    CHECK(talk.pass(19s).empty());
    CHECK(talk.pass(1s) == "api callcenter_config queue list\n\n");
    CHECK(talk.pass(5s).empty());  // one at a time
    talk.answer_poll({"sales@d"});
    CHECK(talk.session.deadline() == talk.now + 20s);
    talk.say(esl_plain(center_event(
        1'795'454'217'000'000,
        "member-queue-start",
        {
            {"Queue",       "sales@d"},
            {"Member-UUID", "m1"     }
    }
    )));
    talk.pass(20s);
    talk.answer_poll({"sales@d"});  // he is not in the table
    talk.pass(20s);
    talk.answer_poll({"sales@d"});
    CHECK(talk.sink.lines().back() == "exited queue=sales@d call=m1 exit=unknown");
    // Whom a new agent serves stands only in the tables.
    talk.pass(5s);
    talk.say(esl_plain(center_event(
        1'795'454'218'000'000,
        "agent-add",
        {
            {"Agent", "501@d"}
    }
    )));
    CHECK(talk.session.deadline() == talk.now + 2s);
    CHECK(talk.pass(2s) == "api callcenter_config queue list\n\n");
    talk.answer_poll({"sales@d"});
    CHECK(talk.session.deadline() == talk.now + 20s);
}

TEST_CASE("esl session: mod_callcenter is not loaded") {
    Talk talk;
    talk.log_in();
    talk.say(esl_answer("-ERR callcenter_config Command not found!\n"));
    CHECK_FALSE(talk.session.up());  // its silence is not a quiet hour
    CHECK(talk.sink.states.empty());
    CHECK(
        talk.session.detail() ==
        "connected, FreeSWITCH 1.10.12, but callcenter_config fails (-ERR callcenter_config "
        "Command "
        "not found!): is mod_callcenter loaded?"
    );
    CHECK(talk.sink.bad_count("no_table") == 1);
    CHECK(talk.sink.lines().empty());  // no snapshot: what was believed still stands
    talk.pass(10s);
    talk.say(heartbeat());
    talk.pass(10s);
    talk.say(heartbeat());
    CHECK(talk.pass(10s) == "api callcenter_config queue list\n\n");
    talk.answer_poll({"sales@d"});
    CHECK(talk.session.detail() == "connected, FreeSWITCH 1.10.12, 1 queue");
    CHECK(talk.session.up());
    talk.pass(10s);
    talk.say(heartbeat());
    talk.pass(10s);
    talk.say(heartbeat());
    talk.pass(10s);
    talk.say(esl_answer("-ERR callcenter_config Command not found!\n"));  // it was unloaded
    CHECK_FALSE(talk.session.up());
    REQUIRE(talk.sink.states.size() == 2);
    CHECK_FALSE(talk.sink.states[1].up);
}

TEST_CASE("esl session: frames nobody asked for, and garbage, harm nothing") {
    Talk talk;
    talk.log_in();
    talk.answer_poll();
    talk.say(esl_answer("unasked"));
    talk.say("Content-Type: log/data\nContent-Length: 3\n\nabc" + greeting);
    CHECK(talk.sink.bad_count("unexpected_frame") == 3);
    talk.say("\x01garbage\n\n");
    CHECK(talk.sink.bad_count("not_a_frame") == 1);
    talk.say("Content-Type: text/event-plain\nContent-Length: 4\n\nabcd");
    CHECK(talk.sink.bad_count("bad_event") == 1);
    talk.say(esl_plain(center_event(
        1'795'454'217'000'000,
        "member-queue-start",
        {
            {"Queue",             "sales@d"    },
            {"Member-UUID",       "m1"         },
            {"Member-CID-Number", "13800138000"}
    }
    )));
    CHECK(talk.sink.lines().back() == "offered ts=1795454217000000 queue=sales@d call=m1");
    CHECK_FALSE(talk.session.ended());
    for (const auto& bad : talk.sink.bad)
        CHECK(bad.excerpt.find_first_of("0123456789") == std::string::npos);
}
