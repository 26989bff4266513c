// Calendars: named times in the site's local wall time. They switch thresholds, shifts and quiet
// hours, start plans by date, and tell special days from ordinary ones.
#pragma once

#include "base/time.hpp"
#include "core/plan/zone.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace surged::plan {

/// In force at T if a weekly slot, a span or a calendar of `with` covers T, and none of `without`
/// does. The decoder refuses cycles and names that do not exist; years are written out as spans.
struct Calendar {
    /// Seconds of the local day, from ≤ t < to; a slot over midnight is two.
    struct Weekly {
        std::uint8_t days{0};  // bit 0 Monday … bit 6 Sunday
        std::int32_t from_s{0}, to_s{86'400};
        template <class A>
        void fields(A& a) {
            a(days, from_s, to_s);
        }
        bool operator==(const Weekly&) const = default;
    };
    /// Seconds since 1970-01-01 00:00 local, from ≤ t < to.
    struct Span {
        std::int64_t from_s{0}, to_s{0};
        template <class A>
        void fields(A& a) {
            a(from_s, to_s);
        }
        auto operator<=>(const Span&) const = default;
    };
    std::vector<Weekly> weekly;
    std::vector<Span> spans;  // sorted, without overlap
    std::vector<std::string> with, without;
    template <class A>
    void fields(A& a) {
        a(weekly, spans, with, without);
    }
    bool operator==(const Calendar&) const = default;
};
using Calendars = std::map<std::string, Calendar>;

/// A name that does not exist is never in force.
[[nodiscard]] bool in_force(
    const Calendars& calendars, const Zone& zone, std::string_view name, Wall at
);
/// The first instant after `after` at which in_force() may give another answer; nullopt: never.
[[nodiscard]] std::optional<Wall> next_change(
    const Calendars& calendars, const Zone& zone, std::string_view name, Wall after
);
/// When the calendar came into force if it is in force at `at`, else when it next does; nullopt:
/// not within two years of it.
[[nodiscard]] std::optional<Wall> begins(
    const Calendars& calendars, const Zone& zone, std::string_view name, Wall at
);

}  // namespace surged::plan
