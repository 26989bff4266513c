// Who sent this? The signature schemes of those who post to us, checked on the bytes as they came.
// Pure.
#pragma once

#include "base/error.hpp"
#include "base/time.hpp"
#include "io/http/message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace surged::io::hook {

enum class Scheme : std::uint8_t {
    standard_webhooks,  // webhook-id, webhook-timestamp, webhook-signature
    hub_sha256,         // X-Hub-Signature-256: sha256=<hex HMAC of the body>
    hub_sha1,           // X-Hub-Signature: sha1=… (Zammad)
    zendesk,            // X-Zendesk-Webhook-Signature, over timestamp and body
    twilio,             // X-Twilio-Signature, over URL and form
    feishu,             // X-Lark-Signature, a plain hash with the encrypt key; bodies are encrypted
    slack,              // X-Slack-Signature, over v0:timestamp:body
    dingtalk,           // timestamp and sign; does not cover the body
    pagerduty,          // X-PagerDuty-Signature: v1=<hex HMAC of the body>
    bearer,             // Authorization: Bearer
    basic,              // Authorization: Basic
    header,             // a header of your own
    path,               // the secret is the last part of the path: for senders that sign nothing
};
[[nodiscard]] std::optional<Scheme> parse_scheme(std::string_view word);

struct Signing {
    Scheme scheme{Scheme::bearer};
    std::vector<std::string> secrets;  // any of them is good, while they are being changed
    std::string username;              // basic
    std::string header;                // header; any case
    std::string url;                   // twilio: ours, as they call it
    std::optional<Micros> window;      // none: 5 min, of dingtalk 1 h
};

enum class Verdict : std::uint8_t {
    good,
    missing,  // nothing that could be checked
    wrong,    // it fits none of the secrets
    stale,    // it fits, but its time is not near enough to ours
};

struct Verified {
    Verdict verdict{Verdict::missing};
    std::string id;  // what makes two deliveries the same one: their own id, or a signature that
                     // covers the body; empty: the scheme has none
};
/// Compares in constant time. `request` as it came, its headers in lower case.
[[nodiscard]] Verified verify(const Signing& signing, const http::Request& request, Wall now);

/// Feishu's {"encrypt":"…"}: AES-256-CBC, key SHA-256 of the encrypt key, the first 16 bytes are
/// the IV.
[[nodiscard]] Result<std::string> decrypt_feishu(std::string_view key, std::string_view base64);

}  // namespace surged::io::hook
