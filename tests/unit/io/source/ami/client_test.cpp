#include "io/source/ami/client.hpp"

#include "io/runtime/within.hpp"
#include "support/ami_fake.hpp"
#include "support/ami_sink.hpp"

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <doctest/doctest.h>

using namespace surged;
using namespace surged::test;
namespace net = boost::asio;

namespace {

constexpr auto patience = std::chrono::milliseconds{5000};

/// A client against a fake server, both on one context.
struct Rig {
    explicit Rig(FakeAsteriskOptions asterisk = {}, Micros stale_after = 400ms)
        : server{context, std::move(asterisk)},
          client{context.get_executor(), wanted(stale_after), sink, nullptr} {
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
    io::ami::ClientOptions wanted(Micros stale_after) const {
        io::ami::ClientOptions options;
        options.name = "acd-1";
        options.host = "127.0.0.1";
        options.port = server.port();
        options.username = "surged";
        options.secret = "s3cret";
        options.stale_after = stale_after;
        options.backoff_min = 20ms;
        options.backoff_max = 200ms;
        return options;
    }
    bool until(const std::function<bool()>& done, std::chrono::milliseconds limit = patience) {
        return run_until(context, limit, done);
    }
    [[nodiscard]] bool up() const { return !sink.states.empty() && sink.states.back().up; }
    [[nodiscard]] bool told(std::string_view line) const {
        const auto lines = sink.lines();
        return std::find(lines.begin(), lines.end(), line) != lines.end();
    }

    net::io_context context;
    KeepingSink sink;
    FakeAsterisk server;
    io::ami::Client client;
    net::cancellation_signal signal;
    bool finished{false};
};

FakeAsteriskOptions with_snapshot() {
    FakeAsteriskOptions options;
    options.snapshot = {
        "Event: QueueParams\r\nQueue: sales\r\nServiceLevel: 20\r\n",
        "Event: QueueMember\r\nQueue: sales\r\nName: Erin\r\nLocation: PJSIP/103\r\nStatus: 1\r\n"
        "Paused: 0\r\nPausedReason: \r\n",
        "Event: QueueEntry\r\nQueue: sales\r\nPosition: 1\r\nUniqueid: 17.1\r\n"
        "CallerIDNum: 13800138000\r\nWait: 12\r\n"
    };
    return options;
}

}  // namespace

TEST_CASE("ami: logs in by challenge, asks for a snapshot, hands over events") {
    Rig rig{with_snapshot()};
    REQUIRE(rig.until([&] { return rig.told("snapshot_end"); }));
    CHECK(rig.up());
    CHECK(
        rig.sink.lines() ==
        std::vector<std::string>{
            "snapshot_begin",
            "snapshot_queue queue=sales target=20",
            "snapshot_agent queue=sales agent=PJSIP/103 state=available",
            "snapshot_call queue=sales call=17.1 wait=12",
            "snapshot_end"
        }
    );
    CHECK(rig.server.count("QueueStatus") == 1);  // FullyBooted came before the list began
    rig.server.send(ami_frame(
        {"Event: QueueCallerJoin",
         "Queue: sales",
         "Uniqueid: 17.2",
         "CallerIDNum: 13800138001",
         "CallerIDName: Somebody"}
    ));
    CHECK(rig.until([&] { return rig.told("offered queue=sales call=17.2"); }));
    REQUIRE(rig.until([&] { return rig.client.status().detail == "connected, Asterisk 22.10.1"; }));
    CHECK(rig.client.status().up);
    CHECK(rig.client.status().type == "ami");
}

TEST_CASE("ami: plain login where the challenge is refused") {
    FakeAsteriskOptions options;
    options.takes_challenge = false;
    Rig rig{options};
    CHECK(rig.until([&] { return rig.up(); }));
}

TEST_CASE("ami: a wrong password is said once, in words") {
    FakeAsteriskOptions options;
    options.secret = "another";
    Rig rig{options};
    REQUIRE(rig.until([&] { return rig.server.count("Login") >= 3; }));
    REQUIRE(rig.sink.states.size() == 1);
    CHECK_FALSE(rig.sink.states[0].up);
    CHECK(rig.sink.states[0].detail.find("login refused (Authentication failed)") == 0);
    CHECK(rig.sink.states[0].detail.find("s3cret") == std::string::npos);
}

TEST_CASE("ami: half-open connection is noticed within its deadline") {
    Rig rig{with_snapshot(), 1s};
    REQUIRE(rig.until([&] { return rig.told("snapshot_end"); }));
    rig.server.freeze();
    const auto frozen = std::chrono::steady_clock::now();
    REQUIRE(rig.until([&] { return !rig.up(); }));
    const auto noticed = rig.sink.states.back().at - frozen;
    CHECK(
        noticed <= 1s + 500ms
    );  // the last word came before the freeze; half a second for a busy machine
    CHECK(rig.sink.states.back().detail.find("nothing heard for 1s") == 0);
    CHECK(rig.until([&] { return rig.up(); }));  // and it comes back
    CHECK(rig.server.connections() == 2);
}

TEST_CASE("ami: an idle connection lives on its pings") {
    Rig rig{with_snapshot(), 200ms};
    REQUIRE(rig.until([&] { return rig.server.count("Ping") >= 5; }));
    CHECK(rig.server.connections() == 1);
    CHECK(rig.sink.states.size() == 1);
    CHECK(rig.sink.pulses >= 4);
}

TEST_CASE("ami: a server that answers everything but the ping is dead too") {
    FakeAsteriskOptions options = with_snapshot();
    options.answers_ping = false;
    Rig rig{options, 200ms};
    CHECK(rig.until([&] { return rig.server.connections() >= 2; }));
}

TEST_CASE("ami: comes back after a lost connection with a new snapshot") {
    Rig rig{with_snapshot()};
    REQUIRE(rig.until([&] { return rig.told("snapshot_end"); }));
    rig.server.drop();
    REQUIRE(rig.until([&] { return rig.server.count("QueueStatus") == 2; }));
    REQUIRE(rig.until([&] { return rig.sink.count(acd::EventType::snapshot_end) == 2; }));
    REQUIRE(rig.sink.states.size() == 3);
    CHECK_FALSE(rig.sink.states[1].up);
    CHECK(rig.sink.states[1].detail.find("the server closed the connection") == 0);
    CHECK(rig.sink.states[2].up);
}

TEST_CASE("ami: FullyBooted asks for the snapshot again") {
    FakeAsteriskOptions options = with_snapshot();
    options.booted = false;
    Rig rig{options};
    REQUIRE(rig.until([&] { return rig.told("snapshot_end"); }));
    rig.server.send(ami_frame({"Event: FullyBooted", "Privilege: system,all"}));
    CHECK(rig.until([&] { return rig.sink.count(acd::EventType::snapshot_end) == 2; }));
}

TEST_CASE("ami: nobody there is said once, and found when he comes") {
    net::io_context context;
    KeepingSink sink;
    std::uint16_t port = 0;
    {
        net::ip::tcp::acceptor taken{
            context, {net::ip::address_v4::loopback(), 0}
        };
        port = taken.local_endpoint().port();
    }
    io::ami::ClientOptions options;
    options.name = "acd-1";
    options.host = "127.0.0.1";
    options.port = port;
    options.backoff_min = 5ms;
    options.backoff_max = 10ms;
    io::ami::Client client{context.get_executor(), options, sink, nullptr};
    bool finished = false;
    net::co_spawn(context, client.run(), [&](std::exception_ptr) { finished = true; });
    run_until(context, std::chrono::milliseconds{200}, [] { return false; });
    REQUIRE(sink.states.size() == 1);
    CHECK(sink.states[0].detail.find("cannot connect to 127.0.0.1") == 0);
    client.stop();
    CHECK(run_until(context, patience, [&] { return finished; }));
}

TEST_CASE("ami: a cancellation ends the client") {
    Rig rig{with_snapshot()};
    REQUIRE(rig.until([&] { return rig.told("snapshot_end"); }));
    rig.signal.emit(net::cancellation_type::terminal);
    CHECK(rig.until([&] { return rig.finished; }));
}

TEST_CASE("ami: what is no manager is said in words") {
    FakeAsteriskOptions options;
    options.banner = "SSH-2.0-OpenSSH_9.2\r\n";
    Rig rig{options};
    REQUIRE(rig.until([&] { return !rig.sink.states.empty(); }));
    CHECK(rig.sink.states[0].detail == "not an Asterisk manager: it says \"SSH-#.#-OpenSSH_#.#\"");
}

TEST_CASE("ami: garbage and over-long lines cost nothing but themselves") {
    Rig rig{with_snapshot()};
    REQUIRE(rig.until([&] { return rig.told("snapshot_end"); }));
    const std::string join =
        ami_frame({"Event: QueueCallerJoin", "Queue: sales", "Uniqueid: 17.9"});
    rig.server.send("\x01\x02 what is this 13800138000\r\nstill garbage\r\n\r\n" + join);
    REQUIRE(rig.until([&] { return rig.told("offered queue=sales call=17.9"); }));
    CHECK(rig.sink.bad_count("not_a_frame") == 1);
    CHECK(rig.sink.bad[0].excerpt.find("13800138000") == std::string::npos);
    CHECK(rig.server.connections() == 1);
}
