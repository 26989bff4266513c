// Keeps a connection to an Asterisk manager for as long as the daemon lives.
#pragma once

#include "io/source/ami/decode.hpp"
#include "io/source/source.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <string>

namespace surged::io::ami {

struct ClientOptions {
    std::string name;  // of the source
    std::string host;
    std::uint16_t port{5038};
    std::string username, secret;
    Micros stale_after{30s};  // a dead connection is noticed within this
    Micros backoff_min{500ms};
    Micros backoff_max{30s};      // also between attempts after a wrong password
    Micros connect_timeout{10s};  // for the name, for the connection, and for the login
};

/// Connects, logs in, asks for a snapshot, hands over events; comes back with backoff when the
/// connection is lost. All on the executor's one thread.
class Client : public io::Source {
public:
    Client(
        boost::asio::any_io_executor executor,
        ClientOptions options,
        Sink& sink,
        CallerHash caller_hash
    );
    ~Client() override;
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    [[nodiscard]] boost::asio::awaitable<void> run() override;
    void stop() override;
    [[nodiscard]] SourceStatus status() const override;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace surged::io::ami
