#include "io/source/text.hpp"

#include "io/http/utf8.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace surged::io {
namespace {

constexpr std::size_t excerpt_bytes = 48;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Size of the UTF-8 character at the beginning, 0 if there is none (overlong forms, surrogates
/// and what is above U+10FFFF are none). @source RFC 3629, section 4
std::size_t utf8_size(std::string_view bytes) {
    const auto at = [&](std::size_t i) {
        return i < bytes.size() ? static_cast<std::uint8_t>(bytes[i]) : std::uint8_t{0};
    };
    const auto within = [&](std::size_t i, unsigned least, unsigned most) {
        return at(i) >= least && at(i) <= most;
    };
    const auto tail = [&](std::size_t i) { return within(i, 0x80, 0xbf); };
    const std::uint8_t first = at(0);
    if (first < 0x80) return 1;
    if (first >= 0xc2 && first <= 0xdf) return tail(1) ? 2 : 0;
    if (first >= 0xe0 && first <= 0xef) {
        const unsigned least = first == 0xe0 ? 0xa0 : 0x80;
        const unsigned most = first == 0xed ? 0x9f : 0xbf;
        return within(1, least, most) && tail(2) ? 3 : 0;
    }
    if (first >= 0xf0 && first <= 0xf4) {
        const unsigned least = first == 0xf0 ? 0x90 : 0x80;
        const unsigned most = first == 0xf4 ? 0x8f : 0xbf;
        return within(1, least, most) && tail(2) && tail(3) ? 4 : 0;
    }
    return 0;
}

}  // namespace

std::optional<std::int64_t> parse_count(std::string_view text) {
    std::int64_t value = 0;
    if (text.empty() || !is_digit(text.front())) return std::nullopt;
    const char* const end = text.data() + text.size();
    const auto [stop, ec] = std::from_chars(text.data(), end, value);
    if (ec != std::errc{} || stop != end) return std::nullopt;
    return value;
}

std::string escape_to_utf8(std::string_view bytes, std::string_view mark) {
    std::string out;
    while (!bytes.empty()) {
        const std::size_t size = utf8_size(bytes);
        if (size == 0) {
            out += fmt::format("{}{:02X}", mark, static_cast<std::uint8_t>(bytes.front()));
        } else {
            out += bytes.substr(0, size);
        }
        bytes.remove_prefix(std::max<std::size_t>(size, 1));
    }
    return out;
}

bool is_plain_name(std::string_view text) {
    const auto control = [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0x7f;
    };
    return text.size() <= plain_name_max && is_utf8(text) &&
           std::none_of(text.begin(), text.end(), control);
}

std::string safe_excerpt(std::string_view bytes) {
    std::string out{bytes.substr(0, excerpt_bytes)};
    for (char& c : out) {
        if (c >= '0' && c <= '9') c = '#';
        if (c < 0x20 || c > 0x7e) c = '?';
    }
    if (bytes.size() > excerpt_bytes) out += "...";
    return out;
}

}  // namespace surged::io
