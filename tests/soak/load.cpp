#include "soak/load.hpp"

#include "io/runtime/wall_clock.hpp"
#include "io/runtime/within.hpp"

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <fmt/format.h>
#include <iterator>
#include <string_view>
#include <utility>

namespace surged::soak {
namespace {

namespace net = boost::asio;
using tcp = net::ip::tcp;
using io::as_result;
using Clock = std::chrono::steady_clock;

std::string post_of(const LoadOptions& options, int which, std::uint64_t post) {
    std::string body;
    const double now = static_cast<double>(io::wall_now().us) / 1e6;
    for (std::size_t i = 0; i < options.calls_per_post; ++i) {
        const std::string call = fmt::format("{}-{}-{}", which, post, i);
        const std::size_t queue = (post + i) % options.queues;
        for (const char* type : {"offered", "answered", "completed"})
            fmt::format_to(
                std::back_inserter(body),
                R"({{"ts":{0:.6f},"id":"{1}{2}","type":"{1}","queue":"load-{3}","call":"{2}"}})"
                "\n",
                now,
                type,
                call,
                queue
            );
    }
    return fmt::format(
        "POST /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-ndjson\r\n"
        "Content-Length: {}\r\n\r\n{}",
        body.size(),
        body
    );
}

/// What was sent, answered; empty if the connection broke. Answers are small, in one piece.
net::awaitable<std::string> ask(tcp::socket* socket, const std::string* post) {
    auto [broken, size] = co_await net::async_write(*socket, net::buffer(*post), as_result);
    if (broken) co_return std::string{};
    std::array<char, 8192> buffer{};
    auto [ended, got] = co_await socket->async_read_some(net::buffer(buffer), as_result);
    if (ended) co_return std::string{};
    co_return std::string{buffer.data(), got};
}

}  // namespace

Load::Load(LoadOptions options) : options_{options} {
    for (int i = 0; i < options_.connections; ++i) net::co_spawn(loop_, client(i), net::detached);
    thread_ = std::thread{[this] { loop_.run(); }};
}

Load::~Load() { static_cast<void>(stop()); }

std::uint64_t Load::stop() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
    const std::lock_guard lock{mutex_};
    return calls_;
}

Seen Load::take() {
    const std::lock_guard lock{mutex_};
    return std::exchange(seen_, {});
}

void Load::taken(const std::string& answer, double seconds) {
    const std::lock_guard lock{mutex_};
    seen_.seconds.push_back(seconds);
    const bool durable = answer.starts_with("HTTP/1.1 200");
    if (durable || answer.starts_with("HTTP/1.1 202")) {
        if (answer.find(R"("rejected":[])") == std::string::npos) seen_.wrong = answer;
        calls_ += options_.calls_per_post;
        seen_.events += 3 * options_.calls_per_post;
        seen_.not_durable += durable ? 0 : 1;
    } else if (answer.starts_with("HTTP/1.1 429") || answer.starts_with("HTTP/1.1 503")) {
        ++seen_.refused;
    } else {
        seen_.wrong = answer.empty() ? "the connection broke" : answer;
    }
}

net::awaitable<void> Load::client(int which) {
    const auto executor = co_await net::this_coro::executor;
    const tcp::endpoint server{net::ip::address_v4::loopback(), options_.port};
    tcp::socket socket{executor};
    net::steady_timer pause{executor};
    const auto pace = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>{
        static_cast<double>(3 * options_.calls_per_post) * options_.connections /
        options_.events_per_s
    });
    auto due = Clock::now();
    std::string post;  // said again until it is taken
    for (std::uint64_t n = 0; !stop_ || !post.empty();) {
        if (!socket.is_open()) {
            auto [failed] = co_await socket.async_connect(server, as_result);
            if (failed) socket.close();
        }
        if (post.empty()) post = post_of(options_, which, n++);
        const auto begun = Clock::now();
        const std::string answer = co_await ask(&socket, &post);
        const std::chrono::duration<double> took = Clock::now() - begun;
        taken(answer, took.count());
        if (answer.empty()) {
            if (stop_) co_return;  // there is nobody to say it to any more
            socket.close();
        }
        const bool done = answer.starts_with("HTTP/1.1 20");
        if (done) post.clear();
        due =
            std::max(due + std::chrono::duration_cast<Clock::duration>(pace), Clock::now() - pace);
        pause.expires_at(done ? due : Clock::now() + std::chrono::milliseconds{100});
        co_await pause.async_wait(as_result);
    }
}

}  // namespace surged::soak
