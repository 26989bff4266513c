// Short messages by Aliyun: one signed call an attempt, and one more in plainer words where the
// vendor refuses what the message says.
#pragma once

#include "io/channel/aliyun_sms/encode.hpp"
#include "io/channel/channel.hpp"

#include <functional>
#include <memory>
#include <string>

namespace surged::io::aliyun_sms {

inline constexpr const char* vendor_url = "https://dysmsapi.aliyuncs.com";

/// @param options  `key` is the AccessKey secret; a short message carries no link
/// @param nonce  another text for each request; none: random
[[nodiscard]] std::shared_ptr<Channel> make_channel(
    RobotOptions options, std::string key_id, Template by, std::function<std::string()> nonce = {}
);

}  // namespace surged::io::aliyun_sms
