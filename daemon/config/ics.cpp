// The days of an iCalendar file (RFC 5545): whole-day and timed events, without recurrence.
#include "config/decode.hpp"

#include <fmt/format.h>

namespace surged::config {
namespace {

constexpr std::int64_t day_s = 86'400;

int digits(std::string_view text, std::size_t at, std::size_t count) {
    int out = 0;
    for (std::size_t i = at; i < at + count; ++i) {
        if (i >= text.size() || text[i] < '0' || text[i] > '9') return -1;
        out = out * 10 + (text[i] - '0');
    }
    return out;
}

/// 20261001 or 20261001T200000 as local seconds; a Z (UTC) cannot be placed without a zone.
std::optional<std::int64_t> moment(std::string_view value) {
    const std::chrono::year_month_day date{
        std::chrono::year{digits(value, 0, 4)},
        std::chrono::month{static_cast<unsigned>(digits(value, 4, 2))},
        std::chrono::day{static_cast<unsigned>(digits(value, 6, 2))}
    };
    if (!date.ok()) return std::nullopt;
    const std::int64_t day = std::int64_t{std::chrono::sys_days{date}.time_since_epoch().count()};
    if (value.size() == 8) return day * day_s;
    if (value.size() != 15 || value[8] != 'T') return std::nullopt;
    const int hours = digits(value, 9, 2);
    const int minutes = digits(value, 11, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
    return day * day_s + std::int64_t{hours} * 3600 + std::int64_t{minutes} * 60;
}

/// Lines with their continuations (a blank in front) joined.
std::vector<std::string> unfold(std::string_view text) {
    std::vector<std::string> out;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (!out.empty() && (line.starts_with(' ') || line.starts_with('\t')))
            out.back() += line.substr(1);
        else
            out.emplace_back(line);
    }
    return out;
}

}  // namespace

Parsed<std::vector<plan::Calendar::Span>> parse_ics(std::string_view text, std::string_view only) {
    std::vector<plan::Calendar::Span> out;
    std::string begin, end, title;
    bool inside = false, any = false;
    int line_number = 0;
    const auto bad = [&](std::string_view what) {
        return tl::make_unexpected(Complaint{
            fmt::format("event that ends at line {}: {}", line_number, what),
            "events with local days or times, each written out",
            ""
        });
    };
    for (const std::string& line : unfold(text)) {
        ++line_number;
        const std::size_t colon = line.find(':');
        if (colon == std::string::npos) continue;
        const std::string_view name = std::string_view{line}.substr(0, line.find_first_of(";:"));
        const std::string_view value = std::string_view{line}.substr(colon + 1);
        if (line == "BEGIN:VEVENT") {
            inside = true;
            begin.clear();
            end.clear();
            title.clear();
        } else if (inside && name == "DTSTART") {
            begin = value;
        } else if (inside && name == "DTEND") {
            end = value;
        } else if (inside && name == "SUMMARY") {
            title = value;
        } else if (inside && name == "RRULE") {
            return bad("a rule of recurrence cannot be read");
        } else if (line == "END:VEVENT" && inside) {
            inside = false;
            any = true;
            if (!only.empty() && title.find(only) == std::string::npos) continue;
            const auto from = moment(begin);
            const auto to = end.empty() && from ? std::optional{*from + day_s} : moment(end);
            if (!from || !to) return bad("its begin or end cannot be read");
            if (*to <= *from) return bad("it ends before it begins");
            out.push_back({*from, *to});
        }
    }
    if (!any) return tl::make_unexpected(Complaint{"no event in it", "BEGIN:VEVENT …", ""});
    return out;
}

}  // namespace surged::config
