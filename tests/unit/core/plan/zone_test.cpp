#include "core/plan/zone.hpp"

#include <doctest/doctest.h>

namespace surged::plan {
namespace {

Wall at(const char* text) { return parse_rfc3339(text).value(); }

TEST_CASE("zone: local time follows the zone's changes") {
    const Zone hangzhou{"Asia/Shanghai", {{Wall{0}, 8 * 3600}}};
    CHECK(local_date(hangzhou, at("2026-11-22T16:00:00Z")) == "20261123");
    CHECK(local_clock(hangzhou, at("2026-11-23T16:35:19Z")) == "2026-11-24 00:35:19");
    CHECK(local_midnight(hangzhou, at("2026-11-23T15:59:59Z")) == at("2026-11-22T16:00:00Z"));
    CHECK(local_midnight(hangzhou, at("2026-11-23T16:00:00Z")) == at("2026-11-23T16:00:00Z"));

    // Berlin leaves summer time on 2026-10-25 at 01:00 UTC: that day has 25 hours.
    const Zone berlin{
        "Europe/Berlin", {{Wall{0}, 7200}, {at("2026-10-25T01:00:00Z"), 3600}}
    };
    CHECK(offset_at(berlin, at("2026-10-25T00:59:59Z")) == 7200);
    CHECK(offset_at(berlin, at("2026-10-25T01:00:00Z")) == 3600);
    CHECK(local_midnight(berlin, at("2026-10-25T22:59:59Z")) == at("2026-10-24T22:00:00Z"));
    CHECK(local_midnight(berlin, at("2026-10-25T23:00:00Z")) == at("2026-10-25T23:00:00Z"));
    CHECK(offset_at(Zone{}, Wall{0}) == 0);
}

TEST_CASE(
    "zone: a local time has an instant, in the hour that comes twice and the one that never does"
) {
    const Zone berlin{
        "Europe/Berlin",
        {{Wall{0}, 3600}, {at("2026-03-29T01:00:00Z"), 7200}, {at("2026-10-25T01:00:00Z"), 3600}}
    };
    const auto local = [&](const char* text) { return at(text).us / 1'000'000; };  // read as if UTC
    CHECK(wall_of_local(berlin, local("2026-06-01T12:00:00Z")) == at("2026-06-01T10:00:00Z"));
    CHECK(wall_of_local(berlin, local("2026-10-25T02:30:00Z")) == at("2026-10-25T00:30:00Z"));
    CHECK(wall_of_local(berlin, local("2026-03-29T02:30:00Z")) == at("2026-03-29T01:30:00Z"));
    CHECK(wall_of_local(berlin, local("2026-12-01T12:00:00Z")) == at("2026-12-01T11:00:00Z"));
    CHECK(wall_of_local(Zone{}, 60) == Wall{60'000'000});
}

}  // namespace
}  // namespace surged::plan
