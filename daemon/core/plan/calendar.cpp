#include "core/plan/calendar.hpp"

#include <algorithm>

namespace surged::plan {
namespace {

constexpr std::int64_t day_s = 86'400;
constexpr std::int64_t second_us = 1'000'000;
constexpr int deepest = 16;  // of calendars made of calendars; the decoder allows fewer

std::int64_t day_of(std::int64_t local_s) {
    return std::chrono::floor<std::chrono::days>(Seconds{local_s}).count();
}

/// 0 Monday … 6 Sunday. 1970-01-01 was a Thursday.
int weekday_of(std::int64_t day) { return static_cast<int>(((day + 3) % 7 + 7) % 7); }

bool covers(const Calendar& calendar, std::int64_t local_s) {
    const auto span = std::upper_bound(
        calendar.spans.begin(),
        calendar.spans.end(),
        local_s,
        [](std::int64_t at, const auto& s) { return at < s.to_s; }
    );
    if (span != calendar.spans.end() && span->from_s <= local_s) return true;
    const std::int64_t day = day_of(local_s);
    const std::int64_t of_day = local_s - day * day_s;
    const int bit = 1 << weekday_of(day);
    return std::any_of(calendar.weekly.begin(), calendar.weekly.end(), [&](const auto& slot) {
        return (slot.days & bit) != 0 && slot.from_s <= of_day && of_day < slot.to_s;
    });
}

/// One question about one calendar and those it is made of.
struct Reader {
    const Calendars& calendars;
    const Zone& zone;

    [[nodiscard]] bool in_force(std::string_view name, Wall at, int depth = 0) const {
        const auto found = calendars.find(std::string{name});
        if (found == calendars.end() || depth > deepest) return false;
        const auto any = [&](const std::vector<std::string>& names) {
            return std::any_of(names.begin(), names.end(), [&](const std::string& other) {
                return in_force(other, at, depth + 1);
            });
        };
        const Calendar& calendar = found->second;
        if (any(calendar.without)) return false;
        return covers(calendar, local_seconds(zone, at)) || any(calendar.with);
    }

    [[nodiscard]] std::optional<Wall> next_change(std::string_view name, Wall after, int depth = 0)
        const {
        const auto found = calendars.find(std::string{name});
        if (found == calendars.end() || depth > deepest) return std::nullopt;
        const Calendar& calendar = found->second;
        std::optional<Wall> next;
        const auto consider = [&](std::optional<Wall> at) {
            if (at && *at > after && (!next || *at < *next)) next = at;
        };
        for (const auto* names : {&calendar.with, &calendar.without})
            for (const std::string& other : *names) consider(next_change(other, after, depth + 1));
        const std::int64_t local_s = local_seconds(zone, after);
        for (const Calendar::Span& span : calendar.spans) {
            if (span.to_s < local_s - day_s) continue;  // a day for the clocks to have been set
            consider(wall_of_local(zone, span.from_s));
            consider(wall_of_local(zone, span.to_s));
            if (span.from_s > local_s + day_s) break;
        }
        weekly_changes(calendar, day_of(local_s), consider);
        return next;
    }

    template <class Consider>
    void weekly_changes(const Calendar& calendar, std::int64_t today, Consider consider) const {
        if (calendar.weekly.empty()) return;
        for (std::int64_t day = today - 1; day <= today + 8; ++day)
            for (const Calendar::Weekly& slot : calendar.weekly) {
                if ((slot.days & (1 << weekday_of(day))) == 0) continue;
                consider(wall_of_local(zone, day * day_s + slot.from_s));
                consider(wall_of_local(zone, day * day_s + slot.to_s));
            }
        for (const Zone::Change& change : zone.changes) consider(change.from);
    }
};

}  // namespace

bool in_force(const Calendars& calendars, const Zone& zone, std::string_view name, Wall at) {
    return Reader{calendars, zone}.in_force(name, at);
}

std::optional<Wall> next_change(
    const Calendars& calendars, const Zone& zone, std::string_view name, Wall after
) {
    return Reader{calendars, zone}.next_change(name, after);
}

std::optional<Wall> begins(
    const Calendars& calendars, const Zone& zone, std::string_view name, Wall at
) {
    const Reader reader{calendars, zone};
    constexpr std::int64_t horizon_s = 731 * day_s;
    // Backwards in growing steps to a moment outside, then forwards over every change from there.
    Wall from = at;
    if (reader.in_force(name, at)) {
        for (std::int64_t back = day_s; back <= horizon_s * 2; back *= 8) {
            from = Wall{at.us - back * second_us};
            if (!reader.in_force(name, from)) break;
        }
    }
    const Wall limit{at.us + horizon_s * second_us};
    std::optional<Wall> begun;
    for (auto next = reader.next_change(name, from); next && *next <= limit;
         next = reader.next_change(name, *next)) {
        if (!reader.in_force(name, *next)) {
            if (*next <= at) begun.reset();
            continue;
        }
        if (!begun) begun = next;
        if (*begun > at) return begun;
        if (*next > at) break;
    }
    return begun;
}

}  // namespace surged::plan
