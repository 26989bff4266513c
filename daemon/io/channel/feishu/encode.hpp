// Feishu custom bot (飞书自定义机器人): what goes out, signed in its body, and what an answer
// means. Pure.
#pragma once

#include "core/delivery/page.hpp"
#include "io/channel/robot.hpp"

#include <string>
#include <string_view>

namespace surged::io::feishu {

inline constexpr std::size_t body_bytes_max = 20 * 1024;

struct Credential {
    std::string token;    // what follows /hook/
    std::string secret;   // empty: not signed
    std::string keyword;  // one that the bot asks for in every message; empty: none
};

/// base64(HMAC-SHA-256(key "S\nsecret", message "")): the joined text is the key.
/// @source open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
[[nodiscard]] std::string signature(std::string_view secret, std::int64_t timestamp_s);

/// The JSON body. Rich is a card whose header has the level's colour and whose button is the link.
/// What `page.to` names (open_ids, user_ids, @all) is mentioned.
[[nodiscard]] std::string encode_body(
    const delivery::Page& page,
    const std::string& link,
    const Credential& credential,
    Wall now,
    Form form
);
[[nodiscard]] std::string encode_url(std::string_view base_url, std::string_view token);
[[nodiscard]] engine::Receipt judge(
    const http::ClientResult& result, Wall now, const Credential& credential
);

}  // namespace surged::io::feishu
