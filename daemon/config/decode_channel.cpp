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

WecomRobotChannel wecom_robot(const Cursor& at, const std::string& folder) {
    return {url_of(at, "base_url"), path_of(folder, at, "key_file")};
}

WecomAppChannel wecom_app(const Cursor& at, const std::string& folder) {
    WecomAppChannel out;
    out.base_url = url_of(at, "base_url");
    out.corp_id = at.text("corp_id");
    out.agent_id = at.integer("agent_id");
    out.secret_file = path_of(folder, at, "secret_file");
    return out;
}

/// A robot with the locks that DingTalk and Feishu have in common.
template <class Robot>
Robot locked(const Cursor& at, const std::string& folder) {
    Robot out;
    out.base_url = url_of(at, "base_url");
    out.key_file = path_of(folder, at, "key_file");
    out.secret_file = path_of(folder, at, "secret_file");
    out.keyword = at.text("keyword");
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
    out.ca_file = path_of(folder, is->at, "ca_file");
    if (out.type == "webhook") out.of = webhook(is->at, folder);
    if (out.type == "wecom_robot") out.of = wecom_robot(is->at, folder);
    if (out.type == "wecom_app") out.of = wecom_app(is->at, folder);
    if (out.type == "dingtalk") out.of = locked<DingtalkChannel>(is->at, folder);
    if (out.type == "feishu") out.of = locked<FeishuChannel>(is->at, folder);
    return out;
}

}  // namespace surged::config
