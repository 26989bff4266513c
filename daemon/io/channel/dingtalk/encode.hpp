// DingTalk custom robot (钉钉自定义机器人): what goes out, signed, and what an answer means. Pure.
#pragma once

#include "core/delivery/page.hpp"
#include "io/channel/robot.hpp"

#include <string>
#include <string_view>

namespace surged::io::dingtalk {

inline constexpr std::size_t body_bytes_max = 20'000;
/// After "too fast" the robot is blocked for about this long.
inline constexpr Micros penalty = std::chrono::minutes{10};

struct Credential {
    std::string token;    // access_token
    std::string secret;   // SEC…; empty: not signed
    std::string keyword;  // one that the robot asks for in every message; empty: none
};

/// The JSON body. Rich is an action card with the link as its button, or markdown without a link.
/// What `page.to` names (userids, telephone numbers, @all) is mentioned.
[[nodiscard]] std::string encode_body(
    const delivery::Page& page, const std::string& link, const std::string& keyword, Form form
);
/// base64(HMAC-SHA-256(key secret, message "MS\nsecret")), percent-encoded.
/// @source open.dingtalk.com/document/robots/customize-robot-security-settings
[[nodiscard]] std::string signature(std::string_view secret, std::int64_t timestamp_ms);
[[nodiscard]] std::string encode_url(
    std::string_view base_url, const Credential& credential, Wall now
);
[[nodiscard]] engine::Receipt judge(
    const http::ClientResult& result, Wall now, const Credential& credential
);

}  // namespace surged::io::dingtalk
