#include "io/source/tcp_client.hpp"

#include "base/hash.hpp"
#include "base/log.hpp"
#include "io/runtime/backoff.hpp"
#include "io/runtime/wall_clock.hpp"
#include "io/runtime/within.hpp"

#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>
#include <utility>

namespace surged::io {

using net::ip::tcp;

// Asterisk drops a reader that is slow for 100 ms (writetimeout), FreeSWITCH loses his events: a
// read takes all there is.
constexpr std::size_t read_bytes = 64 * 1024;

struct TcpClient::Impl {
    Impl(net::any_io_executor executor, TcpClientOptions o, Sink& s, Begin b);

    net::awaitable<void> run();
    net::awaitable<void> connect();
    net::awaitable<void> converse();
    net::awaitable<void> read_loop();
    net::awaitable<void> write_loop();
    void went_down();

    TcpClientOptions options;
    Sink& sink;
    Begin begin;
    tcp::resolver resolver;
    tcp::socket socket;
    net::steady_timer wake;   // the writer's: there is output, or a deadline has come
    net::steady_timer pause;  // between attempts
    Backoff backoff;
    std::unique_ptr<Conversation> session;
    std::array<char, read_bytes> buffer{};
    error_code lost;  // why the socket failed, if it did
    bool stopped{false};
    bool up{false};
    std::string detail{"not connected yet"};
    std::string said;  // the last reason for being down that was told
    Wall since;
};

TcpClient::Impl::Impl(net::any_io_executor executor, TcpClientOptions o, Sink& s, Begin b)
    : options{std::move(o)},
      sink{s},
      begin{std::move(b)},
      resolver{executor},
      socket{executor},
      wake{executor},
      pause{executor},
      backoff{
          options.backoff_min,
          options.backoff_max,
          fnv1a(options.name, static_cast<std::uint64_t>(wall_now().us))
      },
      since{wall_now()} {}

net::awaitable<void> TcpClient::Impl::run() {
    co_await net::this_coro::throw_if_cancelled(false);
    while (!stopped) {
        lost = {};
        session.reset();
        co_await connect();
        if (!lost) co_await converse();
        const auto cancellation = co_await net::this_coro::cancellation_state;
        if (cancellation.cancelled() != net::cancellation_type::none) stopped = true;
        if (stopped) break;
        const bool refused = session && session->ended() && session->ended()->refused;
        if (session && session->up()) backoff.reset();
        went_down();
        pause.expires_after(refused ? backoff.longest() : backoff.next());
        co_await pause.async_wait(as_result);
    }
    error_code ignored;
    socket.close(ignored);
}

// Sets `lost` if there is no connection.
net::awaitable<void> TcpClient::Impl::connect() {
    const std::string port = std::to_string(options.port);
    auto [failed, endpoints] = co_await within(
        options.connect_timeout, resolver.async_resolve(options.host, port, as_result)
    );
    if (failed) {
        lost = failed;
        co_return;
    }
    error_code ignored;
    socket.close(ignored);
    auto [ec, endpoint] =
        co_await within(options.connect_timeout, net::async_connect(socket, endpoints, as_result));
    lost = ec;
    if (ec) co_return;
    socket.set_option(tcp::no_delay{true}, ignored);
    socket.set_option(net::socket_base::keep_alive{true}, ignored);
}

net::awaitable<void> TcpClient::Impl::converse() {
    using namespace net::experimental::awaitable_operators;
    session = begin(steady_now());
    co_await (read_loop() || write_loop());
    error_code ignored;
    socket.shutdown(tcp::socket::shutdown_both, ignored);
    socket.close(ignored);
}

net::awaitable<void> TcpClient::Impl::read_loop() {
    while (!stopped && !session->ended()) {
        auto [ec, size] = co_await socket.async_read_some(net::buffer(buffer), as_result);
        if (stopped) break;
        if (ec) {
            if (!lost) lost = ec;
            break;
        }
        session->received(std::string_view{buffer.data(), size}, steady_now());
        if (session->up() != up) {
            up = session->up();
            since = wall_now();
        }
        detail = session->detail();
        // What came may be due sooner than what the other loop waits for.
        if (session->has_output() || session->ended() || session->deadline() < wake.expiry())
            wake.cancel();
    }
}

net::awaitable<void> TcpClient::Impl::write_loop() {
    while (!stopped && !session->ended()) {
        if (session->has_output()) {
            const std::string output = session->take_output();
            auto [ec, size] = co_await within(
                options.connect_timeout, net::async_write(socket, net::buffer(output), as_result)
            );
            if (ec) {
                lost = ec;
                break;
            }
            continue;
        }
        wake.expires_at(session->deadline());
        co_await wake.async_wait(as_result);
        const auto cancellation = co_await net::this_coro::cancellation_state;
        if (stopped || cancellation.cancelled() != net::cancellation_type::none) break;
        session->passed(steady_now());
    }
}

// Said once for as long as it stays the same: a wrong password is one line, not one a minute.
void TcpClient::Impl::went_down() {
    std::string why;
    if (!session) {
        why =
            fmt::format("cannot connect to {}:{}: {}", options.host, options.port, lost.message());
    } else if (session->ended()) {
        why = session->ended()->detail;
    } else {
        why = fmt::format(
            "{} ({})",
            lost == net::error::eof ? "the server closed the connection" : lost.message(),
            session->detail()
        );
    }
    const bool news = up || why != said;
    if (up) since = wall_now();
    up = false;
    detail = said = why;
    if (!news) return;
    log::line(
        log::Severity::warning,
        "source_down",
        {
            {"source", options.name},
            {"host",   options.host},
            {"port",   options.port},
            {"why",    why         }
    }
    );
    sink.state(false, false, std::move(why));
}

TcpClient::TcpClient(
    net::any_io_executor executor, TcpClientOptions options, Sink& sink, Begin begin
)
    : impl_{std::make_unique<Impl>(std::move(executor), std::move(options), sink, std::move(begin))
      } {}

TcpClient::~TcpClient() = default;

net::awaitable<void> TcpClient::run() { return impl_->run(); }

void TcpClient::stop() {
    impl_->stopped = true;
    impl_->resolver.cancel();
    impl_->wake.cancel();
    impl_->pause.cancel();
    error_code ignored;
    impl_->socket.close(ignored);
}

SourceStatus TcpClient::status() const {
    return SourceStatus{
        impl_->options.name,
        impl_->options.type,
        impl_->up,
        impl_->detail,
        format_rfc3339(impl_->since)
    };
}

}  // namespace surged::io
