#include "core/plan/calendar.hpp"

#include <doctest/doctest.h>

namespace surged::plan {
namespace {

Wall at(const char* text) { return parse_rfc3339(text).value(); }
std::int64_t local(const char* text) { return at(text).us / 1'000'000; }  // read as if UTC

const Zone hangzhou{"Asia/Shanghai", {{Wall{0}, 8 * 3600}}};

Calendars calendars() {
    Calendars out;
    out["office"].weekly = {
        {0b0011111, 9 * 3600, 21 * 3600}
    };
    out["holidays"].spans = {
        {local("2026-10-01T00:00:00Z"), local("2026-10-08T00:00:00Z")}
    };
    out["makeup"].spans = {
        {local("2026-10-10T09:00:00Z"), local("2026-10-10T21:00:00Z")}
    };
    out["open"] = {
        {},
        {},
        {"office", "makeup"},
        {"holidays"}
    };
    out["double-11"].spans = {
        {local("2026-11-10T20:00:00Z"), local("2026-11-12T00:00:00Z")}
    };
    out["loop"] = {{}, {}, {"loop"}, {}};
    return out;
}

TEST_CASE("calendar: weekly slots, holidays and make-up workdays compose") {
    const Calendars all = calendars();
    struct Row {
        const char *name, *at;  // in Hangzhou
        bool open;
    };
    const Row rows[] = {
        {"a Wednesday morning",        "2026-09-30T09:00:00+08:00", true },
        {"before it opens",            "2026-09-30T08:59:59+08:00", false},
        {"at the close",               "2026-09-30T21:00:00+08:00", false},
        {"a Saturday",                 "2026-09-26T10:00:00+08:00", false},
        {"a Thursday in the holidays", "2026-10-01T10:00:00+08:00", false},
        {"the Saturday made up for",   "2026-10-10T10:00:00+08:00", true },
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        CHECK(in_force(all, hangzhou, "open", at(row.at)) == row.open);
    }
    CHECK_FALSE(in_force(all, hangzhou, "no such", at("2026-10-10T10:00:00+08:00")));
    CHECK_FALSE(in_force(all, hangzhou, "loop", at("2026-10-10T10:00:00+08:00")));
    CHECK_FALSE(next_change(all, hangzhou, "no such", Wall{0}).has_value());
}

TEST_CASE("calendar: between two changes nothing changes") {
    const Calendars all = calendars();
    Wall from = at("2026-09-25T00:00:00+08:00");
    int changes = 0;
    while (from < at("2026-10-15T00:00:00+08:00")) {
        const auto to = next_change(all, hangzhou, "open", from);
        REQUIRE(to.has_value());
        REQUIRE(*to > from);
        const bool inside = in_force(all, hangzhou, "open", from);
        for (const std::int64_t part : {1, 2, 3})
            CHECK(
                in_force(all, hangzhou, "open", Wall{from.us + (to->us - from.us) * part / 4}) ==
                inside
            );
        CHECK(in_force(all, hangzhou, "open", Wall{to->us - 1}) == inside);
        from = *to;
        ++changes;
    }
    CHECK(changes > 20);
}

TEST_CASE("calendar: a season begins once, however it is asked") {
    const Calendars all = calendars();
    const Wall begin = at("2026-11-10T20:00:00+08:00");
    for (const char* when :
         {"2026-10-01T00:00:00+08:00",
          "2026-11-10T19:59:59+08:00",
          "2026-11-10T20:00:00+08:00",
          "2026-11-11T23:59:59+08:00"}) {
        CAPTURE(when);
        CHECK(begins(all, hangzhou, "double-11", at(when)) == begin);
    }
    CHECK_FALSE(begins(all, hangzhou, "double-11", at("2026-11-12T00:00:00+08:00")).has_value());
    CHECK(
        begins(all, hangzhou, "office", at("2026-09-30T10:00:00+08:00")) ==
        at("2026-09-30T09:00:00+08:00")
    );
    CHECK(
        begins(all, hangzhou, "office", at("2026-09-30T22:00:00+08:00")) ==
        at("2026-10-01T09:00:00+08:00")
    );
}

}  // namespace
}  // namespace surged::plan
