// Messages of a WeCom application (企业微信应用消息): what goes out, and what an answer means.
// Pure.
#pragma once

#include "core/delivery/page.hpp"
#include "io/channel/robot.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace surged::io::wecom_app {

inline constexpr std::size_t text_bytes_max = 2048;
/// Within it, WeCom delivers the same JSON to the same people once.
inline constexpr Micros duplicate_interval = std::chrono::minutes{30};

/// The JSON body of message/send: text, which every client of WeCom shows (also within WeChat),
/// with the link as an anchor, and `incident#seq`, so that only a true repeat is the same text. A
/// repeat within `duplicate_interval` is not marked: the vendor drops it if the first arrived.
[[nodiscard]] std::string encode_body(
    const delivery::Page& page, const std::string& link, std::int64_t agent_id, Wall now, Form form
);
/// userid|userid: the contact's `to`, as message/send wants it.
[[nodiscard]] std::string touser(const delivery::Page& page);

struct Secrets {
    std::string corp_id, secret, token;  // what must not be in any words
};
[[nodiscard]] std::string token_url(std::string_view base_url, const Secrets& secrets);
[[nodiscard]] std::string send_url(std::string_view base_url, const Secrets& secrets);

struct Token {
    std::string value;
    Micros lasts{0};
};
/// The answer of gettoken.
[[nodiscard]] tl::expected<Token, engine::Receipt> judge_token(
    const http::ClientResult& result, Wall now, const Secrets& secrets
);
struct Judged {
    engine::Receipt receipt;
    bool token_refused{false};  // a new one may do
};
/// The answer of message/send to `page`. Accepted only if at least one of the people it is for was
/// reached; those who were not are named.
[[nodiscard]] Judged judge(
    const http::ClientResult& result, Wall now, const Secrets& secrets, const delivery::Page& page
);

}  // namespace surged::io::wecom_app
