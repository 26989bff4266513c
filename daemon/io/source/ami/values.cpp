#include "io/source/ami/values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>

namespace surged::io::ami {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

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

std::optional<Wall> parse_timestamp(std::string_view text) {
    constexpr std::int64_t seconds_max = 253'402'300'799;  // the end of the year 9999
    const auto dot = text.find('.');
    const auto seconds = parse_count(text.substr(0, dot));
    if (!seconds || *seconds > seconds_max) return std::nullopt;
    std::int64_t us = *seconds * 1'000'000;
    if (dot == std::string_view::npos) return Wall{us};
    std::int64_t weight = 100'000;
    for (const char digit : text.substr(dot + 1)) {
        if (!is_digit(digit)) return std::nullopt;
        us += weight * (digit - '0');
        weight /= 10;
    }
    return Wall{us};
}

std::optional<acd::AgentState> parse_member_state(
    std::string_view status, std::string_view paused
) {
    // Device states: 0 unknown, 1 not in use, 2 in use, 3 busy, 4 invalid, 5 unavailable,
    // 6 ringing, 7 ringing and in use, 8 on hold.
    const auto device = parse_count(status);
    if (device == 4 || device == 5) return acd::AgentState::offline;
    if (paused == "1") return acd::AgentState::paused;
    if (!device) return std::nullopt;
    return *device <= 1 ? acd::AgentState::available : acd::AgentState::busy;
}

std::int32_t parse_severity(std::string_view word) {
    constexpr std::array<std::string_view, 4> words{"critical", "high", "normal", "low"};
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto rank = static_cast<std::int32_t>(i + 1);
        if (same_word(word, words[i]) || parse_count(word) == rank) return rank;
    }
    return 0;
}

bool is_utf8(std::string_view bytes) {
    while (!bytes.empty()) {
        const std::size_t size = utf8_size(bytes);
        if (size == 0) return false;
        bytes.remove_prefix(size);
    }
    return true;
}

std::string escape_to_utf8(std::string_view bytes) {
    std::string out;
    while (!bytes.empty()) {
        const std::size_t size = utf8_size(bytes);
        if (size == 0) {
            out += fmt::format("\\x{:02X}", static_cast<std::uint8_t>(bytes.front()));
        } else {
            out += bytes.substr(0, size);
        }
        bytes.remove_prefix(std::max<std::size_t>(size, 1));
    }
    return out;
}

bool same_word(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return lower(x) == lower(y);
    });
}

}  // namespace surged::io::ami
