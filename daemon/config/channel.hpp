// What surged.yaml says of one channel: what all have, and what its type adds.
#pragma once

#include "base/time.hpp"

#include <string>
#include <variant>

namespace surged::config {

struct ConsoleChannel {};
struct WebhookChannel {
    std::string base_url;
    std::string secret_file;
    bool hub_signature{false};  // also X-Hub-Signature-256
    bool allow_private{true};   // target may be loopback or private
};

struct Channel {
    std::string name;
    std::string type;  // the word in the file
    Micros timeout{15s};
    std::variant<ConsoleChannel, WebhookChannel> of;  // by type
};

}  // namespace surged::config
