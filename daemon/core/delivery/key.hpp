// A page's key by its parts. All of them are names or counts, so the key can be made again and
// read back: an acknowledgement tells what it takes even where the page itself is not known.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace surged::delivery {

struct Key {
    std::string incident;
    std::uint32_t rise{0};  // 0 in what was read of a step
    std::string step;       // not empty: about a step that is overdue …
    std::uint32_t turn{0};  // … for this time
    std::uint32_t rung{0}, round{0};
    std::string person, channel;
    std::optional<std::uint32_t> method;  // only where an earlier way has the same channel
    bool operator==(const Key&) const = default;
};

/// incident.rise.rung.round.person.channel, then .method if it is there; step-turn for the rise
/// where it is about a step. Safe in a URL once percent-encoded; no part holds a point (names of
/// the rules have none).
[[nodiscard]] std::string text_of(const Key& key);
/// nullopt unless `text` is exactly what text_of makes.
[[nodiscard]] std::optional<Key> parse_key(std::string_view text);

}  // namespace surged::delivery
