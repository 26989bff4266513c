#include "core/plan/zone.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace surged::plan {
namespace {

constexpr std::int64_t second_us = 1'000'000;

}  // namespace

std::int64_t local_seconds(const Zone& zone, Wall wall) {
    const std::int64_t us = wall.us + std::int64_t{offset_at(zone, wall)} * second_us;
    return std::chrono::floor<Seconds>(Micros{us}).count();
}

Wall wall_of_local(const Zone& zone, std::int64_t local_s) {
    std::optional<Wall> earliest;
    std::int32_t before = 0;  // the offset in force before the change that skips this local time
    for (const Zone::Change& change : zone.changes) {
        const Wall at{(local_s - change.offset_s) * second_us};
        if (offset_at(zone, at) == change.offset_s && (!earliest || at < *earliest)) earliest = at;
        const bool skipped = change.from > Wall{(local_s - change.offset_s) * second_us};
        if (!skipped) before = change.offset_s;
    }
    if (zone.changes.empty()) return Wall{local_s * second_us};
    return earliest.value_or(Wall{(local_s - before) * second_us});
}

std::int32_t offset_at(const Zone& zone, Wall wall) {
    std::int32_t offset = zone.changes.empty() ? 0 : zone.changes.front().offset_s;
    for (const Zone::Change& change : zone.changes) {
        if (change.from > wall) break;
        offset = change.offset_s;
    }
    return offset;
}

Wall local_midnight(const Zone& zone, Wall wall) {
    const std::int64_t local = local_seconds(zone, wall);
    const std::int64_t day = std::chrono::floor<std::chrono::days>(Seconds{local}).count() * 86'400;
    // The offset at midnight may differ from the one now (daylight saving): settle in two rounds.
    Wall at{(day - offset_at(zone, wall)) * second_us};
    at = Wall{(day - offset_at(zone, at)) * second_us};
    return at > wall ? wall : at;
}

std::string local_date(const Zone& zone, Wall wall) {
    const std::chrono::sys_seconds at{Seconds{local_seconds(zone, wall)}};
    const std::chrono::year_month_day ymd{std::chrono::floor<std::chrono::days>(at)};
    return fmt::format(
        "{:04}{:02}{:02}",
        static_cast<int>(ymd.year()),
        static_cast<unsigned>(ymd.month()),
        static_cast<unsigned>(ymd.day())
    );
}

std::string local_clock(const Zone& zone, Wall wall) {
    const std::chrono::sys_seconds at{Seconds{local_seconds(zone, wall)}};
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day ymd{day};
    const auto rest = (at - day).count();
    return fmt::format(
        "{:04}-{:02}-{:02} {:02}:{:02}:{:02}",
        static_cast<int>(ymd.year()),
        static_cast<unsigned>(ymd.month()),
        static_cast<unsigned>(ymd.day()),
        rest / 3600,
        rest / 60 % 60,
        rest % 60
    );
}

}  // namespace surged::plan
