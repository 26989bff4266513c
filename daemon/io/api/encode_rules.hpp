// Versions of the rules and what differs between them: to JSON. Pure.
#pragma once

#include "io/api/rules_desk.hpp"

#include <optional>
#include <string>
#include <vector>

namespace surged::io::api {

/// {"pending":{…}}
[[nodiscard]] std::string encode_pending(const PendingReload& pending);
[[nodiscard]] std::string encode_comparison(const RulesComparison& found);
[[nodiscard]] std::string encode_versions(
    const std::vector<RulesVersion>& versions,
    const std::string& in_force,
    const std::optional<PendingReload>& pending
);

}  // namespace surged::io::api
