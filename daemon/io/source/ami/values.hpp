// Header values as checked values: times, states, words.
#pragma once

#include "core/acd/event.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace surged::io::ami {

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

/// Letter case aside (ASCII).
[[nodiscard]] bool same_word(std::string_view a, std::string_view b);

}  // namespace surged::io::ami
