#include "io/source/csv/sheet.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <numeric>
#include <utility>

namespace surged::io::csv {
namespace {

constexpr std::size_t mistakes_kept = 20;
constexpr std::size_t rows_max = 200'000;
constexpr std::size_t name_max = 256;
constexpr Micros longest{std::chrono::hours{24}};

constexpr std::array<std::string_view, 18> field_names{
    "date",
    "from",
    "to",
    "queue",
    "offered",
    "agents",
    "lines",
    "handle",
    "ticket",
    "opened",
    "assigned",
    "due",
    "closed",
    "topic",
    "severity",
    "class",
    "answered",
    "abandoned"
};

/// A cell to be shown: short, and without what may be somebody's number.
std::string shown(const std::string& text) {
    std::string out = text.substr(0, 40);
    while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0xc0U) == 0x80U &&
           out.size() < text.size())
        out.pop_back();  // not in the middle of a character
    std::size_t run = 0;
    for (std::size_t i = 0; i <= out.size(); ++i) {
        const bool digit = i < out.size() && out[i] >= '0' && out[i] <= '9';
        if (digit) {
            ++run;
            continue;
        }
        if (run > 8) std::fill_n(out.begin() + static_cast<std::ptrdiff_t>(i - run), run, '#');
        run = 0;
    }
    return "\"" + out + "\"";
}

}  // namespace

Sheet::Sheet(Kind kind, const Mapping& mapping, const plan::Zone& zone, const Row& header)
    : kind_{kind}, mapping_{mapping}, zone_{zone} {
    find_columns(header);
}

void Sheet::find_columns(const Row& header) {
    const auto needs = [this](Field field) {
        switch (kind_) {
            case Kind::plan:
            case Kind::history:
                return field == from || field == offered;
            case Kind::staffing:
                return field == from || field == agents;
            case Kind::complaints:
                return field == ticket || field == opened;
        }
        return false;
    };
    width_ = header.cells.size();
    for (std::size_t i = 0; i < fields; ++i) {
        const auto field = static_cast<Field>(i);
        const auto said = mapping_.columns.find(field_names[i]);
        const bool mapped = said != mapping_.columns.end();
        const std::string_view wanted = mapped ? std::string_view{said->second} : field_names[i];
        columns_[i] = absent;
        for (std::size_t column = 0; column < width_; ++column) {
            if (header.cells[column].text != wanted) continue;
            if (columns_[i] != absent)
                wrong({header.cells[column].at, fmt::format("a second column {}", wanted)});
            columns_[i] = column;
        }
        if (columns_[i] != absent || (!mapped && !needs(field))) continue;
        std::string there;
        for (const Cell& each : header.cells)
            if (there.size() < 200) there += (there.empty() ? "" : ", ") + each.text;
        wrong(
            {header.at,
             fmt::format("no column {} for {}; there are {}", wanted, field_names[i], there)}
        );
    }
    const bool names_queue = columns_[queue] != absent || !mapping_.queue.empty();
    if (!names_queue) wrong({header.at, "no column for queue, and no queue in the configuration"});
}

void Sheet::wrong(Mistake mistake) {
    ++out_.mistaken;
    if (out_.mistakes.size() < mistakes_kept) out_.mistakes.push_back(std::move(mistake));
}

void Sheet::wrong(Field field, std::string what) {
    const std::size_t column = columns_[field];
    const bool there = column != absent && column < row_->cells.size();
    wrong(
        {there ? row_->cells[column].at : row_->at, fmt::format("{}: {}", field_names[field], what)}
    );
}

const Cell* Sheet::cell(Field field) const {
    const std::size_t column = columns_[field];
    if (column == absent || column >= row_->cells.size()) return nullptr;
    const Cell& out = row_->cells[column];
    return out.text.empty() ? nullptr : &out;
}

std::optional<std::string> Sheet::name(Field field, bool needed) {
    const Cell* const found = cell(field);
    if (found == nullptr) {
        if (needed) wrong(field, "empty");
        return needed ? std::nullopt : std::optional{std::string{}};
    }
    if (found->text.size() <= name_max && found->text.find_first_of("\r\n\t") == std::string::npos)
        return found->text;
    wrong(field, "longer than 256 bytes, or on two lines");
    return std::nullopt;
}

std::optional<std::string> Sheet::queue_name() {
    auto said = name(queue, mapping_.queue.empty());
    if (!said) return said;
    if (said->empty()) return mapping_.queue;
    const auto ours = mapping_.queue_names.find(*said);
    return ours == mapping_.queue_names.end() ? said : ours->second;
}

std::optional<Wall> Sheet::time(Field field, bool needed) {
    const Cell* const found = cell(field);
    if (found == nullptr) {
        if (needed) wrong(field, "empty");
        return std::nullopt;
    }
    std::optional<std::int64_t> day;
    if (const Cell* const said = cell(date); said != nullptr && kind_ != Kind::complaints) {
        day = parse_day(said->text);
        if (!day) {
            wrong(
                date,
                fmt::format("{} is no day; expected one such as 2026-11-23", shown(said->text))
            );
            return std::nullopt;
        }
    }
    const auto out = parse_time(found->text, zone_, day);
    if (!out)
        wrong(
            field,
            fmt::format(
                "{} is no time; expected one such as {}",
                shown(found->text),
                day ? "08:30" : "2026-11-23 08:30"
            )
        );
    return out;
}

std::optional<double> Sheet::number(Field field, bool needed, double most, bool whole) {
    const Cell* const found = cell(field);
    if (found == nullptr) {
        if (needed) wrong(field, "empty");
        return std::nullopt;
    }
    double out = 0;
    const char* const end = found->text.data() + found->text.size();
    const auto [stop, failed] = std::from_chars(found->text.data(), end, out);
    const bool good = failed == std::errc{} && stop == end && out >= 0 && out <= most;
    if (good && (!whole || out == std::floor(out))) return out;
    wrong(
        field,
        fmt::format(
            "{} is no {} from 0 to {:.0f}",
            shown(found->text),
            whole ? "whole number" : "number",
            most
        )
    );
    return std::nullopt;
}

void Sheet::take(const Row& row) {
    if (++out_.rows > rows_max) {
        if (out_.rows == rows_max + 1) wrong({row.at, "more than 200000 rows"});
        return;
    }
    if (row.cells.size() > width_)
        return wrong({row.cells[width_].at, "more cells than the first row has"});
    const auto blank = [](const Cell& each) { return each.text.empty(); };
    if (std::all_of(row.cells.begin(), row.cells.end(), blank)) return;
    row_ = &row;
    clean_ = out_.mistaken;
    if (kind_ == Kind::complaints)
        take_order();
    else
        take_slot();
}

void Sheet::take_slot() {
    constexpr double heads_max = 100'000;
    Slot slot;
    const auto begins = time(from, true);
    std::optional<Wall> ends = cell(to) == nullptr ? std::nullopt : time(to, true);
    slot.queue = queue_name().value_or("");
    const bool past = kind_ == Kind::history;  // what was counted is whole
    slot.offered = number(offered, past || kind_ == Kind::plan, 1e6, past).value_or(0);
    if (past) {
        slot.answered = number(answered, false, 1e6, true);
        slot.abandoned = number(abandoned, false, 1e6, true);
    }
    const auto count = [&](Field field, bool needed) -> std::optional<std::int32_t> {
        const auto out = number(field, needed, heads_max, true);
        return out ? std::optional{static_cast<std::int32_t>(*out)} : std::nullopt;
    };
    slot.agents = count(agents, kind_ == Kind::staffing);
    slot.lines = count(lines, false);
    if (const auto seconds = number(handle, false, 86'400, false))
        slot.handle = Micros{static_cast<std::int64_t>(*seconds * 1e6)};
    if (out_.mistaken != clean_ || !begins) return;
    slot.from = *begins;
    slot.to = ends.value_or(Wall{begins->us + mapping_.interval.count()});
    // 23:30 to 00:00 of one day ends on the next.
    if (slot.to <= slot.from && cell(date) != nullptr) slot.to.us += longest.count();
    const std::int64_t lasts = slot.to.us - slot.from.us;
    if (lasts <= 0 || lasts > longest.count())
        return wrong(to, "the interval does not end within a day after its beginning");
    constexpr std::int64_t quarter_us = 900'000'000;
    if (past && (slot.from.us % quarter_us != 0 || lasts % quarter_us != 0))
        return wrong(from, "history is told in whole quarter hours");
    out_.slots.push_back(std::move(slot));
    places_.push_back(row_->at);
}

void Sheet::take_order() {
    Order order;
    order.ticket = name(ticket, true).value_or("");
    order.queue = queue_name().value_or("");
    order.topic = name(topic, false).value_or("");
    order.klass = name(klass, false).value_or("");
    const auto begins = time(opened, true);
    order.assigned = time(assigned, false);
    order.due = time(due, false);
    order.closed = time(closed, false);
    if (const Cell* const said = cell(severity)) {
        const auto known = mapping_.severities.find(said->text);
        const bool digit = said->text.size() == 1 && said->text[0] >= '0' && said->text[0] <= '4';
        if (known != mapping_.severities.end())
            order.severity = known->second;
        else if (digit)
            order.severity = said->text[0] - '0';
        else
            wrong(
                severity,
                fmt::format(
                    "{} is not among `severities`, and no digit from 1 to 4", shown(said->text)
                )
            );
    }
    if (out_.mistaken != clean_ || !begins) return;
    order.opened = *begins;
    if (order.closed && *order.closed < order.opened) return wrong(closed, "before it was opened");
    const auto [first, fresh] = tickets_.emplace(order.ticket, row_->at.line);
    if (!fresh) return wrong(ticket, fmt::format("the same as in line {}", first->second));
    out_.orders.push_back(std::move(order));
}

// Sorts the slots, and their places with them.
void Sheet::check_overlaps() {
    std::vector<std::size_t> order(out_.slots.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [this](std::size_t a, std::size_t b) {
        const Slot& x = out_.slots[a];
        const Slot& y = out_.slots[b];
        return std::tie(x.queue, x.from, a) < std::tie(y.queue, y.from, b);
    });
    std::vector<Slot> sorted;
    sorted.reserve(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        sorted.push_back(std::move(out_.slots[order[i]]));
        if (i == 0) continue;
        const bool same = sorted[i - 1].queue == sorted[i].queue;
        if (same && sorted[i].from < sorted[i - 1].to)
            wrong(
                {places_[order[i]],
                 fmt::format("overlaps the interval in line {}", places_[order[i - 1]].line)}
            );
    }
    out_.slots = std::move(sorted);
}

Content Sheet::finish() {
    check_overlaps();
    return std::move(out_);
}

}  // namespace surged::io::csv
