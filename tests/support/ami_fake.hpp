// An Asterisk manager made by hand: logs a client in as the real one does, and can be told to fail
// in every way a test needs.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace surged::test {

struct FakeAsteriskOptions {
    FakeAsteriskOptions() = default;
    std::string banner{"Asterisk Call Manager/11.0.0\r\n"};
    std::string username{"surged"}, secret{"s3cret"};
    bool takes_challenge{true};  // false: "Invalid/unknown command"
    bool booted{true};           // FullyBooted right after the login
    bool answers_queue_status{true};
    bool answers_ping{true};
    /// Frames of the QueueStatus list; the ActionID and the blank line are put after each.
    std::vector<std::string> snapshot;
};

/// One action as it came: its headers.
using ReceivedAction = std::map<std::string, std::string>;

/// Runs on the test's own io_context; one connection at a time (a newer one replaces the older).
class FakeAsterisk {
public:
    FakeAsterisk(boost::asio::io_context& context, FakeAsteriskOptions options);
    ~FakeAsterisk();
    FakeAsterisk(const FakeAsterisk&) = delete;
    FakeAsterisk& operator=(const FakeAsterisk&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] FakeAsteriskOptions& options();
    /// Sends these bytes to the client that is connected.
    void send(std::string bytes);
    /// Reads nothing and says nothing any more, but keeps the connection: a half-open one.
    void freeze();
    /// Closes the connection; the next one is accepted.
    void drop();
    [[nodiscard]] const std::vector<ReceivedAction>& actions() const;
    [[nodiscard]] std::size_t count(std::string_view action) const;
    [[nodiscard]] std::size_t connections() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

/// Runs the context until `done` or the limit; true if done.
bool run_until(
    boost::asio::io_context& context,
    std::chrono::milliseconds limit,
    const std::function<bool()>& done
);

/// `lines` with CR LF after each and a blank line: one frame.
[[nodiscard]] std::string ami_frame(const std::vector<std::string>& lines);

}  // namespace surged::test
