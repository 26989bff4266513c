// The HTTP/1.1 server: connections in, Requests to one handler, Responses out.
//
// One loop thread. Everything a peer can do to us is bounded: size of header and body, time for
// each, time between requests, number of connections.
#pragma once

#include "base/error.hpp"
#include "base/time.hpp"
#include "io/http/message.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace surged::io::http {

struct ServerOptions {
    std::string address{"127.0.0.1"};
    std::uint16_t port{0};  // 0: any free one
    std::uint32_t header_bytes_max{16 * 1024};
    std::uint64_t body_bytes_max{8 * 1024 * 1024};
    /// Of a request whose header is read; none: body_bytes_max for all.
    std::function<std::uint64_t(const Request&)> body_bytes_of;
    std::size_t connections_max{1024};
    Micros idle_max{60s};    // between requests on one connection
    Micros header_max{10s};  // from a request's first byte to the end of its header
    Micros body_max{60s};
    Micros write_max{30s};
    Micros grace{3s};  // for requests under way when the server stops
};

struct ServerStats {
    std::size_t connections{0};                 // open now
    std::uint64_t refused{0};                   // over connections_max
    std::map<unsigned, std::uint64_t> answers;  // by status
};

class Server {
public:
    Server(boost::asio::any_io_executor executor, ServerOptions options, Handler handler);
    ~Server();  // closes everything at once; stop() is the gentle way
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Binds, listens and accepts from now on. Returns the port.
    [[nodiscard]] Result<std::uint16_t> start();
    [[nodiscard]] std::uint16_t port() const;
    /// No new connection; idle ones close now, the others after their answer, all after `grace`.
    [[nodiscard]] boost::asio::awaitable<void> stop();
    [[nodiscard]] const ServerStats& stats() const;

private:
    struct Shared;
    std::shared_ptr<Shared> shared_;
};

}  // namespace surged::io::http
