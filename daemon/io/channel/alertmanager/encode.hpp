// Alerts for Alertmanager's API, version 2, and what it answers. Pure.
#pragma once

#include "core/delivery/page.hpp"
#include "core/engine/input.hpp"
#include "io/http/client.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace surged::io::alertmanager {

using Labels = std::map<std::string, std::string>;

/// What an alert is told from others by: the same from an incident's first page to its end. Level,
/// queue and figures change, so they are annotations: with another label set it would be another
/// alert, and the old one would ring on.
[[nodiscard]] Labels labels_of(const delivery::Content& content);

/// One alert; as it stands, or over since `ended_at`.
/// @param ends_at  until when Alertmanager takes it for firing if it hears no more
/// @param link  to acknowledge by; empty: none
[[nodiscard]] std::string encode_alert(
    const delivery::Page& page, Wall ends_at, const std::string& link
);
/// The body of a POST: a JSON array.
[[nodiscard]] std::string encode_body(const std::vector<std::string>& alerts);

/// 2xx is success, with no body or a JSON one; a web page is not. Repeating an alert is harmless,
/// so what is unknown is tried again, unmarked.
[[nodiscard]] engine::Receipt judge(const http::ClientResult& result, Wall now);

/// One outcome of what the members of a cluster said: who has it tells nobody else, but it rings if
/// one of them has it, and the others get it with the next refresh.
[[nodiscard]] engine::Receipt combine(const std::vector<engine::Receipt>& members);

}  // namespace surged::io::alertmanager
