#include "io/channel/command/send.hpp"

#include "io/channel/command/encode.hpp"
#include "io/runtime/within.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>
#include <utility>

namespace surged::io::command {
namespace {

using Socket = net::local::stream_protocol::socket;

constexpr std::size_t answer_max = 64 * 1024;  // 8 KiB of output, each byte escaped at the worst

struct Heard {
    Heard() = default;  // not an aggregate: it comes out of a coroutine (g++ 12)
    std::string said, lost;
};

std::string reason(const error_code& ec) {
    return ec == net::error::timed_out ? "timed out" : ec.message();
}

/// Sends the page and reads to the end. What cannot be written has not been read in full, and the
/// helper runs nothing then. By pointer: the caller's own, and it awaits the end.
net::awaitable<std::tuple<error_code>> exchange(Socket* socket, std::string page, Heard* heard) {
    auto [failed, sent] = co_await net::async_write(*socket, net::buffer(page), as_result);
    if (failed) {
        heard->lost = "sending: " + reason(failed);
        co_return std::tuple{error_code{}};
    }
    error_code ignored;
    socket->shutdown(Socket::shutdown_send, ignored);
    std::array<char, 4096> chunk;
    while (heard->said.size() < answer_max) {
        auto [ec, size] = co_await socket->async_read_some(net::buffer(chunk), as_result);
        heard->said.append(chunk.data(), size);
        if (ec == net::error::eof) break;
        if (!ec) continue;
        heard->lost = reason(ec);
        break;
    }
    co_return std::tuple{error_code{}};
}

}  // namespace

net::awaitable<engine::Receipt> CommandChannel::deliver(delivery::Page page) {
    const std::string link = options_.link ? options_.link(page) : std::string{};
    const auto executor = co_await net::this_coro::executor;
    Socket socket{executor};
    Heard heard;
    const net::local::stream_protocol::endpoint helper{options_.socket};
    auto [failed] = co_await within(options_.timeout, socket.async_connect(helper, as_result));
    if (failed) {
        heard.lost = fmt::format("connecting to {}: {}", options_.socket, reason(failed));
    } else {
        std::string bytes = encode_page(page, link);
        auto [late] =
            co_await within(options_.timeout, exchange(&socket, std::move(bytes), &heard));
        if (late) heard.lost = reason(late);
    }
    engine::Receipt receipt = judge(heard.said, heard.lost);
    receipt.page = page.id;
    receipt.attempt = page.attempts;
    co_return receipt;
}

}  // namespace surged::io::command
