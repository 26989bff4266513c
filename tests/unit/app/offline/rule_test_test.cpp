// Tests of rules, run on small rules: what passes, what is said of what does not.
#include "app/offline/rule_test.hpp"

#include "app/cli/test.hpp"
#include "support/temp_folder.hpp"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

using namespace surged;
using app::cli::Exit;

namespace {

constexpr std::string_view site = "site: {id: hz, time_zone: Asia/Shanghai, language: zh-CN}\n";
constexpr std::string_view roster = R"(people:
  wang: {name: 王芳, language: zh-CN, contact: [{channel: hook}]}
  li: {name: Li Wei, language: en, contact: [{channel: hook}]}
teams:
  duty: {escalation: [{page: [wang], wait: 5m}, {page: [li]}], last_resort: li}
)";
constexpr std::string_view plan = R"(plan: surge
title: {zh-CN: 激增, en: Surge}
source: P06
kinds: {fault: {title: {zh-CN: 故障, en: fault}}}
triggers:
  - {id: crowd, kpi: calls_waiting, above: {IV: 2, III: 4, II: 6, I: 10}, for: 1m}
  - {id: late, kpi: longest_wait, above: {III: 90s}}
  - {id: load, kpi: load_ratio, window: 5m, above: {III: 1.5}, min_calls: 5}
  - {id: heat, gauge: heat, above: {II: 40}}
  - {id: cross, kpi: complaints, topic: delivery, window: 60m, above: {III: 3}}
  - {id: lost, absent: acd-1, for: 60s, level: III}
  - {id: fault, alert: {service: crm}, level: II}
  - {id: told, report: [fault], level: III}
teams: {leader: duty}
page: {III: [leader]}
steps:
  - {id: call-in, phase: respond, team: leader, from_level: III, within: 10m, do: {zh-CN: 召集, en: Call in}}
end: {when_clear_for: 15m}
)";

class Folder {
public:
    Folder() {
        put("rules/site.yaml", site);
        put("rules/roster.yaml", roster);
        put("rules/plans/a.yaml", plan);
    }
    void put(const std::string& name, std::string_view text) const {
        const std::filesystem::path path = std::filesystem::path{folder_.path()} / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream{path, std::ios::binary} << text;
    }
    struct Said {
        Exit exit;
        std::string text;
    };
    /// The tests below `tests:`, run as the command runs them.
    [[nodiscard]] Said run(
        std::string_view tests, bool json = false, bool missed = false, const std::string& only = {}
    ) const {
        put("rules/tests/a.yaml", tests);
        std::ostringstream out, err;
        app::cli::Globals globals{};
        globals.json = json;
        globals.out = &out;
        globals.err = &err;
        app::cli::TestOptions options;
        options.paths = {folder_.path() + "/rules"};
        options.missed = missed;
        options.only = only;
        const Exit exit = app::cli::test(globals, options);
        std::string text = out.str();
        for (std::size_t at = 0; (at = text.find(folder_.path(), at)) != std::string::npos;)
            text.erase(at, folder_.path().size() + 1);
        return {exit, text};
    }

private:
    test::TempFolder folder_;
};

void holds(const Folder& folder, std::string_view test) {
    const auto said = folder.run(test);
    CHECK_MESSAGE(said.exit == Exit::fine, said.text);
}

}  // namespace

TEST_CASE("rule tests: none of the name that was asked for is no success") {
    const std::string_view tests =
        "tests: [{name: calm, plan: surge, expect: [{at: 1m, level: none}]}]\n";
    const Folder folder;
    CHECK(folder.run(tests, false, false, "ca*").exit == Exit::fine);
    const auto none = folder.run(tests, false, false, "cal");
    CHECK(none.exit == Exit::finding);
    CHECK(none.text.find("no test is called cal") != std::string::npos);
}

TEST_CASE("rule tests: figures become levels, pages and steps, and the end") {
    holds({}, R"(tests:
  - name: up, and down again
    plan: surge
    series: {sales: {calls_waiting: 4x15 0x60}}
    expect:
      - {at: 30s, level: none, triggers: {crowd: none}}
      - {at: 1m, level: III, phase: activated, paged: [wang], steps: {call-in: open}}
      - {at: 7m, level: III, paged: [wang, li], standing: [surge]}
      - {at: 12m, steps: {call-in: overdue}, chased: [wang]}
      - {at: 90m, level: none, phase: ended, standing: []}
)");
}

TEST_CASE("rule tests: a series gives every figure that a rule can read") {
    holds({}, R"(start: 2026-11-11 20:00
every: 30s
tests:
  - name: the oldest caller
    plan: surge
    series: {sales: {longest_wait: 0 30s 60s 90s 120s}}
    expect:
      - {at: 89s, triggers: {late: none}}
      - {at: 90s, triggers: {late: III}}
  - name: load is calls and agents
    plan: surge
    series:
      sales: {agents_staffed: 10x10, "calls_answered{talk=300s}": 1x10}
      support: {agents_staffed: 10x10, "calls_answered{talk=300s}": 4x10}
    expect:
      - {at: 5m, queue: sales, triggers: {load: none}}
      - {at: 5m, queue: support, triggers: {load: III}}
  - name: complaints of one topic, and a gauge
    plan: surge
    every: 10m
    series: {sales: {"complaints{topic=delivery}": 1x2 2x1, "complaints{topic=refund}": 9x3, heat: 30+5x4}}
    expect:
      - {at: 19m, triggers: {cross: none, heat: none}}
      - {at: 30m, triggers: {cross: III, heat: II}}
)");
}

TEST_CASE("rule tests: reports, alerts, lost feeds, events and what people answer") {
    holds({}, R"(source: acd-1
tests:
  - name: a report, taken and ended
    plan: surge
    given:
      - {at: 1m, report: fault, by: li, why: the screen is dark}
      - {at: 2m, ack: wang}
      - {at: 3m, done: call-in, by: wang}
      - {at: 4m, pin: I, for: 2m, by: wang}
      - {at: 8m, end: wang, why: false alarm}
    expect:
      - {at: 59s, level: none}
      - {at: 3m, level: III, paged: [wang], steps: {call-in: done}}
      - {at: 5m, level: I}
      - {at: 7m, level: III}
      - {at: 8m, phase: ended}
  - name: an alert comes and goes
    plan: surge
    given: [{at: 1m, alert: {service: crm}}, {at: 5m, resolved: {service: crm}}]
    expect: [{at: 1m, triggers: {fault: II}}, {at: 5m, triggers: {fault: none}}]
  - name: no data is not calm
    plan: surge
    given: [{at: 1m, down: acd-1}, {at: 5m, up: acd-1}]
    expect:
      - {at: 119s, triggers: {lost: none}}
      - {at: 2m, triggers: {lost: III}}
      - {at: 5m, triggers: {lost: none}}
  - name: an event by its fields
    plan: surge
    given:
      - {event: {type: gauge, queue: sales, name: heat, value: 41.5}}
    expect: [{triggers: {heat: II}}]
)");
}

TEST_CASE("rule tests: what differs is shown with its place and with how things stood") {
    const auto said = Folder{}.run(R"(start: 2026-08-05 10:00
tests:
  - name: too early
    plan: surge
    series: {sales: {calls_waiting: 4x5}}
    expect:
      - {at: 2m, level: II, paged: [li], steps: {call-in: none}}
)");
    CHECK(said.exit == Exit::finding);
    CHECK(said.text == R"(FAIL rules/tests/a.yaml:3:5: too early
  rules/tests/a.yaml:7:9: at 2m (2026-08-05 10:02:00)
    level
      expected  II
      found     III
    step call-in
      expected  none
      found     open
    paged
      expected  li
      found     wang
    | P06-hz-20260805-1 III, activated, by crowd on sales
    | trigger crowd on sales: 4 (thresholds IV 2 III 4 II 6 I 10), fires III
    | trigger late on sales: 0 (thresholds III 90), fires none
    | trigger cross on sales: 0 (thresholds III 3), fires none
rules: reached 1 of 11 levels of triggers, 1 of 1 steps; --missed lists the rest
1 test, 1 failed
)");
}

TEST_CASE("rule tests: what no test reached is listed, and all of it as JSON") {
    constexpr std::string_view test = R"(tests:
  - {name: one, plan: surge, given: [{report: fault}, {at: 1m, ack: li}], expect: [{level: III}]}
)";
    const auto said = Folder{}.run(test, false, true);
    CHECK(
        said.text.find("not reached: surge: trigger crowd: IV, III, II, I\n") != std::string::npos
    );
    CHECK(said.text.find("trigger told") == std::string::npos);
    const auto json = Folder{}.run(test, true);
    CHECK(json.text.find(R"("passed":true)") != std::string::npos);
    CHECK(
        json.text.find(R"("not_reached":{"surge":["trigger crowd: IV, III, II, I")") !=
        std::string::npos
    );
}

TEST_CASE("rule tests: what cannot be done is a failure, not a silence") {
    const auto said = Folder{}.run(R"(tests:
  - name: nothing to take
    plan: surge
    given:
      - {ack: li}
      - {event: {type: offered, queue: sales}}
      - {event: {type: gauge, queue: sales, name: heat, value: hot}}
    expect: [{at: 1m, level: none}]
)");
    CHECK(said.exit == Exit::finding);
    CHECK(said.text.find("no incident of surge stands") != std::string::npos);
    CHECK(said.text.find("missing_field") != std::string::npos);
    CHECK(said.text.find("json") != std::string::npos);
}

TEST_CASE("rule tests: a level that a condition can reach is the mildest of all, any of any") {
    plan::Condition leaf;
    leaf.leaf.ladder.at.at(plan::Level::IV) = 1;
    leaf.leaf.ladder.at.at(plan::Level::II) = 2;
    plan::Condition one;
    one.kind = plan::ConditionKind::alert;
    one.level = plan::Level::III;
    plan::Condition both;
    both.kind = plan::ConditionKind::all;
    both.members = {leaf, one};
    using Levels = std::set<plan::Level>;
    CHECK(app::offline::levels_of(both) == Levels{plan::Level::IV, plan::Level::III});
    both.kind = plan::ConditionKind::any;
    CHECK(
        app::offline::levels_of(both) == Levels{plan::Level::IV, plan::Level::III, plan::Level::II}
    );
}
