#include "support/ami_script.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <map>

namespace surged::test {
namespace {

/// The ActionID a frame answers; empty for what was said unasked. A UserEvent copies the ActionID
/// of whoever sent it, and an OriginateResponse comes when the call is up: both are events.
std::string answers_which(
    const std::string& frame, const std::map<std::string, std::size_t>& known
) {
    if (frame.starts_with("Event: UserEvent") || frame.starts_with("Event: OriginateResponse"))
        return {};
    const auto at = frame.find("\r\nActionID: ");
    if (at == std::string::npos) return {};
    const auto from = at + 12;
    const std::string id = frame.substr(from, frame.find("\r\n", from) - from);
    return known.contains(id) ? id : std::string{};
}

std::string header_of(const std::string& bytes, const std::string& key) {
    const auto at = bytes.find("\r\n" + key + ": ");
    if (at == std::string::npos) return {};
    const auto from = at + key.size() + 4;
    return bytes.substr(from, bytes.find("\r\n", from) - from);
}

// Whose byte it is: nobody's (the banner), an answer's, or unasked; and where frames end.
enum class Owner : char { banner, answer, unasked };

}  // namespace

AmiScript take_apart(const Recording& recording) {
    AmiScript script;
    std::map<std::string, std::size_t> known;
    for (const RecordedAction& action : recording.actions()) {
        known.emplace(action.id, script.answers.size());
        script.answers.push_back(RecordedAnswer{action, {}});
    }
    const std::string all = recording.received();
    std::vector<Owner> owner(all.size(), Owner::banner);
    std::vector<bool> ends(all.size() + 1, false);
    std::size_t at = all.find("\r\n") + 2;
    script.banner = all.substr(0, at);
    while (at < all.size()) {
        const auto end = all.find("\r\n\r\n", at);
        if (end == std::string::npos) break;  // cut off by the recorded client's leaving
        const std::string frame = all.substr(at, end + 4 - at);
        const std::string id = answers_which(frame, known);
        if (!id.empty()) script.answers[known.at(id)].bytes += frame;
        std::fill(
            owner.begin() + static_cast<std::ptrdiff_t>(at),
            owner.begin() + static_cast<std::ptrdiff_t>(end + 4),
            id.empty() ? Owner::unasked : Owner::answer
        );
        ends[end + 4] = true;
        at = end + 4;
    }
    std::size_t offset = 0;
    for (const Chunk& chunk : recording.chunks) {
        if (!chunk.from_server) {
            if (chunk.bytes.starts_with("Action: Login")) {
                script.by_challenge = header_of(chunk.bytes, "AuthType") == "MD5";
                script.key_or_secret =
                    header_of(chunk.bytes, script.by_challenge ? "Key" : "Secret");
            }
            continue;
        }
        std::size_t from = offset;
        offset += chunk.bytes.size();
        for (std::size_t i = from; i <= offset; ++i) {
            if (i < offset && owner[i] == Owner::unasked) continue;
            if (i > from)
                script.unasked.push_back(UnaskedPiece{chunk.at, all.substr(from, i - from), ends[i]}
                );
            from = i + 1;
        }
        if (script.begins == Wall{} &&
            all.substr(0, offset).find("Authentication accepted") != std::string::npos)
            script.begins = chunk.at;
    }
    REQUIRE(script.begins != Wall{});
    return script;
}

const RecordedAnswer* AmiScript::answer_to(const std::string& action, Wall at) const {
    const RecordedAnswer* best = nullptr;
    for (const RecordedAnswer& answer : answers) {
        if (answer.action.name != action || answer.action.has_queue || answer.bytes.empty())
            continue;
        if (best == nullptr || answer.action.at <= at) best = &answer;
    }
    return best;
}

}  // namespace surged::test
