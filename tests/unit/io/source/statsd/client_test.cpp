// The client on a real socket of loopback.
#include "io/source/statsd/client.hpp"

#include "support/ami_fake.hpp"
#include "support/ami_sink.hpp"

#include <arpa/inet.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <optional>
#include <string>

using namespace surged;
using namespace surged::test;
using io::statsd::Client;
using io::statsd::ClientOptions;
namespace net = boost::asio;

namespace {

constexpr auto patience = std::chrono::milliseconds{10'000};

struct Rig {
    net::io_context context;
    KeepingSink sink;
    std::optional<Client> client;
    net::ip::udp::socket sender{context, net::ip::udp::v4()};
    bool finished{false};

    explicit Rig(ClientOptions options = {}) {
        options.name = "app";
        options.port = 0;
        options.flush = 20ms;
        options.rules = {
            {"m.*", "g", "*", "", io::statsd::Take::sum}
        };
        client.emplace(context.get_executor(), std::move(options), sink);
        net::co_spawn(context, client->run(), [this](std::exception_ptr e) {
            CHECK_FALSE(e);
            finished = true;
        });
        REQUIRE(until([this] { return client->port() != 0; }));
    }
    ~Rig() {
        client->stop();
        CHECK(until([this] { return finished; }));
    }
    bool until(const std::function<bool()>& done) { return run_until(context, patience, done); }
    void send(const std::string& packet) {
        const net::ip::udp::endpoint to{net::ip::address_v4::loopback(), client->port()};
        sender.send_to(net::buffer(packet), to);
    }
    /// The sum of all that was told of `queue`.
    [[nodiscard]] double sum(std::string_view queue) const {
        double out = 0;
        for (const acd::Batch& batch : sink.batches)
            batch.for_each([&](std::size_t, const acd::Event& e) {
                if (e.queue == queue) out += e.value;
            });
        return out;
    }
};

}  // namespace

TEST_CASE("statsd: packets come in, gauges go out at the flush") {
    Rig rig;
    REQUIRE(rig.sink.states.size() == 1);
    CHECK(rig.sink.states[0].up);
    const std::string listening = fmt::format("listening on 127.0.0.1:{}", rig.client->port());
    CHECK(rig.client->status().detail.starts_with(listening));
    rig.send("m.sales:1|c\nm.sales:2|c\nm.vip:5|c");
    rig.send("m.sales:4|c");
    REQUIRE(rig.until([&] { return rig.sum("sales") == 7 && rig.sum("vip") == 5; }));
    rig.send("other:1|g\njunk 138\nmore junk\n");
    REQUIRE(rig.until([&] { return rig.sink.bad_count("no_value") == 2; }));
    const io::SourceStatus status = rig.client->status();
    CHECK(status.type == "statsd");
    CHECK(status.up);
    CHECK(status.detail.find("7 lines, 4 of use in 2 series") != std::string::npos);
    CHECK(status.detail.find("2 refused, the last for no_value: junk ###") != std::string::npos);
}

TEST_CASE("statsd: every datagram is read or counted as dropped") {
    ClientOptions options;
    options.buffer = 1;  // the kernel's least
    Rig rig{options};
    // Nobody reads while these are sent; the last drops are followed by no datagram that tells.
    constexpr int sent = 2000;
    for (int i = 0; i < sent; ++i) rig.send("m.sales:1|c");
    REQUIRE(rig.until([&] { return rig.client->drops() > 0 && rig.sum("sales") > 0; }));
    const auto accounted = [&] {
        return static_cast<std::uint64_t>(rig.sum("sales")) + rig.client->drops();
    };
    CHECK(rig.until([&] { return accounted() == sent; }));
    CHECK(rig.sink.bad_count("kernel_drop") == rig.client->drops());
    // More of them, with datagrams after that tell.
    for (int i = 0; i < sent; ++i) rig.send("m.sales:1|c");
    CHECK(rig.until([&] { return accounted() == 2 * sent; }));
    CHECK(rig.client->status().detail.find("dropped by the kernel") != std::string::npos);
}

TEST_CASE("statsd: a port that is taken is said, once, and silence if it matters") {
    Rig rig;
    ClientOptions options;
    options.name = "second";
    options.port = rig.client->port();
    KeepingSink sink;
    Client second{rig.context.get_executor(), options, sink};
    bool finished = false;
    net::co_spawn(rig.context, second.run(), [&](std::exception_ptr) { finished = true; });
    REQUIRE(rig.until([&] { return !sink.states.empty(); }));
    CHECK_FALSE(sink.states[0].up);
    CHECK(
        sink.states[0].detail ==
        fmt::format("cannot listen on 127.0.0.1:{}: Address already in use", options.port)
    );
    second.stop();
    CHECK(rig.until([&] { return finished; }));

    ClientOptions strict;
    strict.stale_after = 50ms;
    Rig silent{strict};
    REQUIRE(silent.until([&] { return silent.sink.states.size() == 2; }));
    CHECK_FALSE(silent.sink.states[1].up);
    CHECK(silent.sink.states[1].detail == "nothing heard for 50ms");
    const auto port = [&] {
        const std::string words = silent.sink.states[0].detail;
        return static_cast<std::uint16_t>(std::stoi(words.substr(words.find(':') + 1)));
    }();
    silent.sender.send_to(
        net::buffer("m.a:1|c", 7), net::ip::udp::endpoint{net::ip::address_v4::loopback(), port}
    );
    REQUIRE(silent.until([&] { return silent.sink.states.size() >= 3; }));
    CHECK(silent.sink.states[2].up);
}
