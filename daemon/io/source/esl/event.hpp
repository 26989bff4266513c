// What an event says in the few fields that matter here, whether it came plain or as JSON.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace surged::io::esl {

/// The fields of a FreeSWITCH event that are read; a whole event has a hundred.
enum class Key : std::uint8_t {
    event_name,
    subclass,
    timestamp,  // µs since the epoch
    version,
    action,
    queue,
    agent,
    agent_state,
    agent_status,
    member,
    number,  // the caller's: it leaves this folder only hashed
    cause,
    cancel_reason,
    joined,  // seconds since the epoch, this and the three that follow
    answered,
    terminated,  // end of the bridge
    leaving,     // end of the member's time with the queue
    bridged,
    hangup_cause,
    answer_state,
    disposition,
};
inline constexpr std::size_t key_count = static_cast<std::size_t>(Key::disposition) + 1;

class Event {
public:
    Event();
    ~Event();
    Event(Event&&) noexcept;
    Event& operator=(Event&&) noexcept;

    /// Reads the body of a text/event-plain: `Key: value` lines with %XX in the values, up to the
    /// first empty line (a body of the event's own may follow). False: it has no line of a header.
    [[nodiscard]] bool read_plain(std::string_view body);
    /// Reads the body of a text/event-json. False: it is no JSON object.
    [[nodiscard]] bool read_json(std::string_view body);

    /// Empty if the event has it not. Valid until the next read.
    [[nodiscard]] std::string_view get(Key key) const {
        return values_[static_cast<std::size_t>(key)];
    }
    /// For tests and tools.
    void set(Key key, std::string_view value) { values_[static_cast<std::size_t>(key)] = value; }

private:
    struct Json;
    void take(std::string_view name, std::string_view value, bool encoded);
    [[nodiscard]] std::string_view decoded(std::string_view value);

    std::array<std::string_view, key_count> values_;
    std::string texts_;  // decoded values; never grows while they are pointed to
    std::unique_ptr<Json> json_;
};

}  // namespace surged::io::esl
