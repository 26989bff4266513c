// What came of one attempt, told from the answer or from the lack of one. Pure.
#pragma once

#include "core/engine/input.hpp"
#include "io/http/client.hpp"

#include <optional>
#include <string_view>

namespace surged::io::webhook {

/// The preferred form of RFC 9110 §5.6.7 only: Sun, 06 Nov 1994 08:49:37 GMT.
[[nodiscard]] std::optional<Wall> parse_http_date(std::string_view text);

/// Seconds or an HTTP date (RFC 9110 §10.2.3); nullopt if neither, never negative, a day at most.
[[nodiscard]] std::optional<Micros> parse_retry_after(std::string_view value, Wall now);

/// 2xx accepted; 429 rate limited; 408, 425, 5xx and a request that was not handed over: again;
/// handed over without an answer: unknown; 401, 403, 410 and redirects: the channel is wrong; any
/// other answer: the message is. Page and attempt are left to the caller.
[[nodiscard]] engine::Receipt classify(const http::ClientResult& result, Wall now);

}  // namespace surged::io::webhook
