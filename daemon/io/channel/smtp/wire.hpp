// The socket under a session: plain first, TLS from some point on, one deadline for all of it.
#pragma once

#include "base/time.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/context.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <tuple>

namespace surged::io::smtp {

/// Each call gives "" or what went wrong, in words.
class Wire {
public:
    Wire(boost::asio::any_io_executor executor, Micros timeout);
    ~Wire();
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;

    [[nodiscard]] boost::asio::awaitable<std::string> open(std::string host, std::uint16_t port);
    /// `trust` must outlive the wire.
    [[nodiscard]] boost::asio::awaitable<std::string> secure(
        boost::asio::ssl::context* trust, std::string host
    );
    [[nodiscard]] boost::asio::awaitable<std::string> write(std::string bytes);
    /// Appends what has come to `into`.
    [[nodiscard]] boost::asio::awaitable<std::string> read(std::string* into);
    /// From here on at most so long.
    void hurry(Micros limit);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace surged::io::smtp
