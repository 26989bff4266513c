#include "io/source/esl/client.hpp"

#include "support/ami_fake.hpp"
#include "support/ami_sink.hpp"
#include "support/esl_fake.hpp"
#include "support/esl_recording.hpp"

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <string>
#include <vector>

using namespace surged;
using namespace surged::test;
namespace net = boost::asio;

namespace {

constexpr auto patience = std::chrono::milliseconds{5000};

FakeFreeswitchOptions with_tables() {
    FakeFreeswitchOptions options;
    options.answers["callcenter_config queue list"] = "name|strategy\nsales@d|ring-all\n+OK\n";
    options.answers["callcenter_config agent list"] =
        "name|contact|status|state\n101@d|user/101|Available|Waiting\n+OK\n";
    options.answers["callcenter_config tier list"] =
        "queue|agent|state|level|position\nsales@d|101@d|Ready|1|1\n+OK\n";
    options.answers["callcenter_config queue list members sales@d"] =
        "queue|uuid|cid_number|joined_epoch|rejoined_epoch|state\n"
        "sales@d|m1|13800138000|1795454217|0|Waiting\n+OK\n";
    return options;
}

/// A client against a fake server, both on one context.
struct Rig {
    explicit Rig(
        FakeFreeswitchOptions freeswitch = with_tables(),
        Micros stale_after = 10s,
        io::esl::Format format = io::esl::Format::plain,
        Micros poll = 30s
    )
        : server{context, std::move(freeswitch)},
          client{context.get_executor(), wanted(stale_after, format, poll), sink, nullptr} {
        net::co_spawn(
            context,
            client.run(),
            net::bind_cancellation_slot(
                signal.slot(),
                [this](std::exception_ptr e) {
                    CHECK_FALSE(e);
                    finished = true;
                }
            )
        );
    }
    ~Rig() {
        client.stop();
        CHECK(run_until(context, patience, [this] { return finished; }));
    }
    io::esl::ClientOptions wanted(Micros stale_after, io::esl::Format format, Micros poll) const {
        io::esl::ClientOptions options;
        options.name = "fs-1";
        options.host = "127.0.0.1";
        options.port = server.port();
        options.secret = "s3cret";
        options.format = format;
        options.stale_after = stale_after;
        options.poll = poll;
        options.backoff_min = 20ms;
        options.backoff_max = 200ms;
        return options;
    }
    bool until(const std::function<bool()>& done, std::chrono::milliseconds limit = patience) {
        return run_until(context, limit, done);
    }
    [[nodiscard]] bool up() const { return !sink.states.empty() && sink.states.back().up; }
    [[nodiscard]] std::size_t told(std::string_view line) const {
        const auto lines = sink.lines();
        return static_cast<std::size_t>(std::count(lines.begin(), lines.end(), line));
    }

    net::io_context context;
    KeepingSink sink;
    FakeFreeswitch server;
    io::esl::Client client;
    net::cancellation_signal signal;
    bool finished{false};
};

Fields start_of(const std::string& id) {
    return center_event(
        1'795'454'220'000'000,
        "member-queue-start",
        {
            {"Queue",       "sales@d"},
            {"Member-UUID", id       }
    }
    );
}

/// The whole recorded run behind a login: what `plain` was sent, with the tables of `control`.
FakeFreeswitchOptions recorded(std::size_t piece, std::size_t events, bool json) {
    FakeFreeswitchOptions options;
    options.piece = piece;
    for (const EslAnswer& answer : esl_answers("control"))
        if (answer.command.starts_with("api "))
            options.answers.try_emplace(answer.command.substr(4), answer.text);
    for (const char* queue : {"sales@default", "empty@default"})
        options.answers["callcenter_config queue list members " + std::string{queue}] = "+OK\n";
    for (const OwnedEslFrame& frame : esl_frames_of(esl_recording("plain.rx.esl"), 1 << 20)) {
        if (frame.content_type != "text/event-plain") continue;
        if (events-- == 0) break;
        options.after_events +=
            json ? as_esl_json(frame)
                 : fmt::format(
                       "Content-Length: {}\nContent-Type: text/event-plain\n\n{}",
                       frame.body.size(),
                       frame.body
                   );
    }
    return options;
}

std::vector<std::string> events_of(FakeFreeswitchOptions options, io::esl::Format format) {
    const bool json = format == io::esl::Format::json;
    Rig rig{std::move(options), 60s, format};
    CHECK(rig.until(
        [&] { return rig.told("snapshot_end") == 1 && rig.server.sent(); },
        std::chrono::milliseconds{30'000}
    ));
    CHECK(rig.until([&] { return rig.client.status().detail.ends_with("3 queues"); }));
    CHECK(
        rig.server.count(
            json ? "event json HEARTBEAT SHUTDOWN CUSTOM callcenter::info"
                 : "event plain HEARTBEAT SHUTDOWN CUSTOM callcenter::info"
        ) == 1
    );
    CHECK(rig.sink.bad.empty());
    // The tables come while the events do: where between them depends on the pieces.
    std::vector<std::string> lines;
    for (std::string& line : rig.sink.lines())
        if (!line.starts_with("snapshot_") && !line.starts_with("agent_state"))
            lines.push_back(std::move(line));
    return lines;
}

}  // namespace

TEST_CASE("esl: logs in, asks for the tables, hands over events") {
    Rig rig;
    REQUIRE(rig.until([&] { return rig.told("snapshot_end") == 1; }));
    CHECK(rig.up());
    CHECK(
        rig.sink.lines() ==
        std::vector<std::string>{
            "snapshot_begin",
            "snapshot_queue queue=sales@d",
            "snapshot_agent queue=sales@d agent=101@d state=available",
            "snapshot_call ts=1795454217000000 queue=sales@d call=m1",
            "snapshot_end"
        }
    );
    rig.server.send(esl_plain(start_of("m2")));
    CHECK(rig.until([&] {
        return rig.told("offered ts=1795454220000000 queue=sales@d call=m2") == 1;
    }));
    CHECK(rig.client.status().detail == "connected, FreeSWITCH 1.10.12, 1 queue");
    CHECK(rig.client.status().up);
    CHECK(rig.client.status().type == "esl");
}

TEST_CASE("esl: a wrong password is said once, and tried again only at the longest pause") {
    FakeFreeswitchOptions options = with_tables();
    options.password = "another";
    Rig rig{options};
    REQUIRE(rig.until([&] { return rig.server.connections() >= 3; }));
    CHECK(rig.sink.states.size() == 1);
    CHECK_FALSE(rig.sink.states[0].up);
    CHECK(rig.until([&] {
        return rig.client.status().detail ==
               "login refused (-ERR invalid): check the password in event_socket.conf.xml";
    }));
    rig.server.options().password = "s3cret";
    CHECK(rig.until([&] { return rig.up(); }));
}

// The end of a reading makes the next one due long before what the connection waited for until
// then.
TEST_CASE("esl: the tables are read again in time, however late their last piece came") {
    FakeFreeswitchOptions options = with_tables();
    options.piece = 1;
    Rig rig{options, 60s, io::esl::Format::plain, 10ms};
    CHECK(rig.until([&] { return rig.server.count("api callcenter_config queue list") >= 3; }));
}

TEST_CASE("esl: an access list's refusal is said once") {
    FakeFreeswitchOptions options;
    options.greeting =
        "Content-Type: text/rude-rejection\nContent-Length: 24\n\nAccess Denied, go away.\n";
    Rig rig{options};
    REQUIRE(rig.until([&] { return rig.server.connections() >= 3; }));
    CHECK(rig.sink.states.size() == 1);
    CHECK(rig.until([&] {
        return rig.client.status().detail.find("apply-inbound-acl") != std::string::npos;
    }));
}

TEST_CASE("esl: after a lost connection it comes back, and what was believed is compared") {
    Rig rig;
    REQUIRE(rig.until([&] { return rig.told("snapshot_end") == 1; }));
    rig.server.send(esl_plain(start_of("m2")));
    REQUIRE(rig.until([&] { return rig.sink.count(acd::EventType::offered) == 1; }));
    rig.server.options().answers["callcenter_config queue list members sales@d"] =
        "queue|uuid|joined_epoch|rejoined_epoch|bridge_epoch|serving_agent|state\n"
        "sales@d|m2|1795454220|0|1795454230|101@d|Answered\n+OK\n";
    rig.server.drop();
    REQUIRE(rig.until([&] { return rig.told("snapshot_end") == 2; }));
    CHECK(rig.server.connections() == 2);
    CHECK(rig.told("answered ts=1795454230000000 queue=sales@d call=m2 agent=101@d") == 1);
    CHECK(rig.sink.count(acd::EventType::snapshot_call) == 1);  // m1 is named no more
    std::vector<bool> ups;
    for (const auto& state : rig.sink.states) ups.push_back(state.up);
    CHECK(ups == std::vector<bool>{true, false, true});
    CHECK(rig.sink.states[1].detail.starts_with("the server closed the connection"));
}

TEST_CASE("esl: a half-open connection is noticed within stale_after") {
    Rig rig{with_tables(), 300ms};
    REQUIRE(rig.until([&] { return rig.told("snapshot_end") == 1; }));
    rig.server.freeze();
    REQUIRE(rig.until([&] { return !rig.up(); }));
    CHECK(rig.sink.states.back().detail == "nothing heard for 300ms: the connection is dead");
    CHECK(rig.until([&] { return rig.up(); }));
}

TEST_CASE("esl: a server that never greets, one that does not answer, nobody at all") {
    FakeFreeswitchOptions silent;
    silent.greeting.clear();
    {
        Rig rig{silent};
        CHECK(rig.until([&] { return rig.server.connections() == 1; }));
        CHECK(rig.client.status().detail == "not connected yet");
    }
    FakeFreeswitchOptions deaf = with_tables();
    deaf.answers_api = false;
    {
        Rig rig{deaf};
        CHECK(rig.until([&] { return rig.server.count("api status") == 1; }));
        CHECK_FALSE(rig.up());
    }
    net::io_context context;
    KeepingSink sink;
    io::esl::ClientOptions options;
    options.host = "127.0.0.1";
    options.port = 1;
    options.backoff_min = 10ms;
    io::esl::Client client{context.get_executor(), options, sink, nullptr};
    bool finished = false;
    net::co_spawn(context, client.run(), [&](std::exception_ptr) { finished = true; });
    REQUIRE(run_until(context, patience, [&] { return !sink.states.empty(); }));
    CHECK(client.status().detail.starts_with("cannot connect to 127.0.0.1:1"));
    client.stop();
    CHECK(run_until(context, patience, [&] { return finished; }));
}

TEST_CASE("esl: the recorded run over a socket, in pieces, plain and as JSON: the same events") {
    const auto whole = events_of(recorded(0, 1000, false), io::esl::Format::plain);
    const auto counted = [&](std::string_view type) {
        return std::count_if(whole.begin(), whole.end(), [&](const std::string& line) {
            return line.starts_with(type);
        });
    };
    CHECK(counted("offered ") == 23);
    CHECK(counted("answered ") == 12);
    CHECK(counted("completed ") == 12);
    CHECK(counted("abandoned ") == 9);
    CHECK(counted("exited ") == 2);
    CHECK(events_of(recorded(997, 1000, false), io::esl::Format::plain) == whole);
    CHECK(events_of(recorded(61, 1000, true), io::esl::Format::json) == whole);
    // Byte by byte, the beginning of it.
    const auto begins = events_of(recorded(0, 25, false), io::esl::Format::plain);
    CHECK(begins.size() > 5);
    CHECK(events_of(recorded(1, 25, false), io::esl::Format::plain) == begins);
    CHECK(events_of(recorded(1, 25, true), io::esl::Format::json) == begins);
}
