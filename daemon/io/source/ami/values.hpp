// Header values as checked values: numbers, times, states, UTF-8.
#pragma once

#include "core/acd/event.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace surged::io::ami {

/// A whole number without sign; nullopt for anything else.
[[nodiscard]] std::optional<std::int64_t> parse_count(std::string_view text);

/// `Timestamp: 1795451721.123456` (timestampevents=yes); nullopt if there is none or it is wrong.
[[nodiscard]] std::optional<Wall> parse_timestamp(std::string_view text);

/// What a member is, from the device's state and the pause. A device that is invalid or
/// unavailable is not logged in, paused or not: so counts QueueSummary's LoggedIn.
/// @source asterisk/asterisk 22.10.1, apps/app_queue.c, manager_queues_summary
[[nodiscard]] std::optional<acd::AgentState> parse_member_state(
    std::string_view status, std::string_view paused
);

/// critical 1, high 2, normal 3, low 4, or these digits; 0 for any other word.
[[nodiscard]] std::int32_t parse_severity(std::string_view word);

[[nodiscard]] bool is_utf8(std::string_view bytes);
/// Every byte that is not part of a UTF-8 character as \xHH: different names stay different.
[[nodiscard]] std::string escape_to_utf8(std::string_view bytes);

/// Letter case aside (ASCII).
[[nodiscard]] bool same_word(std::string_view a, std::string_view b);

}  // namespace surged::io::ami
