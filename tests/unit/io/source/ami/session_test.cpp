#include "io/source/ami/session.hpp"

#include "support/ami_fake.hpp"
#include "support/ami_recording.hpp"
#include "support/ami_sink.hpp"

#include <doctest/doctest.h>

using namespace surged;
using namespace surged::io::ami;
using namespace surged::test;

namespace {

constexpr io::Steady t0{};
const std::string banner = "Asterisk Call Manager/11.0.0\r\n";

SessionOptions options_of(std::string secret = "s3cret") {
    SessionOptions options;
    options.username = "surged";
    options.secret = std::move(secret);
    options.stale_after = 30s;
    options.login_timeout = 10s;
    return options;
}

/// The value of a header of the last action that was sent.
std::string sent(const std::string& output, const std::string& key) {
    const auto at = output.rfind("\r\n" + key + ": ");
    if (at == std::string::npos) return {};
    const auto from = at + key.size() + 4;
    return output.substr(from, output.find("\r\n", from) - from);
}

std::string list_begins(const std::string& id) {
    return ami_frame({"Response: Success", "ActionID: " + id, "EventList: start"});
}
std::string list_ends(const std::string& id) {
    return ami_frame({"Event: QueueStatusComplete", "ActionID: " + id});
}

/// Logs in; the snapshot has been asked for. Returns its ActionID.
std::string log_in(Session& session) {
    session.received(banner, t0);
    session.received(ami_frame({"Response: Success", "Challenge: 316339751"}), t0);
    static_cast<void>(session.take_output());
    session.received(ami_frame({"Response: Success", "Message: Authentication accepted"}), t0);
    CHECK_FALSE(session.up());
    return sent(session.take_output(), "ActionID");
}
/// Logs in, and an empty snapshot has come.
void come_up(Session& session) {
    const std::string list = log_in(session);
    session.received(list_begins(list) + list_ends(list), t0);
    REQUIRE(session.up());
}

}  // namespace

TEST_CASE("ami session: the recorded challenge gives the recorded key") {
    for (const char* run : {"16-basic", "22-basic"}) {
        CAPTURE(std::string{run});
        const Recording recording = load_recording(run, "observer");
        const auto answers = frames_of(recording.received());
        const std::string tx = read_fixture(recording_folder(run) / "observer.tx.ami");
        KeepingSink sink;
        Session session{options_of("s3cr3t-amI"), sink, nullptr, t0};
        session.received(banner, t0);
        CHECK(sent(session.take_output(), "AuthType") == "MD5");
        session.received(
            ami_frame({"Response: Success", "Challenge: " + answers[0].get("Challenge")}), t0
        );
        const auto key_at = tx.find("Key: ") + 5;
        CHECK(sent(session.take_output(), "Key") == tx.substr(key_at, 32));
    }
}

TEST_CASE("ami session: the event mask asks for what is needed") {
    KeepingSink sink;
    Session session{options_of(), sink, nullptr, t0};
    session.received(banner, t0);
    static_cast<void>(session.take_output());
    session.received(ami_frame({"Response: Error", "Message: no"}), t0);
    const std::string login = session.take_output();
    CHECK(sent(login, "Events") == "system,agent,user,dialplan");
    CHECK(sent(login, "Secret") == "s3cret");
    CHECK(login.find("AuthType") == std::string::npos);
}

TEST_CASE("ami session: time tells") {
    KeepingSink sink;
    SUBCASE("no banner") {
        Session session{options_of(), sink, nullptr, t0};
        CHECK(session.deadline() == t0 + 10s);
        session.passed(t0 + 9s);
        CHECK_FALSE(session.ended().has_value());
        session.passed(t0 + 10s);
        REQUIRE(session.ended().has_value());
        CHECK(session.ended()->detail == "no answer to the login within 10s");
        CHECK_FALSE(session.ended()->refused);
    }
    SUBCASE("a ping at half time, the end at full time") {
        Session session{options_of(), sink, nullptr, t0};
        const std::string list = log_in(session);
        session.received(
            ami_frame({"Response: Success", "ActionID: " + list, "EventList: start"}) +
                ami_frame({"Event: QueueStatusComplete", "ActionID: " + list}),
            t0
        );
        CHECK(session.deadline() == t0 + 15s);
        session.passed(t0 + 15s);
        const std::size_t pulses = sink.pulses;
        const std::string ping = session.take_output();
        CHECK(ping.starts_with("Action: Ping\r\n"));
        CHECK(session.deadline() == t0 + 30s);
        session.received(
            ami_frame({"Response: Success", "ActionID: " + sent(ping, "ActionID"), "Ping: Pong"}),
            t0 + 16s
        );
        CHECK(sink.pulses == pulses + 1);
        CHECK(session.deadline() == t0 + 31s);
        session.passed(t0 + 31s);
        session.passed(t0 + 46s);
        REQUIRE(session.ended().has_value());
        CHECK(session.ended()->detail == "nothing heard for 30s: the connection is dead");
    }
    SUBCASE("bytes without an end are no sign of life") {
        Session session{options_of(), sink, nullptr, t0};
        come_up(session);
        for (int s = 1; s <= 30; ++s) session.received(std::string(1000, 'x'), t0 + s * 1s);
        session.passed(t0 + 30s);
        CHECK(session.ended().has_value());
    }
    SUBCASE("a list that never ends") {
        Session session{options_of(), sink, nullptr, t0};
        const std::string list = log_in(session);
        session.received(
            ami_frame({"Response: Success", "ActionID: " + list, "EventList: start"}), t0
        );
        for (int s = 10; s <= 60; s += 10) {
            session.received(ami_frame({"Event: Hangup"}), t0 + s * 1s);
            session.passed(t0 + s * 1s);
        }
        REQUIRE(session.ended().has_value());
        CHECK(session.ended()->detail == "QueueStatus was not answered in full");
    }
}

TEST_CASE("ami session: app_queue that is not loaded is said, and asked again when it comes") {
    KeepingSink sink;
    Session session{options_of(), sink, nullptr, t0};
    const std::string list = log_in(session);
    session.received(
        ami_frame({"Response: Error", "ActionID: " + list, "Message: Invalid/unknown command"}), t0
    );
    CHECK(sink.bad_count("no_queue_status") == 1);
    CHECK(session.up());  // there is nothing to wait for
    REQUIRE(sink.states.size() == 1);
    CHECK(sink.states[0].up);
    session.received(ami_frame({"Event: Reload", "Module: app_queue.so"}), t0);
    CHECK(session.take_output().starts_with("Action: QueueStatus\r\n"));
}

TEST_CASE("ami session: news of a reload during a list asks for one more, once") {
    KeepingSink sink;
    Session session{options_of(), sink, nullptr, t0};
    const std::string list = log_in(session);
    const std::string reload = ami_frame({"Event: Reload", "Module: All"});
    session.received(
        ami_frame({"Response: Success", "ActionID: " + list, "EventList: start"}) + reload + reload,
        t0
    );
    CHECK_FALSE(session.has_output());
    session.received(ami_frame({"Event: QueueStatusComplete", "ActionID: " + list}), t0);
    const std::string again = session.take_output();
    CHECK(again.starts_with("Action: QueueStatus\r\n"));
    CHECK(again.find("Action: QueueStatus", 10) == std::string::npos);
}

TEST_CASE("ami session: up is told when the snapshot has been handed over, not before") {
    KeepingSink sink;
    Session session{options_of(), sink, nullptr, t0};
    std::size_t batches_before_up = 0;
    sink.on_change = [&] {
        if (sink.states.empty()) batches_before_up = sink.batches.size();
    };
    const std::string list = log_in(session);
    CHECK(session.detail() == "Asterisk 22: asking who waits");
    session.received(list_begins(list), t0);
    session.received(
        ami_frame({"Event: QueueEntry", "Queue: sales", "Uniqueid: 1", "Wait: 900"}), t0
    );
    CHECK(sink.states.empty());
    CHECK_FALSE(session.up());
    session.received(list_ends(list), t0);
    REQUIRE(sink.states.size() == 1);
    CHECK(sink.states[0].up);
    CHECK(sink.lines().back() == "snapshot_end");
    CHECK(batches_before_up == sink.batches.size());
    CHECK(session.detail() == "connected, Asterisk 22");
}

TEST_CASE("ami session: exits are known once the dialplan is heard, and it is told once") {
    KeepingSink sink;
    Session session{options_of(), sink, nullptr, t0};
    come_up(session);
    REQUIRE(sink.states.size() == 1);
    CHECK_FALSE(sink.states[0].exits_known);
    const std::string news = ami_frame({"Event: VarSet", "Uniqueid: 1", "Variable: X", "Value: 1"});
    session.received(news + news, t0);
    REQUIRE(sink.states.size() == 2);
    CHECK(sink.states[1].up);
    CHECK(sink.states[1].exits_known);
}

TEST_CASE("ami session: one read gives one batch, in order, after the word that it is up") {
    KeepingSink sink;
    Session session{options_of(), sink, nullptr, t0};
    come_up(session);
    sink.batches.clear();
    session.received(
        ami_frame({"Event: QueueCallerAbandon", "Queue: sales", "Uniqueid: 1", "HoldTime: 5"}) +
            ami_frame({"Event: QueueCallerLeave", "Queue: sales", "Uniqueid: 1"}) +
            ami_frame({"Event: Shutdown", "Shutdown: Cleanly", "Restart: False"}),
        t0
    );
    REQUIRE(sink.batches.size() == 1);
    CHECK(
        sink.lines() ==
        std::vector<std::string>{
            "abandoned queue=sales call=1 wait=5 provisional", "left queue=sales call=1", "stopping"
        }
    );
    CHECK(session.detail() == "Asterisk 22 is going down");
}

TEST_CASE("ami session: a line break in a secret is not sent") {
    KeepingSink sink;
    Session session{options_of("a\r\nAction: Originate"), sink, nullptr, t0};
    REQUIRE(session.ended().has_value());
    CHECK(session.ended()->refused);
    CHECK_FALSE(session.has_output());
}
