#include "app/backtest/csv.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <utility>

namespace surged::app::backtest {
namespace {

using namespace io::api;

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
        text.remove_suffix(1);
    return text;
}

std::optional<double> number_of(std::string_view text) {
    double out = 0;
    const auto [stop, wrong] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (wrong != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
    return out;
}

/// The next number of a clock, and what stands behind it.
std::optional<std::int64_t> part(std::string_view& text, std::string_view ends) {
    std::int64_t out = 0;
    const auto [stop, wrong] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (wrong != std::errc{} || out < 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
    if (text.empty()) return out;
    if (ends.find(text.front()) == std::string_view::npos) return std::nullopt;
    text.remove_prefix(1);
    return out;
}

void put_list(Draft& draft, std::string_view cell) {
    while (!cell.empty()) {
        const auto end = std::min(cell.find('|'), cell.size());
        put_queue(draft, trimmed(cell.substr(0, end)));
        cell.remove_prefix(std::min(end + 1, cell.size()));
    }
}

}  // namespace

std::optional<Wall> parse_time(std::string_view text, const plan::Zone& zone) {
    if (const auto seconds = number_of(text); seconds && std::isfinite(*seconds)) {
        if (*seconds < 0 || *seconds > 4e9) return std::nullopt;
        return Wall{std::llround(*seconds * 1e6)};
    }
    if (const auto whole = parse_rfc3339(text)) return whole;
    std::array<std::int64_t, 6> parts{0, 0, 0, 0, 0, 0};
    constexpr std::array<std::string_view, 6> ends{"-/", "-/", " T", ":", ":", "."};
    std::size_t given = 0;
    for (; given < parts.size() && !text.empty(); ++given) {
        const auto one = part(text, ends[given]);
        if (!one) return std::nullopt;
        parts[given] = *one;
    }
    if (given < 5 || parts[3] > 24 || parts[4] > 59 || parts[5] > 60) return std::nullopt;
    const std::chrono::year_month_day day{
        std::chrono::year{static_cast<int>(parts[0])},
        std::chrono::month{static_cast<unsigned>(parts[1])},
        std::chrono::day{static_cast<unsigned>(parts[2])}
    };
    if (parts[0] > 2100 || !day.ok()) return std::nullopt;
    const std::int64_t days = std::chrono::sys_days{day}.time_since_epoch().count();
    const std::int64_t local = days * 86'400 + parts[3] * 3'600 + parts[4] * 60 + parts[5];
    std::int64_t fraction = 0;
    for (std::int64_t unit = 100'000; !text.empty(); unit /= 10, text.remove_prefix(1)) {
        if (text.front() < '0' || text.front() > '9') return std::nullopt;
        fraction += unit * (text.front() - '0');
    }
    return Wall{plan::wall_of_local(zone, local).us + fraction};
}

void CsvTable::cut(std::string_view line) {
    count_ = 0;
    const auto cell = [this]() -> std::string& {
        if (count_ == cells_.size()) cells_.emplace_back();
        cells_[count_].clear();
        return cells_[count_++];
    };
    std::string* out = &cell();
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"') {
            *out += c;
            ++i;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (c == separator_ && !quoted) {
            out = &cell();
        } else {
            *out += c;
        }
    }
}

Result<CsvTable> CsvTable::from_heading(std::string_view line) {
    if (line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);
    CsvTable out;
    const auto count = [line](char c) { return std::count(line.begin(), line.end(), c); };
    for (const char c : {';', '\t'})
        if (count(c) > count(out.separator_)) out.separator_ = c;
    out.cut(line);
    Mask seen{0};
    for (std::size_t i = 0; i < out.count_; ++i) {
        std::string name{trimmed(out.cells_[i])};
        for (char& c : name)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if (name == "time") name = "ts";
        if (name == "event") name = "type";
        const auto key = key_of(name);
        if (key && (seen & bit(*key)) != 0)
            return fail(fmt::format("two columns for {}", key_names[*key]));
        if (key) seen |= bit(*key);
        out.columns_.push_back(key);
    }
    if ((seen & mask(k_ts, k_type)) != mask(k_ts, k_type))
        return fail(
            "the heading has no column time, or none called event",
            "columns are named as the fields of an event: time,queue,event,call,agent,wait,…"
        );
    return out;
}

Outcome CsvTable::read(
    std::string_view line, std::string_view site, const plan::Zone& zone, Draft& draft
) {
    renew(draft);
    cut(line);
    if (count_ > columns_.size())
        return Fault{
            BadLine::json, fmt::format("{} cells under {} headings", count_, columns_.size())
        };
    for (std::size_t i = 0; i < count_; ++i) {
        if (!columns_[i]) continue;
        const Key key = *columns_[i];
        const std::string_view cell = trimmed(cells_[i]);
        if (cell.empty() || key == k_source || key == k_caller) continue;  // no caller's number
        draft.seen |= bit(key);
        if (key == k_ts || key == k_due) {
            const auto time = parse_time(cell, zone);
            if (!time)
                return Fault{BadLine::wrong_type, fmt::format("{} is no time", key_names[key])};
            put_number(draft, key, static_cast<double>(time->us) / 1e6);
            (key == k_ts ? draft.event.ts : draft.event.due) = *time;
        } else if (key == k_queues) {
            put_list(draft, cell);
        } else if (kind_of(key) == Kind::number) {
            const auto number = number_of(cell);
            if (number)
                put_number(draft, key, *number);
            else
                draft.wrong_type |= bit(key);
        } else {
            put_text(draft, key, cell);
        }
    }
    return finish(draft, site);
}

}  // namespace surged::app::backtest
