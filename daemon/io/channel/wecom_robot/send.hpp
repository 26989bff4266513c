// The WeCom robot as a channel: at most 20 messages a minute.
#pragma once

#include "io/channel/robot.hpp"

#include <memory>

namespace surged::io::wecom_robot {

inline constexpr const char* vendor_url = "https://qyapi.weixin.qq.com";

[[nodiscard]] std::shared_ptr<Channel> make_channel(RobotOptions options);

}  // namespace surged::io::wecom_robot
