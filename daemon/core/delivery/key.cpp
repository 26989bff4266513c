#include "core/delivery/key.hpp"

#include <charconv>
#include <fmt/format.h>
#include <vector>

namespace surged::delivery {
namespace {

std::vector<std::string_view> split(std::string_view text) {
    std::vector<std::string_view> out;
    for (std::size_t from = 0;;) {
        const std::size_t point = text.find('.', from);
        out.push_back(text.substr(from, point - from));
        if (point == std::string_view::npos) return out;
        from = point + 1;
    }
}

bool read(std::string_view text, std::uint32_t& value) {
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    return error == std::errc{} && stop == end;
}

/// "3", or "report-up-1": the name of a step may hold hyphens of its own.
bool read_about(std::string_view text, Key& key) {
    if (read(text, key.rise)) return true;
    key.rise = 0;
    const std::size_t hyphen = text.rfind('-');
    if (hyphen == std::string_view::npos || hyphen == 0) return false;
    key.step = text.substr(0, hyphen);
    return read(text.substr(hyphen + 1), key.turn);
}

}  // namespace

std::string text_of(const Key& key) {
    const std::string about =
        key.step.empty() ? fmt::format("{}", key.rise) : fmt::format("{}-{}", key.step, key.turn);
    std::string out = fmt::format(
        "{}.{}.{}.{}.{}.{}", key.incident, about, key.rung, key.round, key.person, key.channel
    );
    if (key.method) out += fmt::format(".{}", *key.method);
    return out;
}

std::optional<Key> parse_key(std::string_view text) {
    const auto parts = split(text);
    if (parts.size() != 6 && parts.size() != 7) return std::nullopt;
    Key key;
    key.incident = parts[0];
    key.person = parts[4];
    key.channel = parts[5];
    if (key.incident.empty() || key.person.empty() || key.channel.empty()) return std::nullopt;
    if (!read_about(parts[1], key) || !read(parts[2], key.rung) || !read(parts[3], key.round))
        return std::nullopt;
    if (parts.size() == 7 && !read(parts[6], key.method.emplace())) return std::nullopt;
    if (text_of(key) != text) return std::nullopt;  // 01, and the like
    return key;
}

}  // namespace surged::delivery
