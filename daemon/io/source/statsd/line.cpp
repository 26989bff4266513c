#include "io/source/statsd/line.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

namespace surged::io::statsd {
namespace {

constexpr std::size_t name_max = 256;
constexpr double value_max = 1e12;

/// Up to the first `mark`, or all of it; `text` loses both.
std::string_view cut(std::string_view& text, char mark) {
    const void* const found = text.empty() ? nullptr : std::memchr(text.data(), mark, text.size());
    const std::size_t size =
        found == nullptr ? text.size()
                         : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
    const std::string_view head = text.substr(0, size);
    text.remove_prefix(std::min(text.size(), size + 1));
    return head;
}

/// 12, 0.25: what all clients write, exactly, and faster than from_chars.
bool plain_number(std::string_view text, double& out) {
    constexpr std::size_t digits_max = 15;  // below 2^53
    constexpr std::array<double, 16> tens{
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };
    if (text.empty() || text.size() > digits_max) return false;
    std::uint64_t digits = 0;
    std::size_t behind_dot = 0;
    bool dot = false;
    for (const char c : text) {
        if (c == '.' && !dot) {
            dot = true;
        } else if (c >= '0' && c <= '9') {
            digits = digits * 10 + static_cast<std::uint64_t>(c - '0');
            if (dot) ++behind_dot;
        } else {
            return false;
        }
    }
    if (dot && text.size() == 1) return false;
    out = static_cast<double>(digits) / tens[behind_dot];
    return true;
}

bool number(std::string_view text, double& out) {
    if (plain_number(text, out)) return true;
    const char* const end = text.data() + text.size();
    const auto [stop, failed] = std::from_chars(text.data(), end, out);
    return failed == std::errc{} && stop == end && std::abs(out) <= value_max;  // no NaN
}

bool kind_of(std::string_view word, Kind& out) {
    if (word.size() == 1) {
        switch (word.front()) {
            case 'g':
                out = Kind::gauge;
                return true;
            case 'c':
                out = Kind::counter;
                return true;
            case 's':
                out = Kind::set;
                return true;
            case 'h':
            case 'd':
                out = Kind::histogram;
                return true;
            default:
                return false;
        }
    }
    out = Kind::timer;
    return word == "ms";
}

}  // namespace

std::string_view name_of(Bad bad) {
    constexpr std::array<std::string_view, bads> names{
        "none",
        "no_value",
        "type",
        "value",
        "rate",
        "too_long",
        "encoding",
        "no_queue",
        "mixed_types",
        "take",
        "limit"
    };
    return names[static_cast<std::size_t>(bad)];
}

Bad parse_line(std::string_view text, Line& out) {
    std::string_view rest = text;
    out.name = cut(rest, ':');
    if (out.name.empty() || rest.empty()) return Bad::no_value;
    if (out.name.size() > name_max) return Bad::too_long;
    out.values = cut(rest, '|');
    if (out.values.empty() || rest.empty()) return Bad::no_value;
    if (!kind_of(cut(rest, '|'), out.kind)) return Bad::type;
    out.tags = {};
    out.rate = 1;
    while (!rest.empty()) {
        const std::string_view part = cut(rest, '|');
        if (part.starts_with('#')) {
            out.tags = part.substr(1);
        } else if (part.starts_with('@')) {
            if (!number(part.substr(1), out.rate)) return Bad::rate;
            if (out.rate < 1e-9 || out.rate > 1) return Bad::rate;
        }
    }
    return Bad::none;
}

bool next_number(std::string_view& values, Value& out) {
    std::string_view text = cut(values, ':');
    const bool sign = text.starts_with('+') || text.starts_with('-');
    const bool negative = text.starts_with('-');
    if (sign) text.remove_prefix(1);
    if (text.empty() || text.front() == '-' || !number(text, out.number)) return false;
    out.delta = sign;
    if (negative) out.number = -out.number;
    return true;
}

std::string_view next_text(std::string_view& values) { return cut(values, ':'); }

std::string_view tag_of(std::string_view tags, std::string_view key) {
    while (!tags.empty()) {
        std::string_view tag = cut(tags, ',');
        if (cut(tag, ':') == key) return tag;
    }
    return {};
}

}  // namespace surged::io::statsd
