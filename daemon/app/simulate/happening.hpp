// What happens in a simulated centre, free of any protocol's words.
#pragma once

#include "base/time.hpp"

#include <cstdint>
#include <string_view>

namespace surged::app::simulate {

enum class What : std::uint8_t {
    offered,      // joined the queue: queue, call
    refused,      // found it full: queue, call
    ringing,      // an agent's phone rings for the caller at: queue, call, agent
    unanswered,   // and nobody took it: queue, call, agent, ring
    answered,     // queue, call, agent, wait, ring
    abandoned,    // hung up while waiting: queue, call, wait; agent if one was ringing
    exited,       // left otherwise: the same, and `by_key` or for having waited too long
    completed,    // queue, call, agent, wait, talk, by_agent
    transferred,  // the same; goes on to queue `to`
    wrapped_up,   // done with what a call left to do: agent
    logged_in,    // agent
    logged_out,   // agent
    paused,       // agent, text = why
    unpaused,     // agent
    complaint,    // queue, call = ticket number, severity, text = topic
    survey,       // queue, call, score
};

constexpr std::uint32_t nobody = 0xffffffff;

struct Happening {
    Micros at{0};  // since the start of the run
    What what{What::offered};
    std::uint32_t queue{nobody}, call{nobody}, agent{nobody}, to{nobody};
    Micros wait{0}, ring{0}, talk{0};
    bool by_agent{false}, by_key{false};
    std::int32_t severity{0}, score{0};
    std::string_view text{};  // a literal
    bool operator==(const Happening&) const = default;
};

}  // namespace surged::app::simulate
