// One event a request on 64 connections, each answered after its commit; beside the same requests
// to a bare server of the same kind that keeps nothing.
#include "app/daemon.hpp"
#include "bench/bench.hpp"
#include "io/http/server.hpp"
#include "io/runtime/wall_clock.hpp"
#include "io/runtime/within.hpp"
#include "support/page_sink.hpp"
#include "support/site.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <fmt/format.h>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace surged::bench {
namespace {

namespace net = boost::asio;
using tcp = net::ip::tcp;
using io::as_result;
using Clock = std::chrono::steady_clock;

constexpr int connections = 64;

struct Load {
    std::uint16_t port{0};
    Clock::time_point until;
    std::uint64_t answered{0}, wrong{0}, sent{0};
};

std::string request_of(std::uint64_t n) {
    const std::string body = fmt::format(
        R"({{"ts":{:.6f},"type":"offered","queue":"sales-{}","call":"c{}"}})"
        "\n",
        static_cast<double>(io::wall_now().us) / 1e6,
        n % 40,
        n
    );
    return fmt::format(
        "POST /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-ndjson\r\n"
        "Content-Length: {}\r\n\r\n{}",
        body.size(),
        body
    );
}

/// One connection: a request, its answer, the next one. Answers are small and come in one piece.
net::awaitable<void> client(Load* load) {
    const auto executor = co_await net::this_coro::executor;
    tcp::socket socket{executor};
    auto [failed] = co_await socket.async_connect(
        tcp::endpoint{net::ip::address_v4::loopback(), load->port}, as_result
    );
    if (failed) co_return;
    std::array<char, 4096> buffer{};
    while (Clock::now() < load->until) {
        const std::string request = request_of(load->sent++);
        auto [broken, size] = co_await net::async_write(socket, net::buffer(request), as_result);
        if (broken) co_return;
        auto [ended, got] = co_await socket.async_read_some(net::buffer(buffer), as_result);
        if (ended) co_return;
        const std::string_view answer{buffer.data(), got};
        const bool taken = answer.starts_with("HTTP/1.1 200");
        if (!taken && load->wrong == 0) fmt::print("refused: {}\n", answer);
        ++(taken ? load->answered : load->wrong);
    }
}

/// `first`: of the numbers of the calls, new ones each time.
double per_second(std::uint16_t port, std::chrono::milliseconds span, std::uint64_t first) {
    net::io_context loop{1};
    Load load;
    load.port = port;
    load.sent = first;
    const auto begun = Clock::now();
    load.until = begun + span;
    for (int i = 0; i < connections; ++i) net::co_spawn(loop, client(&load), net::detached);
    loop.run();
    if (load.wrong > 0) fmt::print("{} requests were refused\n", load.wrong);
    return static_cast<double>(load.answered) /
           std::chrono::duration<double>(Clock::now() - begun).count();
}

net::awaitable<io::http::Response> nothing_kept(io::http::Request) {
    io::http::Response response;
    response.status = 200;
    response.body = R"({"accepted":1,"duplicates":0,"rejected":[]})";
    co_return response;
}

class BareServer {
public:
    BareServer() {
        const auto port = server_->start();
        if (!port) throw std::runtime_error{port.error().what};
        port_ = *port;
        runs_ = std::thread{[this] { loop_.run(); }};
    }
    ~BareServer() {
        loop_.stop();
        runs_.join();
    }
    BareServer(const BareServer&) = delete;
    BareServer& operator=(const BareServer&) = delete;
    [[nodiscard]] std::uint16_t port() const { return port_; }

private:
    net::io_context loop_{1};
    std::unique_ptr<io::http::Server> server_{std::make_unique<io::http::Server>(
        loop_.get_executor(), io::http::ServerOptions{}, nothing_kept
    )};
    std::uint16_t port_{0};
    std::thread runs_;
};

struct Round {
    double ours{0}, bare{0};
    [[nodiscard]] double ratio() const { return ours / bare; }
};

/// By turns, and the round in the middle: a busy machine is in both.
Round middle_of(std::uint16_t ours, std::uint16_t bare, std::chrono::milliseconds span) {
    constexpr std::size_t count = 5;
    std::vector<Round> rounds;
    rounds.reserve(count);
    for (std::size_t i = 0; i < count; ++i)
        rounds.push_back({per_second(ours, span, i << 24), per_second(bare, span, i << 24)});
    std::sort(rounds.begin(), rounds.end(), [](const Round& a, const Round& b) {
        return a.ratio() < b.ratio();
    });
    return rounds[count / 2];
}

}  // namespace

void post(bool quick) {
    const std::chrono::milliseconds span{quick ? 100 : 800};  // fewer calls than may be open
    test::PageSink sink;
    test::SiteOptions options;
    options.hook_url = sink.url();
    options.hook_secret = test::PageSink::default_secret();
    options.record_state_hash = false;
    test::Site site{options};
    auto made = app::Daemon::make({site.config_file(), {}, {}});
    if (!made) throw std::runtime_error{made.error().what};
    app::Daemon& daemon = **made;
    std::thread runs{[&] { daemon.run(); }};
    const BareServer bare;
    const Round round = middle_of(daemon.port(), bare.port(), span);
    daemon.stop();
    runs.join();
    row("one event a POST, 64 connections",
        round.ours,
        "per s",
        round.bare,
        "a bare server",
        {.times = 0.5});
}

}  // namespace surged::bench
