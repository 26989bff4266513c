#include "io/source/ami/values.hpp"

#include "io/source/text.hpp"

#include <algorithm>
#include <array>

namespace surged::io::ami {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

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

bool same_word(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return lower(x) == lower(y);
    });
}

}  // namespace surged::io::ami
