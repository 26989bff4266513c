// A time zone frozen into the rules: offsets over the years needed, so that replay needs no zone
// database.
#pragma once

#include "base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace surged::plan {

/// Offsets of a time zone over the years needed; the first entry holds from the beginning.
struct Zone {
    struct Change {
        Wall from;                 // the wall-clock instant (UTC) from which it holds
        std::int32_t offset_s{0};  // local = UTC + offset
        template <class A>
        void fields(A& a) {
            a(from, offset_s);
        }
        bool operator==(const Change&) const = default;
    };
    std::string name;  // IANA
    std::vector<Change> changes;
    template <class A>
    void fields(A& a) {
        a(name, changes);
    }
    bool operator==(const Zone&) const = default;
};
/// Seconds that local time is ahead of UTC; the Wall of the latest local midnight; local time as
/// seconds since 1970-01-01 00:00 local.
[[nodiscard]] std::int32_t offset_at(const Zone& zone, Wall wall);
[[nodiscard]] Wall local_midnight(const Zone& zone, Wall wall);
[[nodiscard]] std::int64_t local_seconds(const Zone& zone, Wall wall);
/// The earliest instant with this local time; where the clocks skip it, where it would have been.
[[nodiscard]] Wall wall_of_local(const Zone& zone, std::int64_t local_s);
[[nodiscard]] std::string local_date(const Zone& zone, Wall wall);   // 20261123
[[nodiscard]] std::string local_clock(const Zone& zone, Wall wall);  // 2026-11-23 16:35:19

}  // namespace surged::plan
