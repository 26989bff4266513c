// The keys of site.yaml, roster.yaml and notices.yaml.
#include "config/key_rows.hpp"

namespace surged::config {
namespace {

using enum Type;

// clang-format off
constexpr Key site_rows[] = {
    {File::site, "site", section, "", "required", "The site"},
    {File::site, "site.id", name, "", "required", "Its name in events, metrics and incident ids"},
    {File::site, "site.time_zone", text, "", "required", "IANA time zone, such as Asia/Shanghai"},
    {File::site, "site.language", choice, "zh-CN | en", "zh-CN",
     "Language where a person has none"},
    {File::site, "queues", table, "", "",
     "What is known of a queue, by the PBX's own name; others get the defaults"},
    {File::site, "queues.*.target", duration, "1s..1h", "",
     "T of the service level; none: the PBX's own, else 20s"},
    {File::site, "queues.*.short_abandon", duration, "0s..10m", "5s",
     "S: who leaves within it is not counted as abandoned"},
    {File::site, "queues.*.wrap", duration, "0s..1h", "0s",
     "After-call work, where the feed does not carry it"},
    {File::site, "queues.*.lines", integer, "0..1000000", "0",
     "Lines of the queue, for lines_in_use; 0: unknown"},
    {File::site, "queues.*.callers", choice, "drop | pseudonym", "drop",
     "What is kept of a caller's number", true, "sealed"},
    {File::site, "queues.*.formula", choice, "V1 | V2 | V3 | V4 | V5 | V6 | V7 | V8", "V8",
     "Which service level: see the reference of KPIs"},
    {File::site, "queues.*.backlog_after", duration, "1s..365d", "",
     "An open contact older than this is backlog; none: contacts that wait are"},
    {File::site, "queues.*.complaint_limit", duration, "1m..365d", "",
     "A complaint that brings no due time is overdue after this; none: never"},
    {File::site, "queues.*.quantiles", names, "", "",
     "Windows (1m, 5m, 15m, 30m, 60m, day) whose quantiles readers see, besides those of triggers"},
    {File::site, "site.special_days", name, "", "",
     "Calendar of days that the profile neither learns from nor speaks for"},
    {File::site, "site.second_person", section, "", "",
     "When a change of the rules needs a second person"},
    {File::site, "site.second_person.during", name, "", "", "In this calendar"},
    {File::site, "site.second_person.in_incident", boolean, "", "false",
     "While an incident stands"},
    {File::site, "calendars", table, "", "",
     "Named times in local wall time: opening hours, holidays, seasons, nights"},
    {File::site, "calendars.*.weekly", table, "", "",
     "Days (mon, sat-sun, daily): hours such as 09:00-21:00, or a list of them; over midnight is "
     "22:00-06:00"},
    {File::site, "calendars.*.dates", list, "", "",
     "Days and spans: 2026-10-01, 2026-10-01..2026-10-07, 2026-11-10 20:00..2026-11-12 00:00, and "
     "of every year 11-01..11-12"},
    {File::site, "calendars.*.ics", path, "", "",
     "A file of events (iCalendar) whose days are added"},
    {File::site, "calendars.*.only", text, "", "",
     "Of those, only events with this text in their title"},
    {File::site, "calendars.*.with", names, "", "", "Calendars that it holds too"},
    {File::site, "calendars.*.without", names, "", "", "Calendars in which it is not in force"},
};

constexpr Key roster_rows[] = {
    {File::roster, "people", table, "", "required", "Who can be paged, by a short name"},
    {File::roster, "people.*.name", text, "", "required", "The name that others read"},
    {File::roster, "people.*.language", choice, "zh-CN | en", "",
     "Language of the pages; none: the site's"},
    {File::roster, "people.*.contact", list, "", "required", "Ways to reach them, at least one"},
    {File::roster, "people.*.contact[].channel", name, "", "required", "A channel of surged.yaml"},
    {File::roster, "people.*.contact[].to", text, "", "",
     "Whom to address there, where the channel needs it"},
    {File::roster, "people.*.contact[].after", duration, "0s..24h", "0s",
     "From the page to this person, while nobody has acknowledged"},
    {File::roster, "people.*.deputy", name, "", "", "Who stands in", false},
    {File::roster, "teams", table, "", "required", "Who is paged in which order, by name"},
    {File::roster, "teams.*.escalation", list, "", "", "The rungs, first to last"},
    {File::roster, "teams.*.escalation[].page", names, "", "required", "People paged together"},
    {File::roster, "teams.*.escalation[].wait", duration, "1s..24h", "5m",
     "Without an acknowledgement for so long: the next rung"},
    {File::roster, "teams.*.repeat", integer, "1..100", "1", "Rounds over the rungs in all"},
    {File::roster, "teams.*.last_resort", name, "", "",
     "Paged when all rounds went unanswered, and then again each time the last rung's `wait` has "
     "passed, until somebody answers"},
    {File::roster, "teams.*.shifts", list, "", "",
     "Other rungs in a calendar; the last one in force wins"},
    {File::roster, "teams.*.shifts[].when", name, "", "required", "The calendar"},
    {File::roster, "teams.*.shifts[].escalation", list, "", "required", "The rungs then"},
    {File::roster, "teams.*.shifts[].escalation[].page", names, "", "required",
     "People paged together"},
    {File::roster, "teams.*.shifts[].escalation[].wait", duration, "1s..24h", "5m",
     "Without an acknowledgement for so long: the next rung"},
    {File::roster, "rotations", table, "", "", "Who is on call when", false},
    {File::roster, "overrides", list, "", "", "Swaps and stand-ins", false},
};


constexpr Key notice_rows[] = {
    {File::notices, "notices", table, "", "required", "What is told to whom, by a name"},
    {File::notices, "notices.*", bilingual, "", "", "The text"},
};
// clang-format on

}  // namespace

std::span<const Key> site_keys() { return site_rows; }
std::span<const Key> roster_keys() { return roster_rows; }
std::span<const Key> notice_keys() { return notice_rows; }

}  // namespace surged::config
