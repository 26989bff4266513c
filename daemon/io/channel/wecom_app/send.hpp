// A WeCom application as a channel: one access token for all, renewed before it expires and once
// when it is refused; at most 30 messages a minute to one member.
#pragma once

#include "io/channel/robot.hpp"
#include "io/channel/wecom_app/encode.hpp"

#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace surged::io::wecom_app {

inline constexpr const char* vendor_url = "https://qyapi.weixin.qq.com";

class WecomApp : public Channel {
public:
    /// `options.key` is the application's secret.
    WecomApp(RobotOptions options, std::string corp_id, std::int64_t agent_id);
    /// The channel must outlive the coroutine.
    [[nodiscard]] boost::asio::awaitable<engine::Receipt> deliver(delivery::Page page) override;

private:
    /// A token other than `refused` in secrets_, or why there is none. Whoever comes while it is
    /// being fetched shares what comes of it.
    [[nodiscard]] boost::asio::awaitable<std::optional<engine::Receipt>> ensure_token(
        std::string refused
    );
    [[nodiscard]] boost::asio::awaitable<engine::Receipt> send(delivery::Page page, Form form);
    [[nodiscard]] Micros steady() const;
    [[nodiscard]] Pace& pace_for(const std::string& member);

    RobotOptions options_;
    std::int64_t agent_id_;
    http::Client client_;
    Secrets secrets_;
    Micros renew_at_{Micros::min()};
    std::shared_ptr<boost::asio::steady_timer> fetching_;  // ends when the fetch does
    std::optional<engine::Receipt> last_fetch_;            // why the newest failed
    std::map<std::string, Pace> paces_;
};

}  // namespace surged::io::wecom_app
