// Time zones as plain tables, so that the core needs no tz database.
#include "config/decode.hpp"

#include <date/tz.h>
#include <limits>

namespace surged::config {
namespace {

Wall wall_of(date::sys_seconds at) { return Wall{at.time_since_epoch().count() * 1'000'000}; }

}  // namespace

Parsed<plan::Zone> load_zone(std::string_view name) {
    using namespace date::literals;
    // The first offset holds from the beginning of time, the last one to its end.
    constexpr date::sys_days first{2020_y / date::January / 1};
    constexpr date::sys_days last{2041_y / date::January / 1};
    const date::time_zone* zone = nullptr;
    Complaint unknown{
        shown(name) + " is not a time zone", "an IANA name such as Asia/Shanghai", ""
    };
    try {
        zone = date::locate_zone(std::string{name});
    } catch (const std::exception&) {
        try {
            std::vector<std::string_view> names;
            for (const auto& each : date::get_tzdb().zones) names.push_back(each.name());
            unknown.suggestion = nearest(name, names);
        } catch (const std::exception& e) {
            unknown = {
                std::string{"the time zones cannot be read: "} + e.what(), "tzdata installed", ""
            };
        }
        return tl::make_unexpected(unknown);
    }
    plan::Zone out;
    out.name = zone->name();
    for (date::sys_seconds at = first; at < last;) {
        const date::sys_info info = zone->get_info(at);
        const auto offset = static_cast<std::int32_t>(info.offset.count());
        if (out.changes.empty() || out.changes.back().offset_s != offset)
            out.changes.push_back({wall_of(at), offset});
        if (info.end <= at) break;
        at = info.end;
    }
    return out;
}

}  // namespace surged::config
