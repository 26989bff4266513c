#include "app/simulate/feed.hpp"
#include "io/source/ami/client.hpp"
#include "support/ami_sink.hpp"

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>
#include <future>
#include <thread>

using namespace surged;
using namespace surged::app::simulate;

namespace {

Setup short_surge() {
    Wish wish;
    wish.scenario = Scenario::surge;
    wish.duration = 2s;
    wish.speed = 20;
    return *make_setup(wish);
}

/// The simulator on a thread of its own, as another process would be.
struct Asterisk {
    std::atomic<bool> stop{false};
    std::promise<std::uint16_t> listening;
    std::promise<Result<Truth>> ended;
    std::thread thread;

    explicit Asterisk(Micros linger) {
        AmiOptions options;
        options.manager.port = 0;
        options.manager.secret = "right";
        options.wait = true;
        options.linger = linger;
        options.on_listening = [this](std::uint16_t port) { listening.set_value(port); };
        thread = std::thread{[this, options] {
            ended.set_value(act_as_asterisk(short_surge(), options, [this] { return stop.load(); })
            );
        }};
    }
    ~Asterisk() {
        stop = true;
        thread.join();
    }
};

/// Our own connector at that port until `done`, at most `limit`.
void connect(
    std::uint16_t port, const char* secret, test::KeepingSink& sink, std::chrono::seconds limit
) {
    boost::asio::io_context loop{1};
    io::ami::ClientOptions options;
    options.name = "acd-1";
    options.host = "127.0.0.1";
    options.port = port;
    options.username = "surged";
    options.secret = secret;
    io::ami::Client client{loop.get_executor(), options, sink, nullptr};
    boost::asio::co_spawn(loop, client.run(), boost::asio::detached);
    const auto until = std::chrono::steady_clock::now() + limit;
    while (std::chrono::steady_clock::now() < until) {
        loop.run_for(std::chrono::milliseconds{20});
        if (!sink.states.empty() && !sink.states.back().up) break;
    }
    client.stop();
    loop.run_for(std::chrono::milliseconds{50});
}

}  // namespace

TEST_CASE("simulate: our connector logs in and sees the whole run over a socket") {
    Asterisk asterisk{0s};
    test::KeepingSink sink;
    connect(asterisk.listening.get_future().get(), "right", sink, 30s);
    const auto truth = asterisk.ended.get_future().get();
    REQUIRE(truth.has_value());
    std::uint64_t offered = 0, answered = 0;
    for (const auto& queue : truth->queues()) {
        offered += queue.offered;
        answered += queue.answered;
    }
    CHECK(offered > 30);
    CHECK(sink.count(acd::EventType::offered) == offered);
    CHECK(sink.count(acd::EventType::answered) == answered);
    CHECK(sink.count(acd::EventType::snapshot_end) >= 1);
    CHECK(sink.bad.empty());
    REQUIRE(sink.states.size() >= 2);
    CHECK(sink.states.front().up);
    CHECK(sink.count(acd::EventType::stopping) == 1);
}

TEST_CASE("simulate: a wrong password is refused and starts nothing") {
    Asterisk asterisk{0s};
    test::KeepingSink sink;
    connect(asterisk.listening.get_future().get(), "wrong", sink, 1s);
    asterisk.stop = true;
    const auto truth = asterisk.ended.get_future().get();
    REQUIRE(truth.has_value());
    CHECK(sink.count(acd::EventType::snapshot_end) == 0);
    for (const auto& state : sink.states) CHECK_FALSE(state.up);
}

TEST_CASE("simulate: an address in use is said in words") {
    Asterisk first{0s};
    AmiOptions options;
    options.manager.port = first.listening.get_future().get();
    const auto second = act_as_asterisk(short_surge(), options, [] { return true; });
    REQUIRE_FALSE(second.has_value());
    CHECK(second.error().what.find("cannot listen") != std::string::npos);
}
