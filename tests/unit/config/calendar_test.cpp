#include "config/decode.hpp"
#include "unit/config/files.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace surged;
using namespace surged::config;
using namespace surged::config::test;

namespace {

/// site.yaml with these calendars.
std::string site_with(std::string_view calendars) {
    return fmt::format(
        "site: {{id: hz, time_zone: Asia/Shanghai}}\nqueues: {{sales: {{}}}}\ncalendars:\n{}",
        calendars
    );
}

Wall at(const char* text) { return parse_rfc3339(text).value(); }

struct Asked {
    const char *calendar, *at;
    bool in_force;
};

}  // namespace

TEST_CASE("config: calendars of hours, days, seasons, files and each other") {
    const Files files;
    files.put(
        "rules/holidays.ics",
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261001\r\nDTEND;VALUE=DATE:"
        "20261008\r\n"
        "SUMMARY:国庆节\r\n  "
        "休\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261010\r\nSUMMARY:国庆节 "
        "班\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    );
    files.put(
        "rules/site.yaml",
        site_with(
            R"(  office: {weekly: {mon-fri: "09:00-21:00", sat: ["10:00-12:00", "13:00-18:00"]}}
  night: {weekly: {daily: "22:00-06:00"}}
  holidays: {ics: holidays.ics, only: 休}
  makeup: {ics: holidays.ics, only: 班}
  open: {with: [office, makeup], without: [holidays]}
  double-11: {dates: ["2026-11-10 20:00..2026-11-12 00:00"]}
  new-year: {dates: [12-30..01-02]}
)"
        )
    );
    const auto loaded = load_rules(files.rules(), nullptr);
    REQUIRE_MESSAGE(loaded, why_not(loaded));
    const plan::Site& site = loaded->rules.site;
    const Asked rows[] = {
        {"office",    "2026-09-30T20:59:59+08:00", true },
        {"office",    "2026-09-26T12:30:00+08:00", false},
        {"night",     "2026-09-26T05:59:00+08:00", true },
        {"night",     "2026-09-26T06:00:00+08:00", false},
        {"night",     "2026-09-27T23:00:00+08:00", true },
        {"holidays",  "2026-10-07T23:59:59+08:00", true },
        {"holidays",  "2026-10-10T10:00:00+08:00", false},
        {"open",      "2026-10-01T10:00:00+08:00", false},
        {"open",      "2026-10-10T10:00:00+08:00", true },
        {"double-11", "2026-11-10T19:59:59+08:00", false},
        {"double-11", "2026-11-11T23:59:59+08:00", true },
        {"new-year",  "2027-01-02T23:00:00+08:00", true },
        {"new-year",  "2031-12-30T00:00:00+08:00", true },
        {"new-year",  "2031-01-03T00:00:00+08:00", false},
    };
    for (const Asked& row : rows) {
        CAPTURE(row.calendar);
        CAPTURE(row.at);
        CHECK(plan::in_force(site.calendars, site.zone, row.calendar, at(row.at)) == row.in_force);
    }
    bool kept = false;
    for (const auto& [name, text] : loaded->sources) kept = kept || name == "holidays.ics";
    CHECK(kept);
}

TEST_CASE("config: every mistake of a calendar is reported at its place") {
    struct Row {
        const char *calendar, *said;
    };
    const Row rows[] = {
        {"{weekly: {monday: \"09:00-21:00\"}}", "is no day of the week"           },
        {"{weekly: {mon: \"9-21\"}}",           "is not understood"               },
        {"{weekly: {mon: \"09:00-25:00\"}}",    "is not understood"               },
        {"{dates: [2026-02-30]}",               "is not understood"               },
        {"{dates: [2026-10-07..2026-10-01]}",   "ends before it begins"           },
        {"{with: [b]}",                         "no calendar \"b\""               },
        {"{dates: [2026-10-01], with: [a]}",    "it is made of itself"            },
        {"{}",                                  "it is never in force"            },
        {"{ics: ../secret}",                    "it is not below the rules folder"},
        {"{ics: none.ics}",                     "there is no such file"           },
    };
    for (const Row& row : rows) {
        CAPTURE(row.calendar);
        const Files files;
        files.put("rules/site.yaml", site_with(fmt::format("  a: {}\n", row.calendar)));
        const auto loaded = load_rules(files.rules(), nullptr);
        REQUIRE_FALSE(loaded);
        CHECK(loaded.error()[0].line == 4);
        CHECK_MESSAGE(
            loaded.error()[0].text().find(row.said) != std::string::npos, loaded.error()[0].text()
        );
    }
}

TEST_CASE("config: a file of events is read whole or refused in words") {
    CHECK_FALSE(parse_ics("no events", ""));
    CHECK_FALSE(parse_ics("BEGIN:VEVENT\nDTSTART:20261001T100000Z\nEND:VEVENT\n", ""));
    CHECK_FALSE(parse_ics("BEGIN:VEVENT\nDTSTART:20261001\nRRULE:FREQ=DAILY\nEND:VEVENT\n", ""));
    const auto timed =
        parse_ics("BEGIN:VEVENT\nDTSTART:20261001T100000\nDTEND:20261001T120000\nEND:VEVENT\n", "");
    REQUIRE(timed);
    CHECK(timed->at(0).to_s - timed->at(0).from_s == 7200);
}
