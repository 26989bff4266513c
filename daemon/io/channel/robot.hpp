// What the group robots share: one POST, judged by its body; once more as short plain text where
// the vendor refuses the message itself; never beyond its rate.
#pragma once

#include "io/channel/channel.hpp"
#include "io/channel/pace.hpp"
#include "io/http/client.hpp"

#include <functional>
#include <string>

namespace surged::io {

/// The best a message can look, or plain text that no vendor can refuse for its layout.
enum class Form : std::uint8_t { rich, plain };

class Robot : public Channel {
public:
    /// Both are called on the loop, and again for each attempt.
    struct Ways {
        std::function<http::ClientRequest(const delivery::Page&, Form)> request;
        std::function<engine::Receipt(const http::ClientResult&)> judge;
    };
    Robot(Ways ways, Pace pace, http::ClientOptions client);
    /// The channel must outlive the coroutine.
    [[nodiscard]] boost::asio::awaitable<engine::Receipt> deliver(delivery::Page page) override;

private:
    Ways ways_;
    Pace pace_;
    http::Client client_;
};

/// What every robot is told of itself.
struct RobotOptions {
    std::string base_url;  // where the vendor's API is, without the path
    std::string key;       // secret: it is the address
    std::string ca_file;   // further certificates to trust; empty: the system's only
    Micros timeout{15s};
    std::function<std::string(const delivery::Page&)> link;  // to acknowledge by; none: no link
    std::function<Wall()> clock;                             // none: the machine's own
    std::function<Micros()> steady;                          // none: the machine's own
};
[[nodiscard]] std::string link_of(const RobotOptions& options, const delivery::Page& page);
[[nodiscard]] Wall now_of(const RobotOptions& options);
[[nodiscard]] Pace pace_of(const RobotOptions& options, std::vector<Pace::Limit> limits);
/// A POST of JSON to `url`, under the options' deadline.
[[nodiscard]] http::ClientRequest json_post(
    const RobotOptions& options, std::string url, std::string body
);

}  // namespace surged::io
