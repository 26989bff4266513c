#include "io/channel/smtp/wire.hpp"

#include "io/runtime/tls.hpp"
#include "io/runtime/within.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <optional>

namespace surged::io::smtp {
namespace {

namespace beast = boost::beast;
using net::ip::tcp;
using Deadline = std::chrono::steady_clock::time_point;

std::string reason(const error_code& ec) {
    if (!ec) return {};
    if (ec == beast::error::timeout || ec == net::error::timed_out) return "timed out";
    if (ec == net::error::operation_aborted) return "cancelled";
    if (ec == net::error::eof || ec == net::ssl::error::stream_truncated)
        return "the server closed the connection";
    return ec.message();
}

}  // namespace

struct Wire::Impl {
    explicit Impl(net::any_io_executor executor) : tcp{std::move(executor)} {}
    beast::tcp_stream tcp;
    std::optional<net::ssl::stream<beast::tcp_stream&>> tls;
    Deadline deadline;
    std::array<char, 4096> chunk{};
};

Wire::Wire(net::any_io_executor executor, Micros timeout)
    : impl_{std::make_unique<Impl>(std::move(executor))} {
    impl_->deadline = std::chrono::steady_clock::now() + timeout;
    impl_->tcp.expires_at(impl_->deadline);
}

Wire::~Wire() = default;

void Wire::hurry(Micros limit) {
    const Deadline soon = std::chrono::steady_clock::now() + limit;
    impl_->deadline = std::min(impl_->deadline, soon);
    impl_->tcp.expires_at(impl_->deadline);
}

net::awaitable<std::string> Wire::open(std::string host, std::uint16_t port) {
    const auto executor = co_await net::this_coro::executor;
    tcp::resolver resolver{executor};
    const auto left = impl_->deadline - std::chrono::steady_clock::now();
    const auto limit = std::chrono::duration_cast<std::chrono::microseconds>(left);
    const std::string service = std::to_string(port);
    auto [lookup, endpoints] =
        co_await within(limit, resolver.async_resolve(host, service, as_result));
    if (lookup) co_return "name lookup: " + reason(lookup);
    auto [ec, connected] = co_await impl_->tcp.async_connect(endpoints, as_result);
    if (ec) co_return reason(ec);
    error_code ignored;
    impl_->tcp.socket().set_option(tcp::no_delay{true}, ignored);
    co_return std::string{};
}

net::awaitable<std::string> Wire::secure(net::ssl::context* trust, std::string host) {
    impl_->tls.emplace(impl_->tcp, *trust);
    expect_server(impl_->tls->native_handle(), host);
    auto [ec] = co_await impl_->tls->async_handshake(net::ssl::stream_base::client, as_result);
    if (!ec) co_return std::string{};
    const bool theirs = ec.category() == net::error::get_ssl_category();
    if (!theirs) co_return reason(ec);
    co_return handshake_words(impl_->tls->native_handle(), ec);
}

net::awaitable<std::string> Wire::write(std::string bytes) {
    error_code ec;
    std::size_t size = 0;
    if (impl_->tls)
        std::tie(ec, size) = co_await net::async_write(*impl_->tls, net::buffer(bytes), as_result);
    else
        std::tie(ec, size) = co_await net::async_write(impl_->tcp, net::buffer(bytes), as_result);
    co_return reason(ec);
}

net::awaitable<std::string> Wire::read(std::string* into) {
    error_code ec;
    std::size_t size = 0;
    const auto chunk = net::buffer(impl_->chunk);
    if (impl_->tls)
        std::tie(ec, size) = co_await impl_->tls->async_read_some(chunk, as_result);
    else
        std::tie(ec, size) = co_await impl_->tcp.async_read_some(chunk, as_result);
    into->append(impl_->chunk.data(), size);
    co_return reason(ec);
}

}  // namespace surged::io::smtp
