// The request target: path and query, percent-decoded.
#pragma once

#include "io/http/message.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace surged::io::http {

struct Target {
    std::vector<std::string> path;
    Fields query;
};

/// nullopt for a broken %-escape.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);
/// Origin-form (/a/b?c=d) or absolute-form (http://host/a/b); nullopt for anything else.
[[nodiscard]] std::optional<Target> parse_target(std::string_view target);

}  // namespace surged::io::http
