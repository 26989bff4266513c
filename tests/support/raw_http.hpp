// The other end of an HTTP server, byte by byte: what a well-behaved client library would hide.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <thread>

namespace surged::test {

/// An io_context on its own thread, for code under test that lives on a loop.
class LoopThread {
public:
    LoopThread();
    ~LoopThread();  // stops the loop
    LoopThread(const LoopThread&) = delete;
    LoopThread& operator=(const LoopThread&) = delete;
    [[nodiscard]] boost::asio::io_context& loop() { return loop_; }
    /// Runs `work` on the loop and waits for it.
    void run(const std::function<void()>& work);

private:
    boost::asio::io_context loop_{1};
    std::thread thread_;
};

struct RawAnswer {
    int status{0};  // 0: the peer closed without an answer
    std::string header;
    std::map<std::string, std::string> fields;  // names in lower case
    std::string body;
};

/// A blocking connection to 127.0.0.1. Every wait ends after ten seconds at most.
class RawHttp {
public:
    explicit RawHttp(std::uint16_t port);
    ~RawHttp();
    RawHttp(const RawHttp&) = delete;
    RawHttp& operator=(const RawHttp&) = delete;
    void send(std::string_view bytes);
    /// Reads one answer; `head`: it has no body whatever its length says.
    [[nodiscard]] RawAnswer answer(bool head = false);
    /// True once the peer has closed: waits for it.
    [[nodiscard]] bool closed();

private:
    bool fill();
    int fd_{-1};
    std::string buffer_;
};

/// One request on a connection of its own. `extra`: further header lines, each with its \r\n.
[[nodiscard]] RawAnswer http_request(
    std::uint16_t port,
    std::string_view method,
    std::string_view target,
    std::string_view body = {},
    std::string_view extra = {}
);

}  // namespace surged::test
