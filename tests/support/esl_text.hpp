// FreeSWITCH's frames by hand: events plain and as JSON, replies, answers.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace surged::test {

using Fields = std::vector<std::pair<std::string, std::string>>;

/// `fields` as the frame of a text/event-plain: values percent-encoded as FreeSWITCH does.
[[nodiscard]] std::string esl_plain(const Fields& fields);
/// The same as a text/event-json.
[[nodiscard]] std::string esl_json(const Fields& fields);
[[nodiscard]] std::string esl_reply(std::string_view text);
[[nodiscard]] std::string esl_answer(std::string_view body);

/// An event of mod_callcenter at `us` (microseconds since the epoch) with these CC fields, without
/// their "CC-".
[[nodiscard]] Fields center_event(std::int64_t us, std::string_view action, const Fields& fields);

/// A frame as owned text, for assertions.
struct OwnedEslFrame {
    std::string content_type, reply, body;
    bool operator==(const OwnedEslFrame&) const = default;
};
/// The frames of `bytes`, pushed in pieces of `piece` bytes; what is unreadable is left out.
[[nodiscard]] std::vector<OwnedEslFrame> esl_frames_of(std::string_view bytes, std::size_t piece);

}  // namespace surged::test
