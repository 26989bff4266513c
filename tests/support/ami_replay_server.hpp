// An Asterisk manager that says again, over a real socket, what a real one once said.
//
// What the recorded server sent unasked goes out with its true timing and in its true pieces; what
// it answered goes out when our own client asks, under our client's ActionIDs.
#pragma once

#include "support/ami_recording.hpp"

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <memory>

namespace surged::test {

struct ReplayOptions {
    double speed{1.0};  // 2: twice as fast as it was
    bool operator==(const ReplayOptions&) const = default;
};

/// Runs on the test's io_context and serves one client, once. The recording's clock starts with the
/// login, as if the client had logged in when the recorded one did.
class ReplayServer {
public:
    ReplayServer(boost::asio::io_context& context, Recording recording, ReplayOptions options);
    ~ReplayServer();
    ReplayServer(const ReplayServer&) = delete;
    ReplayServer& operator=(const ReplayServer&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    /// The recording's time now; its beginning before the login.
    [[nodiscard]] Wall recorded_now() const;
    /// Everything has been sent.
    [[nodiscard]] bool finished() const;
    /// The login was answered with the recorded "accepted": the key or secret was the recorded one.
    [[nodiscard]] bool logged_in() const;
    /// Actions that the recording has no answer to.
    [[nodiscard]] std::size_t unanswered() const;
    /// Pieces sent unasked so far.
    [[nodiscard]] std::size_t pieces() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace surged::test
