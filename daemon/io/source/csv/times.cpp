// Days and times as people's tables have them.
#include "io/source/csv/sheet.hpp"

#include <charconv>
#include <chrono>

namespace surged::io::csv {
namespace {

constexpr std::int64_t day_s = 86'400;

bool take(std::string_view& text, std::string_view word) {
    if (!text.starts_with(word)) return false;
    text.remove_prefix(word.size());
    return true;
}

/// `least` to `most` digits.
std::optional<std::int64_t> digits(std::string_view& text, std::size_t least, std::size_t most) {
    std::size_t size = 0;
    while (size < most && size < text.size() && text[size] >= '0' && text[size] <= '9') ++size;
    if (size < least) return std::nullopt;
    std::int64_t out = 0;
    (void)std::from_chars(text.data(), text.data() + size, out);
    text.remove_prefix(size);
    return out;
}

/// The day that the text begins with, which it loses.
std::optional<std::int64_t> take_day(std::string_view& text) {
    const auto year = digits(text, 4, 4);
    if (!year) return std::nullopt;
    std::optional<std::int64_t> month;
    std::optional<std::int64_t> day;
    if (take(text, "年")) {
        month = digits(text, 1, 2);
        if (!take(text, "月")) return std::nullopt;
        day = digits(text, 1, 2);
        if (!take(text, "日")) return std::nullopt;
    } else if (text.starts_with('-') || text.starts_with('/') || text.starts_with('.')) {
        const std::string_view mark = text.substr(0, 1);
        text.remove_prefix(1);
        month = digits(text, 1, 2);
        if (!take(text, mark)) return std::nullopt;
        day = digits(text, 1, 2);
    } else {
        month = digits(text, 2, 2);
        day = digits(text, 2, 2);
    }
    if (!month || !day) return std::nullopt;
    const std::chrono::year_month_day date{
        std::chrono::year{static_cast<int>(*year)},
        std::chrono::month{static_cast<unsigned>(*month)},
        std::chrono::day{static_cast<unsigned>(*day)}
    };
    if (!date.ok() || *year < 2000 || *year > 2100) return std::nullopt;
    return std::chrono::sys_days{date}.time_since_epoch().count() * day_s;
}

/// 8:30 or 08:30:15 as seconds of the day; 24:00 is its end.
std::optional<std::int64_t> take_clock(std::string_view& text) {
    const auto hour = digits(text, 1, 2);
    if (!hour || !take(text, ":")) return std::nullopt;
    const auto minute = digits(text, 2, 2);
    if (!minute || *hour > 24 || *minute > 59) return std::nullopt;
    std::int64_t second = 0;
    if (take(text, ":")) {
        const auto said = digits(text, 2, 2);
        if (!said || *said > 59) return std::nullopt;
        second = *said;
    }
    const std::int64_t out = *hour * 3600 + *minute * 60 + second;
    return out <= day_s ? std::optional{out} : std::nullopt;
}

}  // namespace

std::optional<std::int64_t> parse_day(std::string_view text) {
    const auto day = take_day(text);
    return text.empty() ? day : std::nullopt;
}

std::optional<Wall> parse_time(
    std::string_view text, const plan::Zone& zone, std::optional<std::int64_t> day
) {
    if (const auto whole = parse_rfc3339(text)) return whole;
    std::string_view rest = text;
    if (const auto clock = day ? take_clock(rest) : std::nullopt; clock && rest.empty())
        return plan::wall_of_local(zone, *day + *clock);
    rest = text;
    const auto date = take_day(rest);
    if (!date) return std::nullopt;
    if (!take(rest, "T") && !take(rest, " ")) return std::nullopt;
    while (take(rest, " ")) {
    }
    const auto clock = take_clock(rest);
    if (!clock || !rest.empty()) return std::nullopt;
    return plan::wall_of_local(zone, *date + *clock);
}

}  // namespace surged::io::csv
