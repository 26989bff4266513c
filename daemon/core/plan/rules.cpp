#include "core/plan/rules.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace surged::plan {
namespace {

constexpr std::array<std::string_view, 5> level_names{"none", "IV", "III", "II", "I"};
constexpr std::int64_t second_us = 1'000'000;

std::int64_t local_seconds(const Zone& zone, Wall wall) {
    const std::int64_t us = wall.us + std::int64_t{offset_at(zone, wall)} * second_us;
    return std::chrono::floor<Seconds>(Micros{us}).count();
}

}  // namespace

std::string_view name_of(Level level) { return level_names[static_cast<std::size_t>(level)]; }

std::optional<Level> parse_level(std::string_view text) {
    for (const Level level : levels)
        if (name_of(level) == text) return level;
    return std::nullopt;
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

bool glob_matches(std::string_view pattern, std::string_view text) {
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = std::string_view::npos;
    std::size_t resume = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = t;
        } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

bool any_glob_matches(const std::vector<std::string>& globs, std::string_view text) {
    return std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) {
        return glob_matches(glob, text);
    });
}

const Leaf& leaf_for(const Condition& condition, std::string_view queue) {
    SURGED_ASSERT(condition.kind == ConditionKind::leaf);
    for (auto it = condition.overrides.rbegin(); it != condition.overrides.rend(); ++it)
        if (any_glob_matches(it->queues, queue)) return it->leaf;
    return condition.leaf;
}

}  // namespace surged::plan
