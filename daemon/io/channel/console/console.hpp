// The console channel: one line a page on standard output, for a screen in the control room.
#pragma once

#include "io/ack/links.hpp"
#include "io/channel/channel.hpp"

#include <cstdio>
#include <string>
#include <utility>

namespace surged::io::console {

/// One line without its end, no control characters: they could forge or hide what a page says.
/// `link`: to acknowledge by; empty: none.
[[nodiscard]] std::string encode_line(const delivery::Page& page, const std::string& link = {});

class ConsoleChannel : public Channel {
public:
    explicit ConsoleChannel(std::FILE* out = stdout, ack::LinkOf link = {})
        : out_{out}, link_{std::move(link)} {}
    /// Accepted once the line is flushed; asked to retry if it cannot be written.
    [[nodiscard]] boost::asio::awaitable<engine::Receipt> deliver(delivery::Page page) override;

private:
    std::FILE* out_;
    ack::LinkOf link_;
};

}  // namespace surged::io::console
