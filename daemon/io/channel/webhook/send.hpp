// The webhook channel: one POST per attempt.
#pragma once

#include "io/ack/links.hpp"
#include "io/channel/channel.hpp"
#include "io/http/client.hpp"

#include <functional>
#include <string>

namespace surged::io::webhook {

struct WebhookOptions {
    std::string name;        // the channel's, told as `receiver`
    std::string base_url;    // posted to as it stands; may hold a secret: never logged
    std::string secret;      // whsec_…; empty: unsigned
    std::string public_url;  // of this daemon, told as externalURL
    ack::LinkOf link;        // told as ack_url; none: no link
    std::string ca_file;     // further certificates to trust; empty: the system's only
    Micros timeout{15s};
    bool hub_signature{false};
    bool allow_private{true};
};

class WebhookChannel : public Channel {
public:
    explicit WebhookChannel(WebhookOptions options, std::function<Wall()> clock);
    explicit WebhookChannel(WebhookOptions options);  // the machine's own clock
    /// The channel must outlive the coroutine.
    [[nodiscard]] boost::asio::awaitable<engine::Receipt> deliver(delivery::Page page) override;

private:
    [[nodiscard]] http::ClientRequest request_for(const delivery::Page& page) const;
    WebhookOptions options_;
    std::function<Wall()> clock_;
    http::Client client_;
};

}  // namespace surged::io::webhook
