// WeCom group robot (企业微信消息推送): what goes out, and what an answer means. Pure.
#pragma once

#include "core/delivery/page.hpp"
#include "io/channel/robot.hpp"

#include <string>
#include <string_view>

namespace surged::io::wecom_robot {

inline constexpr std::size_t markdown_bytes_max = 4096;
inline constexpr std::size_t text_bytes_max = 2048;

/// The JSON body, UTF-8 as it is: WeCom refuses \u escapes (40033). Rich is markdown, which can
/// mention userids; telephone numbers and @all in `page.to` can only be mentioned by text.
[[nodiscard]] std::string encode_body(
    const delivery::Page& page, const std::string& link, Form form
);
/// `key` in the query is the only secret.
[[nodiscard]] std::string encode_url(std::string_view base_url, std::string_view key);

/// @source developer.work.weixin.qq.com, document 91770 and the global error codes
[[nodiscard]] engine::Receipt judge(
    const http::ClientResult& result, Wall now, const std::string& key
);

}  // namespace surged::io::wecom_robot
