// One entry of `channels`: what all have, then what its type adds.
#include "config/decode.hpp"

namespace surged::config {
namespace {

WebhookChannel webhook(const Cursor& at, const std::string& folder) {
    WebhookChannel out;
    out.base_url = url_of(at, "base_url");
    out.secret_file = path_of(folder, at, "secret_file");
    out.hub_signature = at.boolean("hub_signature");
    out.allow_private = at.boolean("allow_private");
    return out;
}

}  // namespace

std::optional<Channel> decode_channel(
    const std::string& name, const Cursor& at, const std::string& folder
) {
    const auto is = typed(at);
    if (!is) return std::nullopt;
    Channel out;
    out.name = name;
    out.type = is->type;
    out.timeout = is->at.duration("timeout");
    if (out.type == "webhook") out.of = webhook(is->at, folder);
    return out;
}

}  // namespace surged::config
