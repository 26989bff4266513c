// Calendars: weekly hours, days and spans, files of events, and calendars made of calendars.
#include "config/decode.hpp"
#include "config/rule_test.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <set>

namespace surged::config {
namespace {

using Weekly = plan::Calendar::Weekly;
using DaySpan = plan::Calendar::Span;

constexpr std::int32_t day_s = 86'400;
constexpr int first_year = 2020, last_year = 2040;  // as the zones have it
constexpr std::array<std::string_view, 7> day_names{
    "mon", "tue", "wed", "thu", "fri", "sat", "sun"
};

template <class T = std::int64_t>
Parsed<T> wrong(std::string_view text, std::string_view expected) {
    return tl::make_unexpected(
        Complaint{shown(text) + " is not understood", std::string{expected}, ""}
    );
}

std::optional<int> number(std::string_view text, std::size_t digits) {
    int value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.size() != digits || error != std::errc{} || stop != text.data() + text.size())
        return std::nullopt;
    return value;
}

/// "mon", "mon-fri", "sat-sun", "daily" as bits from Monday on.
std::optional<std::uint8_t> days_of(std::string_view text) {
    if (text == "daily") return std::uint8_t{0x7f};
    const auto index = [](std::string_view name) {
        return static_cast<std::size_t>(
            std::find(day_names.begin(), day_names.end(), name) - day_names.begin()
        );
    };
    const std::size_t dash = text.find('-');
    const std::size_t from = index(text.substr(0, dash));
    const std::size_t to = dash == std::string_view::npos ? from : index(text.substr(dash + 1));
    if (from == day_names.size() || to == day_names.size()) return std::nullopt;
    unsigned bits = 0;
    for (std::size_t day = from;; day = (day + 1) % 7) {
        bits |= 1U << day;
        if (day == to) break;
    }
    return static_cast<std::uint8_t>(bits);
}

/// "21:00" as seconds of the day; 24:00 is its end.
std::optional<std::int32_t> clock_of(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    const auto hours = number(text.substr(0, 2), 2);
    const auto minutes = number(text.substr(3), 2);
    if (!hours || !minutes || *minutes > 59) return std::nullopt;
    const std::int32_t out = *hours * 3600 + *minutes * 60;
    if (out > day_s) return std::nullopt;
    return out;
}

/// "2026-10-01" as the local second it begins at.
std::optional<std::int64_t> day_of(int year, std::string_view month_day) {
    if (month_day.size() != 5 || month_day[2] != '-') return std::nullopt;
    const auto month = number(month_day.substr(0, 2), 2);
    const auto day = number(month_day.substr(3), 2);
    if (!month || !day) return std::nullopt;
    const std::chrono::year_month_day date{
        std::chrono::year{year},
        std::chrono::month{static_cast<unsigned>(*month)},
        std::chrono::day{static_cast<unsigned>(*day)}
    };
    if (!date.ok()) return std::nullopt;
    return std::int64_t{std::chrono::sys_days{date}.time_since_epoch().count()} * day_s;
}

/// "2026-10-01" or "2026-10-01 20:00"; `end`: a day without a time means its end.
std::optional<std::int64_t> moment_of(std::string_view text, bool end) {
    if (text.size() != 10 && text.size() != 16) return std::nullopt;
    const auto year = number(text.substr(0, 4), 4);
    if (!year || text[4] != '-') return std::nullopt;
    const auto day = day_of(*year, text.substr(5, 5));
    if (!day) return std::nullopt;
    if (text.size() == 10) return *day + (end ? day_s : 0);
    const auto clock = clock_of(text.substr(11));
    if (!clock || text[10] != ' ') return std::nullopt;
    return *day + *clock;
}

constexpr std::string_view dates_expected =
    "a day or a span such as 2026-10-01, 2026-10-01..2026-10-07, "
    "2026-11-10 20:00..2026-11-12 00:00, or of every year 11-01..11-12";

Parsed<std::vector<DaySpan>> yearly(
    std::string_view text, std::string_view from, std::string_view to
) {
    std::vector<DaySpan> out;
    for (int year = first_year; year <= last_year; ++year) {
        const auto begin = day_of(year, from);
        const auto end = day_of(to < from ? year + 1 : year, to);
        const bool leap = from == "02-29" || to == "02-29";
        if (begin && end)
            out.push_back({*begin, *end + day_s});
        else if (!leap)
            return wrong<std::vector<DaySpan>>(text, dates_expected);
    }
    return out;
}

Parsed<std::vector<DaySpan>> spans_of(std::string_view text) {
    const std::size_t dots = text.find("..");
    const std::string_view from = text.substr(0, dots);
    const std::string_view to = dots == std::string_view::npos ? from : text.substr(dots + 2);
    if (from.size() == 5 && to.size() == 5) return yearly(text, from, to);
    const auto begin = moment_of(from, false);
    const auto end = moment_of(to, true);
    if (!begin || !end) return wrong<std::vector<DaySpan>>(text, dates_expected);
    if (*end <= *begin)
        return tl::make_unexpected(Complaint{shown(text) + " ends before it begins", "", ""});
    return std::vector<DaySpan>{
        {*begin, *end}
    };
}

Parsed<std::vector<Weekly>> hours_of(std::string_view text, std::uint8_t days) {
    constexpr std::string_view expected = "hours such as 09:00-21:00, or 22:00-06:00 over midnight";
    const std::size_t dash = text.find('-');
    if (dash == std::string_view::npos) return wrong<std::vector<Weekly>>(text, expected);
    const auto from = clock_of(text.substr(0, dash));
    const auto to = clock_of(text.substr(dash + 1));
    if (!from || !to || *from == day_s || *from == *to)
        return wrong<std::vector<Weekly>>(text, expected);
    if (*from < *to)
        return std::vector<Weekly>{
            {days, *from, *to}
        };
    std::vector<Weekly> out{
        {days, *from, day_s}
    };
    const auto next = static_cast<std::uint8_t>(((days << 1) | (days >> 6)) & 0x7f);
    if (*to > 0) out.push_back({next, 0, *to});
    return out;
}

void weekly(const Cursor& at, plan::Calendar& out) {
    for (const auto& [name, each] : at.entries()) {
        const auto days = days_of(name);
        if (!days) {
            each.say(shown(name) + " is no day of the week", "mon, mon-fri, sat-sun or daily");
            continue;
        }
        const auto read = [&](const Cursor& hours) {
            const auto parse = [&](std::string_view text) { return hours_of(text, *days); };
            if (const auto slots =
                    hours.value<std::vector<Weekly>>(parse, "hours such as 09:00-21:00"))
                out.weekly.insert(out.weekly.end(), slots->begin(), slots->end());
        };
        if (each.is_scalar()) {
            read(each);
        } else {
            for (const Cursor& item : each.items()) read(item);
        }
    }
}

/// Sorted, and what touches or overlaps is one.
void merge(std::vector<DaySpan>& spans) {
    std::sort(spans.begin(), spans.end());
    std::vector<DaySpan> out;
    for (const DaySpan& span : spans) {
        if (!out.empty() && span.from_s <= out.back().to_s)
            out.back().to_s = std::max(out.back().to_s, span.to_s);
        else
            out.push_back(span);
    }
    spans = std::move(out);
}

/// Names that exist, without a calendar that holds itself by any way.
void check_references(
    const std::vector<std::pair<std::string, Cursor>>& entries, const plan::Calendars& all
) {
    std::vector<std::string_view> names;
    for (const auto& [name, calendar] : all) names.push_back(name);
    for (const auto& [name, at] : entries) {
        for (const char* key : {"with", "without"})
            for (const auto& [other, where] : at.names(key))
                if (!all.contains(other))
                    where.say("no calendar " + shown(other), one_of(names), nearest(other, names));
        std::set<std::string> seen;
        std::vector<std::string> walk{name};
        while (!walk.empty()) {
            const std::string one = std::move(walk.back());
            walk.pop_back();
            const auto found = all.find(one);
            if (found == all.end()) continue;
            for (const auto* list : {&found->second.with, &found->second.without})
                for (const std::string& other : *list) {
                    if (other == name) {
                        at.say("it is made of itself", "calendars that do not lead back");
                        walk.clear();
                        seen.clear();
                        break;
                    }
                    if (seen.insert(other).second) walk.push_back(other);
                }
            if (seen.empty() && walk.empty()) break;
        }
    }
}

std::vector<std::string> list_of(const Cursor& at, std::string_view key) {
    std::vector<std::string> out;
    for (const auto& [name, where] : at.names(key)) out.push_back(name);
    return out;
}

}  // namespace

std::optional<std::int64_t> parse_moment(std::string_view text) { return moment_of(text, false); }

plan::Calendars decode_calendars(const Cursor& at, const FileReader& read) {
    plan::Calendars out;
    const auto entries = at.entries();
    std::vector<std::pair<std::string, Cursor>> whole;
    for (const auto& [name, each] : entries) {
        if (!each.is_map()) continue;
        plan::Calendar calendar;
        if (const auto days = each.get("weekly")) weekly(*days, calendar);
        if (const auto dates = each.get("dates"))
            for (const Cursor& item : dates->items())
                if (const auto spans = item.value<std::vector<DaySpan>>(spans_of, dates_expected))
                    calendar.spans.insert(calendar.spans.end(), spans->begin(), spans->end());
        if (const auto file = each.get("ics")) {
            auto text = read(file->text());
            if (!text) {
                file->say(text.error().what, "a file of events");
            } else {
                auto events = parse_ics(*text, each.text("only"));
                if (!events) {
                    file->say(events.error().what, events.error().expected);
                } else {
                    calendar.spans.insert(calendar.spans.end(), events->begin(), events->end());
                }
            }
        }
        calendar.with = list_of(each, "with");
        calendar.without = list_of(each, "without");
        if (!each.has("weekly") && !each.has("dates") && !each.has("ics") && !each.has("with"))
            each.say("it is never in force", "weekly, dates, ics or with");
        merge(calendar.spans);
        out[name] = std::move(calendar);
        whole.emplace_back(name, each);
    }
    check_references(whole, out);
    return out;
}

}  // namespace surged::config
