// The names of an event's fields on the wire, and what kind of value each has.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace surged::io::api {

enum Key : std::uint8_t {
    k_ts,
    k_id,
    k_type,
    k_site,
    k_source,
    k_queue,
    k_call,
    k_agent,
    k_caller,
    k_class,
    k_channel,
    k_ticket,
    k_topic,
    k_to,
    k_name,
    k_reason,
    k_state,
    k_status,
    k_by,
    k_wait,
    k_talk,
    k_wrap,
    k_due,
    k_severity,
    k_score,
    k_value,
    k_queues,
    k_from,
    k_until,
    k_offered,
    k_agents,
    k_lines,
    k_handle,
};
inline constexpr std::array<std::string_view, 33> key_names{
    "ts",    "id",      "type",    "site",   "source", "queue",    "call",   "agent", "caller",
    "class", "channel", "ticket",  "topic",  "to",     "name",     "reason", "state", "status",
    "by",    "wait",    "talk",    "wrap",   "due",    "severity", "score",  "value", "queues",
    "from",  "until",   "offered", "agents", "lines",  "handle"
};

using Mask = std::uint64_t;
constexpr Mask bit(Key key) { return Mask{1} << key; }
template <class... K>
constexpr Mask mask(K... keys) {
    return (bit(keys) | ...);
}

[[nodiscard]] std::optional<Key> key_of(std::string_view name);
/// Of what stands between `text` and the next quote; nine bytes must be there to be read.
[[nodiscard]] std::optional<Key> key_before_quote(const char* text);

inline constexpr Mask numbers =
    mask(k_ts, k_wait, k_talk, k_wrap, k_due, k_severity, k_score, k_value, k_from, k_until) |
    mask(k_offered, k_agents, k_lines, k_handle);
enum class Kind : std::uint8_t { text, number, list };
[[nodiscard]] constexpr Kind kind_of(Key key) {
    if (key == k_queues) return Kind::list;
    return (bit(key) & numbers) != 0 ? Kind::number : Kind::text;
}

}  // namespace surged::io::api
