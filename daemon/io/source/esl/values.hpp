// FreeSWITCH's words as checked values: times, what an agent is, how a caller left.
#pragma once

#include "core/acd/event.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace surged::io::esl {

/// Microseconds since the epoch (Event-Date-Timestamp); nullopt if it is no such time.
[[nodiscard]] std::optional<Wall> parse_micros(std::string_view text);
/// Seconds since the epoch; nullopt for 0, which stands for "never".
[[nodiscard]] std::optional<Wall> parse_epoch(std::string_view text);
/// From one whole second to another; nullopt if either is missing or they are in the wrong order.
[[nodiscard]] std::optional<Micros> span_of(std::string_view from, std::string_view to);

/// What an agent is: his status is what he chose, his state what the queue does with him.
/// Idle is one who took a call on demand and asks for no other.
/// @return nullopt for a word that mod_callcenter does not know
/// @source signalwire/freeswitch v1.10.12, mod_callcenter.c, AGENT_STATUS_CHART, AGENT_STATE_CHART
[[nodiscard]] std::optional<acd::AgentState> parse_agent(
    std::string_view status, std::string_view state
);

/// How a member left the queue by `CC-Cause: Cancel`; nullopt: by his own hang-up.
///
/// BREAK_OUT says only that the wait was broken off: the caller hung up, or somebody transferred
/// him away while he waited (then his channel is still up), or the switch goes down. NONE comes
/// when he hung up while an agent's phone was already being connected.
/// @source signalwire/freeswitch v1.10.12, mod_callcenter.c, callcenter_function
struct Canceled {
    std::optional<acd::ExitReason> exit;
    bool known{true};  // false: a reason that mod_callcenter 1.10 does not have
};
[[nodiscard]] Canceled parse_cancel(
    std::string_view reason, std::string_view answer_state, std::string_view hangup_cause
);

/// "FreeSWITCH 1.10.12" from what `status`, `version` or a heartbeat says; "" if it says none.
[[nodiscard]] std::string release_of(std::string_view text);

}  // namespace surged::io::esl
