// What is wrong with a file of tests is said with its place.
#include "config/rule_test.hpp"

#include "unit/config/files.hpp"

#include <doctest/doctest.h>
#include <string>

using namespace surged;
using namespace surged::config;

namespace {

std::string said(const Diagnostics& found) {
    std::string out;
    for (const Diagnostic& d : found) {
        const std::string text = d.text();
        out += text.substr(text.find("t.yaml:") + 7) + "\n";
    }
    return out;
}

std::string mistakes(std::string_view text) {
    const config::test::Files files;
    files.put("rules/tests/t.yaml", text);
    auto tests = load_rule_tests(files.path("rules/tests/t.yaml"));
    if (!tests) return said(tests.error());
    const auto rules = load_rules(tests->rules, nullptr);
    REQUIRE_MESSAGE(rules, config::test::why_not(rules));
    return said(check_names(*tests, rules->rules));
}

}  // namespace

TEST_CASE("rule tests: every mistake at once, each with its place") {
    CHECK(mistakes(R"(start: yesterday
tests:
  - name: one
    plam: p
    series: {sales: {calls_waiting: 4y, load_ratio: 1x3, "complaints{topic}": 1, heat: 1+x3}}
    given:
      - {at: 1m}
      - {ack: wang, end: wang}
      - {reprot: fault}
    expect:
      - {at: 2, level: V}
      - {at: 2m}
      - {plan: p, steps: {a: ready}, triggers: {b: high}}
  - {name: two, expect: [{level: III}]}
  - {name: three}
)") == R"(1:8: start: "yesterday" is no local time; expected 2026-11-11 20:05
4:5: tests[1]: unknown key "plam"; did you mean plan
5:22: tests[1].series.sales: "4y" is no value of a series; expected 5, 80%, 90s, _ (as before), 5x3 (three times) or 0+2x3 (0 2 4)
5:41: tests[1].series.sales: load_ratio is reckoned, it cannot be given; expected agents_staffed, agents_available, agents_busy, agents_wrap, agents_paused, calls_waiting, longest_wait, calls_answered, calls_abandoned, calls_exited, calls_refused, complaints, surveys or rounds, or a gauge
5:58: tests[1].series.sales: "complaints{topic}" is no figure; expected such as calls_waiting or complaints{topic=delivery}
5:82: tests[1].series.sales: "1+x3" is no value of a series; expected 5, 80%, 90s, _ (as before), 5x3 (three times) or 0+2x3 (0 2 4)
7:9: tests[1].given[1]: nothing happens; expected report, alert, resolved, down, up, event, ack, activate, decline, done, skip, pin or end
8:9: tests[1].given[2]: two things happen in one; expected report, alert, resolved, down, up, event, ack, activate, decline, done, skip, pin or end
9:9: tests[1].given[3]: nothing happens; expected report, alert, resolved, down, up, event, ack, activate, decline, done, skip, pin or end
9:10: tests[1].given[3]: unknown key "reprot"; did you mean report
11:9: tests[1].expect[1]: of which plan?; expected plan, here or of the test
11:14: tests[1].expect[1].at: "2" has no unit; expected a duration from 0s to 3650d; did you mean 2s
11:24: tests[1].expect[1].level: "V" is not known; expected none, IV, III, II or I; did you mean IV
12:9: tests[1].expect[2]: nothing is expected; expected such as level: none
13:9: tests[1].expect[3]: nothing is expected; expected such as level: none
13:30: tests[1].expect[3].steps.a: "ready" is no state of a step; expected none, open, done, skipped or overdue
13:52: tests[1].expect[3].triggers.b: "high" is not a level; expected IV, III, II or I
14:26: tests[2].expect[1]: of which plan?; expected plan, here or of the test
15:5: tests[3]: expect is missing; expected a list
)");
}

TEST_CASE("rule tests: names that the rules do not have") {
    CHECK(mistakes(R"(tests:
  - name: one
    plan: platform-servce
    given:
      - {ack: wong, plan: platform-service}
      - {end: wang}
    expect:
      - {level: III}
      - {plan: platform-service, triggers: {lat: III}, steps: {x: open}, paged: [lee]}
)") == R"(2:5: there is no plan "platform-servce"; expected platform-service; did you mean platform-service
5:9: there is no person "wong"; expected li or wang; did you mean wang
6:9: there is no plan "platform-servce"; expected platform-service; did you mean platform-service
8:9: there is no plan "platform-servce"; expected platform-service; did you mean platform-service
9:50: there is no trigger "lat"; expected late; did you mean late
9:67: there is no step "x"
9:74: there is no person "lee"; expected li or wang; did you mean li
)");
}

TEST_CASE("rule tests: the values of a series") {
    const config::test::Files files;
    files.put("rules/tests/t.yaml", R"(every: 30s
tests:
  - name: one
    series: {sales: {heat: 5 _ 80%x2 0+2x3 9-2.5x2 90s -1}}
    expect: [{standing: []}]
)");
    const auto tests = load_rule_tests(files.path("rules/tests/t.yaml"));
    REQUIRE_MESSAGE(tests, said(tests.error()));
    using Values = std::vector<std::optional<double>>;
    const auto& one = tests->tests.front();
    CHECK(one.every == 30s);
    CHECK(
        one.series.front().figures.front().values ==
        Values{5, std::nullopt, 0.8, 0.8, 0, 2, 4, 9, 6.5, 90, -1}
    );
    CHECK(tests->source == "feed");
    CHECK(parse_moment("2026-11-11 20:05").value() - parse_moment("2026-11-11").value() == 72300);
    CHECK(!parse_moment("2026-11-31"));
}
