#include "unit/config/files.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace surged;
using namespace surged::config;
using namespace surged::config::test;
using plan::ConditionKind;
using plan::Level;

namespace {

/// The plan whose triggers are `triggers`; a failed check and an empty plan if it is refused.
plan::Plan plan_with(std::string_view triggers, std::string_view rest = {}) {
    const Files files;
    files.put(
        "rules/plans/a.yaml",
        fmt::format("plan: p\ntitle: {{zh-CN: 甲, en: A}}\ntriggers:\n{}\n{}", triggers, rest)
    );
    const auto loaded = load_rules(files.rules(), nullptr);
    CHECK_MESSAGE(loaded, why_not(loaded));
    return loaded ? loaded->rules.plans.at("p") : plan::Plan{};
}

plan::Condition condition_of(std::string_view text) {
    const plan::Plan plan = plan_with(fmt::format("  - {}", text));
    REQUIRE(plan.triggers.size() == 1);
    return plan.triggers[0].condition;
}

std::vector<std::string> warnings_of(std::string_view name, std::string_view text) {
    const Files files;
    files.put(std::string{name}, text);
    const auto loaded = load_rules(files.rules(), nullptr);
    REQUIRE_MESSAGE(loaded, why_not(loaded));
    std::vector<std::string> out;
    for (const Diagnostic& warning : loaded->warnings)
        out.push_back(warning.text().substr(files.rules().size() + 1));
    return out;
}

}  // namespace

TEST_CASE("config: a figure may be compared with other days, or with itself some time ago") {
    const plan::Condition usual = condition_of(
        "{id: a, kpi: complaints, window: 60m, ratio_to: profile, above: {IV: 2.5, III: 300%}, "
        "min_calls: 30, keep: 10m}"
    );
    CHECK(usual.leaf.ratio_to == plan::Relative::profile);
    CHECK(usual.leaf.ladder.at.at(Level::III) == 3'000'000);
    CHECK(usual.leaf.min_calls == 30);
    CHECK(usual.leaf.keep == 10min);
    const plan::Condition planned =
        condition_of("{id: a, kpi: calls_offered, window: 15m, ratio_to: plan, above: {III: 1.45}}"
        );
    CHECK(planned.leaf.ratio_to == plan::Relative::plan);
    const plan::Condition fall = condition_of(
        "{id: a, kpi: service_level, window: 5m, change_over: 10m, below: {IV: -10%, III: -0.2}}"
    );
    CHECK(fall.leaf.change_over == 10min);
    CHECK(fall.leaf.ladder.at.at(Level::III) == -200'000);
    const plan::Condition slower =
        condition_of("{id: a, kpi: longest_wait, change_over: 10m, above: {IV: 60s}}");
    CHECK(slower.leaf.ladder.at.at(Level::IV) == 60'000'000);
}

TEST_CASE("config: the last occurrence of a calendar may be what is expected") {
    const Files files;
    files.put(
        "rules/site.yaml",
        "site: {id: hz, time_zone: Asia/Shanghai}\ncalendars: {sale: {dates: [11-11]}}\n"
    );
    files.put(
        "rules/plans/a.yaml",
        "plan: p\ntitle: {zh-CN: 甲, en: A}\ntriggers:\n  - {id: a, kpi: calls_offered, window: "
        "15m, "
        "ratio_to: event, event: sale, factor: 130%, above: {III: 1.45}}\n"
    );
    const auto loaded = load_rules(files.rules(), nullptr);
    REQUIRE_MESSAGE(loaded, why_not(loaded));
    const plan::Leaf& leaf = loaded->rules.plans.at("p").triggers[0].condition.leaf;
    CHECK(leaf.ratio_to == plan::Relative::event);
    CHECK(leaf.event == "sale");
    CHECK(leaf.factor == 1'300'000);
}

TEST_CASE("config: a plan of some channels counts only their contacts") {
    const plan::Plan plan = plan_with(
        "  - {id: a, kpi: calls_waiting, above: {IV: 9}, floor: {agents_staffed: 1, backlog: 2}}\n"
        "  - {id: b, kpi: agents_staffed, below: {IV: 1}}",
        "applies_to: {channels: [chat, email]}"
    );
    CHECK(plan.channels == std::vector<std::string>{"chat", "email"});
    CHECK(plan.triggers[0].condition.leaf.measure.channels == 0b110);
    CHECK(plan.triggers[0].condition.leaf.floors[0].measure.channels == 0);
    CHECK(plan.triggers[0].condition.leaf.floors[1].measure.channels == 0b110);
    CHECK(plan.triggers[1].condition.leaf.measure.channels == 0);
}

TEST_CASE("config: amounts are exact millionths in the unit of the KPI") {
    struct Row {
        const char* text;
        board::Millionths want;  // at level IV
    };
    const Row rows[] = {
        {"{id: a, kpi: waiting_per_agent, above: {IV: 0.30}}",                 300'000        },
        {"{id: a, kpi: waiting_per_agent, above: {IV: 30%}}",                  300'000        },
        {"{id: a, kpi: waiting_per_agent, above: {IV: 30 %}}",                 300'000        },
        {"{id: a, kpi: waiting_per_agent, above: {IV: 0.000001}}",             1              },
        {"{id: a, kpi: service_level, window: 30m, below: {IV: 64.25%}}",      642'500        },
        {"{id: a, kpi: longest_wait, above: {IV: 1m30s}}",                     90'000'000     },
        {"{id: a, kpi: calls_waiting, above: {IV: 40}}",                       40'000'000     },
        {"{id: a, kpi: oldest, above: {IV: 3d}}",                              259'200'000'000},
        {"{id: a, kpi: concurrency, above: {IV: 4.5}}",                        4'500'000      },
        {"{id: a, kpi: response_ratio, window: 15m, below: {IV: 95%}}",        950'000        },
        {"{id: a, kpi: first_response_p90, window: 5m, above: {IV: 1m}}",      60'000'000     },
        {"{id: a, kpi: complaints, window: 60m, severity: 1, above: {IV: 1}}", 1'000'000      },
        {"{id: a, gauge: crowd, above: {IV: -2.5}}",                           -2'500'000     },
        {"{id: a, gauge: crowd, below: {IV: 3}}",                              3'000'000      },
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        CHECK(condition_of(row.text).leaf.ladder.at.at(Level::IV) == row.want);
    }
}

TEST_CASE("config: a leaf with everything") {
    const auto condition = condition_of(R"({id: a, kpi: abandon_ratio, window: 15m, class: vip,
      above: {III: 25%, I: 50%}, floor: {calls_waiting: 5, calls_offered: 10},
      for: {III: 1m, I: 5m}, clear: {margin: 10%, for: {II: 20m}, dwell: 1m}, min_calls: 40})");
    CHECK(condition.kind == ConditionKind::leaf);
    const plan::Leaf& leaf = condition.leaf;
    CHECK(
        leaf.measure == board::Measure{board::Kpi::abandon_ratio, board::Window::m15, "", "vip", ""}
    );
    CHECK_FALSE(leaf.ladder.below);
    CHECK(
        leaf.ladder.at.of ==
        std::array<std::optional<board::Millionths>, 4>{
            std::nullopt, 250'000, std::nullopt, 500'000
        }
    );
    REQUIRE(leaf.floors.size() == 2);
    CHECK(
        leaf.floors[0] ==
        plan::Floor{
            {board::Kpi::calls_waiting, {}, "", "", ""},
            5'000'000
    }
    );
    CHECK(leaf.floors[1].measure.window == board::Window::m15);
    // A level left out does what the next milder one does.
    CHECK(leaf.hold.of == std::array<Micros, 4>{0s, 1min, 1min, 5min});
    CHECK(leaf.clear.margin == 100'000);
    CHECK(leaf.clear.hold.of == std::array<Micros, 4>{5min, 5min, 20min, 20min});
    CHECK(leaf.clear.dwell.of == std::array<Micros, 4>{1min, 1min, 1min, 1min});
    CHECK(leaf.min_calls == 40);
}

TEST_CASE("config: an override replaces a key whole and is whole itself") {
    const auto condition = condition_of(R"({id: a, kpi: longest_wait,
      above: {IV: 90s, III: 120s, I: 240s}, for: 1m, clear: {margin: 10%, dwell: 1m},
      floor: {calls_waiting: 5},
      overrides: [{queues: ["vip-*"], above: {II: 60s}}, {queues: [sales], for: {II: 5s}, clear: {dwell: 2m}}]})"
    );
    REQUIRE(condition.overrides.size() == 2);
    const plan::Override& vip = condition.overrides[0];
    CHECK(vip.queues == std::vector<std::string>{"vip-*"});
    CHECK(
        vip.leaf.ladder.at.of ==
        std::array<std::optional<board::Millionths>, 4>{
            std::nullopt, std::nullopt, 60'000'000, std::nullopt
        }
    );
    CHECK(vip.leaf.hold == condition.leaf.hold);
    CHECK(vip.leaf.clear == condition.leaf.clear);
    CHECK(vip.leaf.floors == condition.leaf.floors);
    const plan::Override& sales = condition.overrides[1];
    CHECK(sales.leaf.ladder == condition.leaf.ladder);
    CHECK(sales.leaf.hold.of == std::array<Micros, 4>{0s, 0s, 5s, 5s});
    CHECK(sales.leaf.clear.margin == plan::Clear{}.margin);  // the default, not the trigger's
    CHECK(sales.leaf.clear.dwell.at(Level::I) == 2min);
    CHECK(&plan::leaf_for(condition, "vip-1", {}) == &vip.leaf);
    CHECK(&plan::leaf_for(condition, "other", {}) == &condition.leaf);
}

TEST_CASE("config: conditions compose") {
    const auto condition = condition_of(R"({id: a, any: [
      {all: [{kpi: agents_staffed, below: {II: 0}, for: 60s}, {kpi: calls_waiting, above: {II: 1}}]},
      {not: {kpi: calls_offered, window: 5m, above: {IV: 1}}, level: III},
      {absent: acd-1, for: 60s, level: III, then: {after: 5m, level: II}}]})");
    CHECK(condition.kind == ConditionKind::any);
    REQUIRE(condition.members.size() == 3);
    const auto& all = condition.members[0];
    CHECK(all.kind == ConditionKind::all);
    REQUIRE(all.members.size() == 2);
    CHECK(all.members[0].leaf.ladder.below);
    CHECK(all.members[0].leaf.ladder.at.at(Level::II) == 0);
    const auto& no = condition.members[1];
    CHECK(no.kind == ConditionKind::not_);
    CHECK(no.level == Level::III);
    REQUIRE(no.members.size() == 1);
    const auto& absent = condition.members[2];
    CHECK(absent.kind == ConditionKind::absent);
    CHECK(absent.source == "acd-1");
    CHECK(absent.hold == 60s);
    CHECK(absent.level == Level::III);
    CHECK(absent.then_after == Micros{5min});
    CHECK(absent.then_level == Level::II);
}

TEST_CASE("config: a level left out does what the next milder one does") {
    const auto plan = plan_with(
        "  - {id: a, kpi: calls_waiting, above: {IV: 1}}",
        "activation: {III: {mode: automatic}, II: {mode: warn}}\n"
        "teams: {leader: duty}\npage: {III: [leader], I: [leader, it]}\n"
    );
    using enum plan::Activation;
    CHECK(plan.activation.at(Level::IV).mode == warn);
    CHECK(plan.activation.at(Level::III).mode == automatic);
    CHECK(plan.activation.at(Level::II).mode == warn);
    CHECK(plan.activation.at(Level::I).mode == warn);
    CHECK(plan.page.at(Level::IV).empty());
    CHECK(plan.page.at(Level::II) == std::vector<std::string>{"leader"});
    CHECK(plan.page.at(Level::I) == std::vector<std::string>{"leader", "it"});
}

TEST_CASE("config: steps, scope and end") {
    const auto plan = plan_with("  - {id: a, kpi: calls_waiting, above: {IV: 1}}", R"(scope: queue
version: 7
applies_to: {queues: [sales, "vip-*"]}
teams: {leader: duty}
steps: [{id: s, phase: respond, team: leader, from_level: II, within: 5m, do: {zh-CN: 甲, en: A}}]
end: {when_clear_for: 1m, declared_by: leader}
)");
    CHECK(plan.scope == plan::Scope::queue);
    CHECK(plan.version == 7);
    CHECK(plan.queues == std::vector<std::string>{"sales", "vip-*"});
    REQUIRE(plan.steps.size() == 1);
    plan::StepRule step;
    step.id = "s";
    step.phase = "respond";
    step.team = "leader";
    step.from_level = Level::II;
    step.within = 5min;
    step.text = {"甲", "A"};
    CHECK(plan.steps[0] == step);
    CHECK(plan.end == plan::End{1min, "leader"});
}

TEST_CASE("config: what will surprise is a warning") {
    CHECK(
        warnings_of("rules/roster.yaml", R"(people: {li: {name: L, contact: [{channel: hook}]}}
teams:
  duty: {escalation: [{page: [li]}]}
)") == std::vector<std::string>{"roster.yaml:3:9: teams.duty: without a last_resort, nobody is "
                                "told when all rounds went "
                                "unanswered"}
    );
    CHECK(
        warnings_of("rules/plans/a.yaml", R"(plan: p
title: {zh-CN: 甲, en: A}
applies_to: {queues: [sale]}
triggers: [{id: a, kpi: calls_waiting, above: {III: 1}}]
)") ==
        std::vector<std::string>{
            "plans/a.yaml:1:1: level III starts by itself and pages nobody",
            "plans/a.yaml:3:13: applies_to: site.yaml has no queue \"sale\"; did you mean sales"
        }
    );
}
