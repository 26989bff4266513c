#include "io/channel/webhook/encode.hpp"

#include "base/hash.hpp"
#include "io/channel/wording.hpp"
#include "io/crypto.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace surged::io::webhook {
namespace {

namespace json = boost::json;

constexpr std::size_t text_max = 8 * 1024;  // keeps the body below the 20 kB receivers expect
constexpr std::string_view firing_still = "0001-01-01T00:00:00Z";  // endsAt while it lasts

Labels labels_of(const delivery::Content& content) {
    Labels labels{
        {"alertname", content.trigger.empty() ? content.plan : content.trigger},
        {"incident",  content.incident                                        },
        {"level",     std::string{plan::name_of(content.level)}               },
        {"plan",      content.plan                                            },
        {"queue",     content.queue                                           },
        {"site",      content.site                                            },
    };
    if (content.drill) labels["drill"] = "true";
    std::erase_if(labels, [](const auto& label) { return label.second.empty(); });
    return labels;
}

Labels annotations_of(const delivery::Page& page, std::string_view ack_url) {
    const auto& content = page.content;
    Labels annotations{
        {"summary", wording::cut(wording::marked(page, content.title), text_max)},
        {"description", wording::cut(wording::marked(page, content.text), text_max)},
        {"level", std::string{plan::name_of(content.level)}},
        {"kpi", content.kpi},
        {"value", content.value},
        {"threshold", content.threshold},
        {"since", format_rfc3339(content.since)},
        {"first_step", wording::cut(content.first_step, text_max)},
        {"link", content.link},
        {"ack_url", std::string{ack_url}},
        {"person", page.person},
        {"to", page.to},
        {"page", page.id},
        {"rise", std::to_string(page.rise)},
    };
    if (page.possible_repeat) annotations["possible_repeat"] = "true";
    std::erase_if(annotations, [](const auto& a) { return a.second.empty(); });
    return annotations;
}

json::object object_of(const Labels& labels) {
    json::object out;
    for (const auto& [name, value] : labels) out[name] = value;
    return out;
}

}  // namespace

std::string fingerprint(const Labels& labels) {
    constexpr std::string_view separator{"\xff"};
    std::uint64_t sum = fnv1a("");
    for (const auto& [name, value] : labels) {
        sum = fnv1a(separator, fnv1a(name, sum));
        sum = fnv1a(separator, fnv1a(value, sum));
    }
    return fmt::format("{:016x}", sum);
}

std::string encode_body(
    const delivery::Page& page,
    std::string_view receiver,
    std::string_view public_url,
    std::string_view ack_url
) {
    const Labels labels = labels_of(page.content);
    const json::object label_object = object_of(labels);
    const json::object annotations = object_of(annotations_of(page, ack_url));
    const json::object group{
        {"incident", page.content.incident}
    };
    const json::object alert{
        {"status",       "firing"                          },
        {"labels",       label_object                      },
        {"annotations",  annotations                       },
        {"startsAt",     format_rfc3339(page.content.since)},
        {"endsAt",       json::string{firing_still}        },
        {"generatorURL", page.content.link                 },
        {"fingerprint",  fingerprint(labels)               },
    };
    const json::object body{
        {"version", "4"},
        {"groupKey", fmt::format("{{}}:{{incident=\"{}\"}}", page.content.incident)},
        {"truncatedAlerts", 0},
        {"status", "firing"},
        {"receiver", json::string{receiver}},
        {"groupLabels", group},
        {"commonLabels", label_object},
        {"commonAnnotations", annotations},
        {"externalURL", json::string{public_url}},
        {"alerts", json::array{alert}},
    };
    return json::serialize(body);
}

std::string signing_key(std::string_view secret) {
    constexpr std::string_view prefix = "whsec_";
    if (!secret.starts_with(prefix)) return std::string{secret};
    return crypto::from_base64(secret.substr(prefix.size())).value_or(std::string{secret});
}

std::string signature(
    std::string_view key, std::string_view id, std::string_view timestamp, std::string_view body
) {
    const std::string signed_text = fmt::format("{}.{}.{}", id, timestamp, body);
    return "v1," + crypto::to_base64(crypto::hmac_sha256(key, signed_text));
}

std::string hub_signature(std::string_view key, std::string_view body) {
    return "sha256=" + crypto::to_hex(crypto::hmac_sha256(key, body));
}

std::vector<std::pair<std::string, std::string>> encode_headers(
    const delivery::Page& page,
    std::string_view secret,
    bool with_hub_signature,
    Wall now,
    std::string_view body
) {
    const std::string timestamp = std::to_string(now.us / 1'000'000);
    std::vector<std::pair<std::string, std::string>> headers{
        {"Content-Type",      "application/json; charset=utf-8"},
        {"webhook-id",        page.id                          },
        {"webhook-timestamp", timestamp                        },
    };
    if (secret.empty()) return headers;
    const std::string key = signing_key(secret);
    headers.emplace_back("webhook-signature", signature(key, page.id, timestamp, body));
    if (with_hub_signature) headers.emplace_back("X-Hub-Signature-256", hub_signature(key, body));
    return headers;
}

}  // namespace surged::io::webhook
