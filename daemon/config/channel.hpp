// What surged.yaml says of one channel: what all have, and what its type adds.
#pragma once

#include "base/time.hpp"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace surged::config {

struct ConsoleChannel {};
struct WebhookChannel {
    std::string base_url;
    std::string secret_file;
    bool hub_signature{false};  // also X-Hub-Signature-256
    bool allow_private{true};   // target may be loopback or private
};

struct WecomRobotChannel {
    std::string base_url;  // empty: the vendor's own, here and below
    std::string key_file;
};
struct WecomAppChannel {
    std::string base_url;
    std::string corp_id;
    std::int64_t agent_id{0};
    std::string secret_file;
};
struct DingtalkChannel {
    std::string base_url;
    std::string key_file;
    std::string secret_file;  // empty: not locked by a signature
    std::string keyword;      // empty: not locked by one
};
struct FeishuChannel {
    std::string base_url;
    std::string key_file;
    std::string secret_file;  // empty: not locked by a signature
    std::string keyword;      // empty: not locked by one
};

struct SmtpChannel {
    std::string host;
    std::uint16_t port{587};
    std::string tls{"starttls"};  // starttls, implicit or none
    std::string username, password_file;
    std::string from_name, from_address;
    std::string helo;  // empty: the machine's own name
};

struct AliyunSmsChannel {
    std::string base_url;  // empty: the vendor's own
    std::string access_key_id, secret_file;
    std::string sign_name, template_code;
    std::vector<std::string> variables;  // what the template has
};
struct AlertmanagerChannel {
    std::vector<std::string> base_urls;  // members of one cluster; each gets every alert
    std::string token_file;              // bearer token; empty: none
    Micros resend{1min};
};
struct CommandChannel {
    std::string socket;  // of the helper unit
};

struct Channel {
    std::string name;
    std::string type;  // the word in the file
    Micros timeout{15s};
    std::string ca_file;  // PEM; trusted beside the system's; empty: none
    std::variant<
        ConsoleChannel,
        WebhookChannel,
        WecomRobotChannel,
        WecomAppChannel,
        DingtalkChannel,
        FeishuChannel,
        SmtpChannel,
        AliyunSmsChannel,
        AlertmanagerChannel,
        CommandChannel>
        of;  // by type

    /// It reaches people one by one: a contact must say whom.
    [[nodiscard]] bool needs_to() const {
        return std::holds_alternative<WecomAppChannel>(of) ||
               std::holds_alternative<SmtpChannel>(of) ||
               std::holds_alternative<AliyunSmsChannel>(of);
    }
};

}  // namespace surged::config
