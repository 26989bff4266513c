#include "io/source/queue_log/line.hpp"

namespace surged::io::queue_log {
namespace {

constexpr std::int64_t latest = 4'102'444'800;  // 2100-01-01

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Cuts what stands before the next `|` off `rest`.
std::string_view take_field(std::string_view& rest) {
    const auto bar = rest.find('|');
    const std::string_view field = rest.substr(0, bar);
    rest = bar == std::string_view::npos ? std::string_view{} : rest.substr(bar + 1);
    return field;
}

std::optional<Wall> time_of(std::string_view field) {
    const auto seconds = epoch_of(field);
    if (!seconds) return std::nullopt;
    std::int64_t us = *seconds * 1'000'000;
    const auto dot = field.find('.');
    if (dot == std::string_view::npos) return Wall{us};
    std::int64_t weight = 100'000;
    for (const char digit : field.substr(dot + 1)) {
        if (!is_digit(digit)) return std::nullopt;
        us += weight * (digit - '0');
        weight /= 10;
    }
    return Wall{us};
}

std::string_view unless_none(std::string_view field) {
    return field == "NONE" ? std::string_view{} : field;
}

std::string_view call_of(std::string_view field) {
    for (const std::string_view word : {"NONE", "REALTIME", "MANAGER", "CLI"})
        if (field == word) return {};
    return field;
}

}  // namespace

std::optional<std::int64_t> epoch_of(std::string_view text) {
    constexpr std::size_t digits_max = 10;
    std::int64_t seconds = 0;
    std::size_t at = 0;
    while (at < text.size() && is_digit(text[at]) && at <= digits_max)
        seconds = seconds * 10 + (text[at++] - '0');
    const bool ends = at == text.size() || text[at] == '|' || text[at] == '.';
    if (at == 0 || at > digits_max || !ends || seconds > latest) return std::nullopt;
    return seconds;
}

std::optional<Line> parse_line(std::string_view text) {
    if (text.ends_with('\r')) text.remove_suffix(1);
    Line line;
    std::string_view rest = text;
    const auto written = time_of(take_field(rest));
    if (!written) return std::nullopt;
    line.written = *written;
    line.call = call_of(take_field(rest));
    line.queue = unless_none(take_field(rest));
    line.member = unless_none(take_field(rest));
    line.event = take_field(rest);
    if (line.event.empty()) return std::nullopt;
    std::size_t at = 0;
    for (; !rest.empty() && at < Line::params_max; ++at) {
        line.params[at] = take_field(rest);
        if (!line.params[at].empty()) line.count = at + 1;
    }
    return line;
}

}  // namespace surged::io::queue_log
