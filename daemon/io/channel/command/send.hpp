// The command channel: one connection to the helper's socket an attempt.
#pragma once

#include "io/channel/channel.hpp"

#include <functional>
#include <string>

namespace surged::io::command {

struct CommandOptions {
    std::string socket;   // of surged-command.socket
    Micros timeout{15s};  // for the whole attempt; the helper gives the program 10 s and 2 more
    std::function<std::string(const delivery::Page&)> link;  // to acknowledge by; none: no link
};

class CommandChannel : public Channel {
public:
    explicit CommandChannel(CommandOptions options) : options_{std::move(options)} {}
    /// The channel must outlive the coroutine.
    [[nodiscard]] boost::asio::awaitable<engine::Receipt> deliver(delivery::Page page) override;

private:
    CommandOptions options_;
};

}  // namespace surged::io::command
