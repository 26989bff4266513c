// What surged.yaml says of one source: what all have, and what its type adds.
#pragma once

#include "base/time.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace surged::config {

struct AmiSource {
    std::string host;
    std::uint16_t port{5038};
    std::string username;
    std::string secret_file;
};

struct EslSource {
    std::string host;
    std::uint16_t port{8021};
    std::string secret_file;
    std::string format{"plain"};  // or json
    Micros poll{30s};
};

struct QueueLogSource {
    std::string path;
    bool from_end{false};                                     // at the first start
    std::map<std::string, std::string, std::less<>> members;  // name → interface
};

struct Source {
    std::string name;
    std::string type;  // the word in the file
    std::string site;
    Micros stale_after{30s};
    std::string companion;
    std::vector<std::string> queues;                        // globs it feeds; empty: any
    std::variant<AmiSource, QueueLogSource, EslSource> of;  // by type
};

}  // namespace surged::config
