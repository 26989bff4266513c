// Keeps a connection to a server for as long as the daemon lives: the socket, the deadlines and the
// coming back of a Conversation.
#pragma once

#include "io/source/conversation.hpp"
#include "io/source/source.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace surged::io {

struct TcpClientOptions {
    std::string name, type;  // of the source
    std::string host;
    std::uint16_t port{0};
    Micros backoff_min{500ms};
    Micros backoff_max{30s};      // also between attempts after a wrong password
    Micros connect_timeout{10s};  // for the name, for the connection, and for a write
};

/// Begins to speak on a connection made at `now`.
using Begin = std::function<std::unique_ptr<Conversation>(Steady now)>;

/// Connects, leads a conversation, comes back with backoff when it is over. What is wrong is told
/// once for as long as it stays the same. All on the executor's one thread.
class TcpClient : public Source {
public:
    TcpClient(
        boost::asio::any_io_executor executor, TcpClientOptions options, Sink& sink, Begin begin
    );
    ~TcpClient() override;
    TcpClient(const TcpClient&) = delete;
    TcpClient& operator=(const TcpClient&) = delete;

    [[nodiscard]] boost::asio::awaitable<void> run() override;
    void stop() override;
    [[nodiscard]] SourceStatus status() const override;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace surged::io
