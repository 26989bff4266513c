// The DingTalk robot as a channel: at most 20 messages a minute; one too many, and it is silent for
// ten minutes.
#pragma once

#include "io/channel/robot.hpp"

#include <memory>
#include <string>

namespace surged::io::dingtalk {

inline constexpr const char* vendor_url = "https://oapi.dingtalk.com";

/// @param secret  SEC…; empty: the robot is not locked by a signature
/// @param keyword  empty: the robot asks for none
[[nodiscard]] std::shared_ptr<Channel> make_channel(
    RobotOptions options, std::string secret, std::string keyword
);

}  // namespace surged::io::dingtalk
