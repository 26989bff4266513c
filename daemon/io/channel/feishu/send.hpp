// The Feishu bot as a channel: at most 100 messages a minute and 5 a second.
#pragma once

#include "io/channel/robot.hpp"

#include <memory>
#include <string>

namespace surged::io::feishu {

inline constexpr const char* vendor_url = "https://open.feishu.cn";

/// @param secret  empty: the bot is not locked by a signature
/// @param keyword  empty: the bot asks for none
[[nodiscard]] std::shared_ptr<Channel> make_channel(
    RobotOptions options, std::string secret, std::string keyword
);

}  // namespace surged::io::feishu
