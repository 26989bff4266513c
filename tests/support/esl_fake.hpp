// A FreeSWITCH event socket made by hand: logs a client in as the real one does, answers what it is
// told to answer, and can be told to fail in every way a test needs.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace surged::test {

struct FakeFreeswitchOptions {
    FakeFreeswitchOptions() = default;
    std::string greeting{"Content-Type: auth/request\n\n"};
    std::string password{"s3cret"};
    /// What it answers to an `api` command: its body. Others: "-ERR … Command not found!".
    std::map<std::string, std::string> answers{
        {"status", "FreeSWITCH (Version 1.10.12-release  64bit) is ready\n"}
    };
    bool takes_events{true};
    bool answers_api{true};
    std::size_t piece{0};  // bytes sent at a time, each read on its own; 0: all at once
    /// Sent right after the answer to `event`.
    std::string after_events;
};

/// Runs on the test's own io_context; one connection at a time (a newer one replaces the older).
class FakeFreeswitch {
public:
    FakeFreeswitch(boost::asio::io_context& context, FakeFreeswitchOptions options);
    ~FakeFreeswitch();
    FakeFreeswitch(const FakeFreeswitch&) = delete;
    FakeFreeswitch& operator=(const FakeFreeswitch&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] FakeFreeswitchOptions& options();
    /// Sends these bytes to the client that is connected.
    void send(std::string_view bytes);
    /// All that was to be sent has been.
    [[nodiscard]] bool sent() const;
    /// Reads nothing and says nothing any more, but keeps the connection: a half-open one.
    void freeze();
    /// Closes the connection; the next one is accepted.
    void drop();
    /// Commands as they came, of all connections.
    [[nodiscard]] const std::vector<std::string>& commands() const;
    [[nodiscard]] std::size_t count(std::string_view command) const;
    [[nodiscard]] std::size_t connections() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace surged::test
