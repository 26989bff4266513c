// One connection of the server: reading a request, writing an answer, closing politely.
// Internal to the server: this header knows Beast, and session.cpp is the only place that
// instantiates its operations.
#pragma once

#include "io/http/message.hpp"
#include "io/http/server.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <memory>
#include <string>
#include <utility>

namespace surged::io::http {

/// Owned by its coroutine; registered with the server while it lives.
struct Session {
    Session(boost::asio::ip::tcp::socket socket, std::string remote_, bool loopback_)
        : stream{std::move(socket)}, remote{std::move(remote_)}, is_loopback{loopback_} {}
    boost::beast::tcp_stream stream;
    boost::beast::flat_buffer buffer;
    std::string remote;
    bool is_loopback;
    bool idle{true};  // between requests
};

/// What reading one request came to.
struct Incoming {
    Incoming() = default;
    bool gone{false};     // nothing to answer: closed, idle for too long, or too slow
    unsigned refused{0};  // answer with this status and close
    std::string why;
    bool keep_alive{false};
    bool head{false};
    unsigned version{11};
    Request request;
};

struct Outgoing {
    Outgoing() = default;
    Response response;
    unsigned version{11};
    bool head{false};  // no body, whatever the response holds
    bool keep_alive{false};
};

[[nodiscard]] boost::asio::awaitable<Incoming> read_request(
    std::shared_ptr<Session> session, ServerOptions limits
);
/// False if the peer is gone.
[[nodiscard]] boost::asio::awaitable<bool> write_response(
    std::shared_ptr<Session> session, Outgoing out, Micros limit
);
/// Ends our side and reads what still comes, for a moment.
[[nodiscard]] boost::asio::awaitable<void> linger(std::shared_ptr<Session> session);

}  // namespace surged::io::http
