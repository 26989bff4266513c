// The console channel: one line a page on standard output, for a screen in the control room.
#pragma once

#include "io/channel/channel.hpp"

#include <cstdio>
#include <string>

namespace surged::io::console {

/// One line without its end, no control characters: they could forge or hide what a page says.
[[nodiscard]] std::string encode_line(const delivery::Page& page);

class ConsoleChannel : public Channel {
public:
    explicit ConsoleChannel(std::FILE* out = stdout) : out_{out} {}
    /// Accepted once the line is flushed; asked to retry if it cannot be written.
    [[nodiscard]] boost::asio::awaitable<engine::Receipt> deliver(delivery::Page page) override;

private:
    std::FILE* out_;
};

}  // namespace surged::io::console
