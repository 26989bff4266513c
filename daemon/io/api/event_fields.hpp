// The fields of an event on the wire: which there are, what they mean for which type, and what is
// wrong with a line's. Knows no parser.
#pragma once

#include "core/acd/event.hpp"
#include "io/api/event_keys.hpp"
#include "io/api/ndjson.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace surged::io::api {

inline constexpr Mask every_type = mask(k_ts, k_id, k_type, k_site);
inline constexpr Mask of_call = every_type | mask(k_queue, k_call, k_channel, k_class);
// Which fields mean something for a type, and which it cannot do without.
struct Shape {
    Mask fields, needs;
};
// clang-format off
inline constexpr std::array<Shape, 14> shapes{{
    /* offered     */ {of_call | mask(k_caller), mask(k_queue, k_call)},
    /* answered    */ {of_call | mask(k_agent, k_wait), mask(k_queue, k_call)},
    /* abandoned   */ {of_call | mask(k_wait), mask(k_queue, k_call)},
    /* exited      */ {of_call | mask(k_wait, k_reason), mask(k_queue, k_call)},
    /* refused     */ {of_call | mask(k_reason), mask(k_queue)},
    /* completed   */ {of_call | mask(k_agent, k_talk, k_wrap), mask(k_queue, k_call)},
    /* transferred */ {of_call | mask(k_agent, k_talk, k_wrap, k_to), mask(k_queue, k_call)},
    /* agent_state */ {every_type | mask(k_agent, k_state, k_queue, k_queues, k_reason),
                       mask(k_agent, k_state)},
    /* reply       */ {of_call | mask(k_by, k_agent), mask(k_queue, k_call, k_by)},
    /* complaint   */ {of_call | mask(k_ticket, k_topic, k_severity, k_status, k_due),
                       mask(k_queue)},
    /* survey      */ {of_call | mask(k_score, k_agent), mask(k_queue, k_score)},
    /* gauge       */ {every_type | mask(k_queue, k_name, k_value),
                       mask(k_queue, k_name, k_value)},
    /* heartbeat   */ {every_type | mask(k_source), 0},
    /* expected    */ {every_type | mask(k_queue, k_from, k_until, k_offered, k_agents, k_lines,
                                         k_handle),
                       mask(k_queue, k_from, k_until, k_offered)},
}};
// clang-format on
static_assert(shapes.size() == static_cast<std::size_t>(acd::EventType::heartbeat) + 2);
/// nullptr: a client may not send this type.
[[nodiscard]] const Shape* shape_of(acd::EventType type);

// One line's fields as they are read: whether a fault in one matters is known once the type is.
struct Draft {
    acd::Event event;
    std::string_view type, site, channel, reason, state, status, by;
    Mask seen{0}, wrong_type{0}, out_of_range{0};
    std::uint64_t unknown{0};
    bool printable{false};  // no text has a control character: they need not be looked through
};
/// As a new one; the memory of the event's queues serves the next that has some.
void renew(Draft& draft);

/// Put a value into the draft. What is wrong with it is noted there, and matters only if the field
/// means something for the type. Texts must live until the event has been taken.
void put_text(Draft& draft, Key key, std::string_view text);
void put_number(Draft& draft, Key key, double number);
void put_queue(Draft& draft, std::string_view queue);  // one of k_queues

struct Fault {
    BadLine reason;
    std::string words;
};
using Outcome = std::optional<Fault>;  // nullopt: fine

/// Once every field is read: checks what matters for the type and completes the event.
[[nodiscard]] Outcome finish(Draft& draft, std::string_view site);

}  // namespace surged::io::api
