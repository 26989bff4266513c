// Time zones as plain tables, so that the core needs no tz database.
#include "config/decode.hpp"

#include <algorithm>
#include <date/tz.h>

namespace surged::config {
namespace {

using namespace date::literals;

// The first offset holds from the beginning of time, the last one to its end.
constexpr date::year first_year = 2020_y;
constexpr date::year last_year = 2040_y;
// Compiled zones list changes one by one to this year and then give a rule that the date library
// takes no notice of.
constexpr date::year listed_to = 2037_y;

/// Years end with February here: every change of a yearly rule falls on the same day of two such
/// years that begin on the same day of the week.
date::sys_days march(date::year year) { return year / date::March / 1; }
Wall wall_of(date::sys_seconds at) { return Wall{at.time_since_epoch().count() * 1'000'000}; }

/// Goes on with the rule of the last years listed, where the list ends with them.
void extend(std::vector<plan::Zone::Change>& changes) {
    const auto from_before = [](const plan::Zone::Change& change, date::year year) {
        return change.from < wall_of(march(year));
    };
    if (from_before(changes.back(), listed_to)) return;                    // no yearly rule
    if (!from_before(changes.back(), listed_to + date::years{1})) return;  // listed for longer
    const std::vector<plan::Zone::Change> listed = changes;
    for (date::year year = listed_to + date::years{1}; year <= last_year; ++year) {
        date::year like = listed_to;
        while (date::weekday{march(like)} != date::weekday{march(year)}) --like;
        const std::int64_t shift = wall_of(march(year)).us - wall_of(march(like)).us;
        for (const plan::Zone::Change& change : listed)
            if (!from_before(change, like) && from_before(change, like + date::years{1}))
                changes.push_back({Wall{change.from.us + shift}, change.offset_s});
    }
}

std::vector<plan::Zone::Change> changes_of(const date::time_zone& zone) {
    std::vector<plan::Zone::Change> out;
    const date::sys_days end = (last_year + date::years{1}) / date::January / 1;
    for (date::sys_seconds at = date::sys_days{first_year / date::January / 1}; at < end;) {
        const date::sys_info info = zone.get_info(at);
        const auto offset = static_cast<std::int32_t>(info.offset.count());
        if (out.empty() || out.back().offset_s != offset) out.push_back({wall_of(at), offset});
        if (info.end <= at) break;
        at = info.end;
    }
    extend(out);
    return out;
}

}  // namespace

Parsed<plan::Zone> load_zone(std::string_view name) {
    Complaint unknown{
        shown(name) + " is not a time zone", "an IANA name such as Asia/Shanghai", ""
    };
    try {
        const date::time_zone* zone = date::locate_zone(std::string{name});
        return plan::Zone{zone->name(), changes_of(*zone)};
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): said below
    }
    try {
        std::vector<std::string_view> names;
        for (const auto& each : date::get_tzdb().zones) names.push_back(each.name());
        unknown.suggestion = nearest(name, names);
    } catch (const std::exception& e) {
        unknown = {std::string{"the time zones cannot be read: "} + e.what(), "tzdata", ""};
    }
    return tl::make_unexpected(unknown);
}

}  // namespace surged::config
