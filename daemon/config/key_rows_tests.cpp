// The keys of tests of rules.
#include "config/key_rows.hpp"

namespace surged::config {
namespace {

using enum Type;

// clang-format off
constexpr Key rows[] = {
    {File::test, "rules", path, "", "..", "The rules folder"},
    {File::test, "start", text, "", "2026-11-25 10:00",
     "When a test begins, in the site's local time; a test may say it anew"},
    {File::test, "every", duration, "1s..24h", "1m", "Time from one value of a series to the next"},
    {File::test, "source", name, "", "feed", "The source that the series come from"},
    {File::test, "tests", list, "", "required", "The tests; each begins afresh"},
    {File::test, "tests[].name", text, "", "required", "What it shows"},
    {File::test, "tests[].plan", name, "", "", "The plan that `given` and `expect` speak of"},
    {File::test, "tests[].start", text, "", "", "As of the file"},
    {File::test, "tests[].every", duration, "1s..24h", "", "As of the file"},
    {File::test, "tests[].series", table, "", "", "By queue: its figures over time"},
    {File::test, "tests[].series.*", table, "", "", "By figure: its values, as below"},
    {File::test, "tests[].planned", table, "", "",
     "By queue: the plan of the day, as a series of contacts in each quarter hour; the first counts for the day before the start too, the last for the day after"},
    {File::test, "tests[].planned.*", text, "", "", "Contacts in each quarter hour, such as 40x4 60x4"},
    {File::test, "tests[].lines", table, "", "", "By queue: how many lines it has, in place of what site.yaml says"},
    {File::test, "tests[].lines.*", integer, "1..1000000", "", "Lines"},
    {File::test, "tests[].given", list, "", "",
     "What else happens; each item has `at` and one of report, alert, resolved, down, up, event, ack, activate, decline, done, skip, pin, end"},
    {File::test, "tests[].given[].at", duration, "0s..3650d", "0s", "So long after the start"},
    {File::test, "tests[].given[].report", name, "", "", "A person reports this kind"},
    {File::test, "tests[].given[].alert", table, "", "", "An alert with these labels fires"},
    {File::test, "tests[].given[].resolved", table, "", "", "The alert with these labels is over"},
    {File::test, "tests[].given[].down", name, "", "", "This source is lost"},
    {File::test, "tests[].given[].up", name, "", "", "This source is back"},
    {File::test, "tests[].given[].event", table, "", "", "An event, in the fields of the HTTP API"},
    {File::test, "tests[].given[].ack", name, "", "", "This person takes the newest page he has"},
    {File::test, "tests[].given[].activate", name, "", "", "This person decides to activate"},
    {File::test, "tests[].given[].decline", name, "", "", "This person decides not to"},
    {File::test, "tests[].given[].done", name, "", "", "This step is done"},
    {File::test, "tests[].given[].skip", name, "", "", "This step is skipped"},
    {File::test, "tests[].given[].pin", choice, "IV | III | II | I | none", "", "The level is pinned; none: no more"},
    {File::test, "tests[].given[].end", name, "", "", "This person declares the end"},
    {File::test, "tests[].given[].plan", name, "", "", "Another plan than the test's"},
    {File::test, "tests[].given[].by", name, "", "somebody", "Who reports, marks or pins"},
    {File::test, "tests[].given[].why", text, "", "", "The reason; of a report its text"},
    {File::test, "tests[].given[].level", choice, "IV | III | II | I", "", "Of a report"},
    {File::test, "tests[].given[].queue", text, "", "", "Of a report"},
    {File::test, "tests[].given[].place", text, "", "", "Of a report"},
    {File::test, "tests[].given[].for", duration, "1s..365d", "1h",
     "How long the alert stands, or the pin holds"},
    {File::test, "tests[].given[].refused", boolean, "", "false", "It must be refused"},
    {File::test, "tests[].expect", list, "", "required", "What must be so, and when"},
    {File::test, "tests[].expect[].at", duration, "0s..3650d", "0s",
     "So long after the start, after all that is given for that instant"},
    {File::test, "tests[].expect[].plan", name, "", "", "Another plan than the test's"},
    {File::test, "tests[].expect[].level", choice, "none | IV | III | II | I", "",
     "Of the plan's incident; none: none stands"},
    {File::test, "tests[].expect[].phase", choice,
     "reported | warned | activated | recovering | ended", "", "Of the plan's newest incident"},
    {File::test, "tests[].expect[].queue", text, "", "",
     "Of which queue the triggers are, and the incident of a plan with scope queue"},
    {File::test, "tests[].expect[].triggers", table, "", "",
     "Triggers, each with the level it fires at, or none"},
    {File::test, "tests[].expect[].steps", table, "", "",
     "Steps, each open, done, skipped, overdue, or none: it has not opened"},
    {File::test, "tests[].expect[].paged", names, "", "",
     "Everybody whom the plan has paged so far about its level, and nobody else"},
    {File::test, "tests[].expect[].chased", names, "", "",
     "Everybody who was paged so far because a step was overdue"},
    {File::test, "tests[].expect[].standing", names, "", "",
     "All plans with an incident that stands, and no other"},
};
// clang-format on

}  // namespace

std::span<const Key> test_keys() { return rows; }

}  // namespace surged::config
