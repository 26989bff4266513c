// One entry of `channels`: what all have, then what its type adds.
#include "config/decode.hpp"

#include <algorithm>
#include <array>
#include <utility>

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

bool fits_mail(char c) {
    return static_cast<unsigned char>(c) > 0x20 && c != 0x7f &&
           std::string_view{"<>()[],;:\\\""}.find(c) == std::string_view::npos;
}

/// local@domain or Name <local@domain>, as name and address.
std::optional<std::pair<std::string, std::string>> mailbox(std::string_view text) {
    std::string_view name;
    if (const auto open = text.find('<'); open != std::string_view::npos) {
        if (!text.ends_with('>')) return std::nullopt;
        name = text.substr(0, open);
        text = text.substr(open + 1, text.size() - open - 2);
        while (name.ends_with(' ')) name.remove_suffix(1);
    }
    const auto at = text.find('@');
    const bool good = at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
                      text.find('@', at + 1) == std::string_view::npos &&
                      std::all_of(text.begin(), text.end(), fits_mail);
    if (!good) return std::nullopt;
    return std::pair{std::string{name}, std::string{text}};
}

SmtpChannel smtp(const Cursor& at, const std::string& folder) {
    SmtpChannel out;
    out.host = host_of(at, "host");
    out.tls = at.choice("tls");
    const std::uint16_t usual = out.tls == "none" ? 25 : out.tls == "implicit" ? 465 : 587;
    out.port = at.has("port") ? static_cast<std::uint16_t>(at.integer("port")) : usual;
    out.username = at.text("username");
    out.password_file = path_of(folder, at, "password_file");
    if (out.username.empty() != out.password_file.empty())
        at.say_at(
            out.username.empty() ? "password_file" : "username",
            "a login needs both username and password_file"
        );
    if (out.tls == "none" && !out.username.empty())
        at.say_at("username", "a password is sent over TLS only", "tls: starttls or implicit");
    const std::string from = at.text("from");
    if (auto parsed = mailbox(from)) {
        out.from_name = std::move(parsed->first);
        out.from_address = std::move(parsed->second);
    } else if (!from.empty()) {
        at.say_at("from", shown(from) + " is no sender", "local@domain or Name <local@domain>");
    }
    out.helo = host_of(at, "helo");
    return out;
}

AliyunSmsChannel aliyun_sms(const Cursor& at, const std::string& folder) {
    constexpr std::array<std::string_view, 7> known{
        "site", "queue", "level", "value", "threshold", "action", "incident"
    };
    AliyunSmsChannel out;
    out.base_url = url_of(at, "base_url");
    out.access_key_id = at.text("access_key_id");
    out.secret_file = path_of(folder, at, "secret_file");
    out.sign_name = at.text("sign_name");
    out.template_code = at.text("template_code");
    for (const auto& [name, where] : at.names("variables")) {
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            const std::vector<std::string_view> words(known.begin(), known.end());
            where.say("no variable " + shown(name), one_of(words), nearest(name, words));
        }
        out.variables.push_back(name);
    }
    if (out.variables.empty()) out.variables = {"site", "queue", "level", "value", "action"};
    return out;
}

AlertmanagerChannel alertmanager(const Cursor& at, const std::string& folder) {
    AlertmanagerChannel out;
    if (const std::string one = url_of(at, "base_url"); !one.empty()) out.base_urls.push_back(one);
    if (const auto list = at.get("base_urls"))
        for (const Cursor& item : list->items())
            if (auto url = url_here(item); !url.empty()) out.base_urls.push_back(std::move(url));
    if (!at.has("base_url") && !at.has("base_urls"))
        at.say("no Alertmanager", "base_url, or base_urls for a cluster");
    out.token_file = path_of(folder, at, "token_file");
    out.resend = at.duration("resend");
    return out;
}

CommandChannel command(const Cursor& at, const std::string& folder) {
    constexpr std::size_t path_max = 107;  // of a socket, unix(7)
    CommandChannel out{path_of(folder, at, "socket")};
    if (out.socket.size() > path_max)
        at.say_at("socket", "too long a path for a socket", "at most 107 bytes");
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
    if (out.type == "smtp") out.of = smtp(is->at, folder);
    if (out.type == "aliyun_sms") out.of = aliyun_sms(is->at, folder);
    if (out.type == "alertmanager") out.of = alertmanager(is->at, folder);
    if (out.type == "command") out.of = command(is->at, folder);
    return out;
}

}  // namespace surged::config
