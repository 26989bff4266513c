// The SMTP channel: one connection per attempt.
#pragma once

#include "io/channel/channel.hpp"
#include "io/channel/smtp/dialogue.hpp"
#include "io/channel/smtp/encode.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace surged::io::smtp {

struct SmtpOptions {
    std::string host;
    std::uint16_t port{587};
    Account account;
    Address from;
    std::string ca_file;  // further certificates to trust; empty: the system's only
    Micros timeout{45s};  // for the whole attempt
    std::function<std::string(const delivery::Page&)> link;  // to acknowledge by; none: no link
    /// Id of the page that was the first mail of this page's incident; none, or "": the page's own.
    std::function<std::string(const delivery::Page&)> root;
};

class SmtpChannel : public Channel {
public:
    explicit SmtpChannel(SmtpOptions options);
    ~SmtpChannel() override;
    /// The channel must outlive the coroutine.
    [[nodiscard]] boost::asio::awaitable<engine::Receipt> deliver(delivery::Page page) override;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace surged::io::smtp
