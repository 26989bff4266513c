// What a webhook carries: Alertmanager's version-4 body, signed as Standard Webhooks 1.0. Pure.
#pragma once

#include "core/delivery/page.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace surged::io::webhook {

using Labels = std::map<std::string, std::string>;

/// Sixteen hex digits that name a set of labels, as Prometheus computes them.
/// @source prometheus/common model/signature.go: FNV-1a over `name 0xFF value 0xFF`, by name
[[nodiscard]] std::string fingerprint(const Labels& labels);

/// The JSON body for one page, UTF-8 as it is, without escapes for Chinese. The same page gives
/// the same bytes, whatever the attempt.
/// @param receiver  the channel's name
/// @param public_url  where people reach this daemon, for externalURL; may be empty
/// @param ack_url  the page's signed link; empty: it has none
[[nodiscard]] std::string encode_body(
    const delivery::Page& page,
    std::string_view receiver,
    std::string_view public_url,
    std::string_view ack_url = {}
);

/// `whsec_` + base64 gives the key's bytes; any other text is the key itself.
[[nodiscard]] std::string signing_key(std::string_view secret);

/// The value of webhook-signature: `v1,` + base64(HMAC-SHA256(key, id.timestamp.body)).
/// @source https://www.standardwebhooks.com, version 1.0
[[nodiscard]] std::string signature(
    std::string_view key, std::string_view id, std::string_view timestamp, std::string_view body
);

/// The value of X-Hub-Signature-256 for receivers that know only that.
[[nodiscard]] std::string hub_signature(std::string_view key, std::string_view body);

/// All headers of one attempt at `now`; signed if `secret` is not empty.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> encode_headers(
    const delivery::Page& page,
    std::string_view secret,
    bool with_hub_signature,
    Wall now,
    std::string_view body
);

}  // namespace surged::io::webhook
