#include "unit/config/files.hpp"

#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <string>
#include <string_view>

using namespace surged;
using namespace surged::config;
using namespace surged::config::test;
using plan::Level;

namespace {

constexpr std::string_view whole = R"(plan: peak
title: {zh-CN: 旺季, en: Peak}
source: P16
kinds:
  overload: {title: {zh-CN: 话务超载, en: overload}}
  fire: {title: {zh-CN: 火灾, en: fire}, level: I}
quiet: {during: night, below: II}
teams: {leadership: it, leader: duty}
triggers:
  - id: pressure
    kpi: waiting_per_agent
    during: season
    above: {IV: 0.3, III: 0.4}
    overrides: [{when: night, above: {III: 0.6}}, {queues: [vip-*], above: {III: 0.2}}]
    inhibited_by: [fault]
  - {id: season, calendar: season, level: III, lead: 30d}
  - {id: fault, alert: {service: "crm*", severity: critical}, for: 1m, level: II}
  - {id: reported, report: [overload, fire], level: III}
activation:
  IV: {mode: warn}
  III: {mode: automatic}
  II: {mode: start-then-confirm, by: leadership, within: 10m}
  I: {mode: ask, by: leadership, within: 5m, then: decline}
page: {III: [leader]}
steps:
  - {id: train, phase: respond, team: leader, before: 30d, do: {zh-CN: 甲, en: A}}
  - id: overflow
    phase: respond
    team: leader
    kinds: [overload]
    every: 30m
    required: true
    do: {zh-CN: 乙, en: B}
    action: {webhook: acd-overflow, approval: leader, undo: acd-overflow-off}
duties: {leader: {zh-CN: 指挥, en: commands}}
notices:
  - {to: customers, via: [ivr, site], template: busy, every: 30m, from_level: II}
review: {within: 3d, owner: leader, questions: [{zh-CN: 为何, en: why}]}
drill: {every: 180d, owner: leader, kinds: [fire], scores: [{zh-CN: 快, en: fast}]}
readiness: [{id: phones, kind: supplies, owner: leader, every: 30d, do: {zh-CN: 电话, en: phones}}]
cards:
  - kind: fire
    title: {zh-CN: 火, en: fire}
    call: [{zh-CN: 119, en: 119}]
    never: [{zh-CN: 不承诺, en: no promises}]
risks: [{risk: {zh-CN: 停电, en: blackout}, prevention: {zh-CN: 电源, en: power}, rating: high}]
)";

void put(const Files& files, std::string_view plan) {
    files.put(
        "rules/site.yaml",
        R"(site: {id: hz, time_zone: Asia/Shanghai, special_days: season, second_person: {in_incident: true}}
calendars:
  season: {dates: [11-01..11-12]}
  night: {weekly: {daily: "22:00-06:00"}}
)"
    );
    files.put("rules/notices.yaml", "notices: {busy: {zh-CN: 忙, en: busy}}\n");
    files.put("rules/plans/a.yaml", plan);
}

}  // namespace

TEST_CASE("config: a whole playbook is read") {
    const Files files;
    put(files, whole);
    const auto loaded = load_rules(files.rules(), nullptr);
    REQUIRE_MESSAGE(loaded, why_not(loaded));
    const plan::Plan& plan = loaded->rules.plans.at("peak");
    CHECK(plan.kinds.size() == 2);
    CHECK(plan.quiet == plan::Quiet{"night", Level::II});
    CHECK(plan.triggers[0].condition.during == "season");
    CHECK(plan.triggers[0].condition.overrides[0].when == "night");
    CHECK(plan.triggers[0].condition.overrides[0].queues.empty());
    CHECK(plan.triggers[0].inhibited_by == std::vector<std::string>{"fault"});
    CHECK(plan.triggers[1].condition.lead == std::chrono::days{30});
    CHECK(plan.triggers[2].condition.labels.at("service") == "crm*");
    CHECK(plan.triggers[3].condition.reports.size() == 2);
    CHECK(plan.activation.at(Level::II).mode == plan::Activation::start_then_confirm);
    CHECK(plan.activation.at(Level::I).by == "leadership");
    CHECK_FALSE(plan.activation.at(Level::I).then_activate);
    CHECK(plan.steps[0].before == std::chrono::days{30});
    CHECK(plan.steps[1].required);
    CHECK(plan.steps[1].action->target == "acd-overflow");
    CHECK(plan.binder.notices[0].text == "busy");
    CHECK(plan.binder.review->owner == "leader");
    CHECK(plan.binder.drill->kinds == std::vector<std::string>{"fire"});
    CHECK(plan.binder.readiness[0].kind == "supplies");
    CHECK(plan.binder.cards[0].never.size() == 1);
    CHECK(plan.binder.risks[0].rating == "high");
    CHECK(loaded->rules.site.special_days == "season");
    CHECK(loaded->rules.site.second_person_in_incident);
}

TEST_CASE("config: where the texts cannot be read, no plan is blamed for naming one") {
    for (const char* const broken :
         {"notices\uff1a {busy: {zh-CN: 忙, en: busy}}\n",
          "notices: [busy]\n",
          "texts: {busy: {zh-CN: 忙, en: busy}}\n",
          "notices:\n",
          "notices: {busy: , idle: {zh-CN: 闲, en: idle}}\n",
          "busy\n",
          "notices: {busy: {zh-CN: 忙, en: busy}\n"}) {
        CAPTURE(broken);
        const Files files;
        put(files, whole);
        files.put("rules/notices.yaml", broken);
        const auto loaded = load_rules(files.rules(), nullptr);
        REQUIRE_FALSE(loaded);
        const std::string said = why_not(loaded);
        CHECK_MESSAGE(said.find("notices.yaml:") != std::string::npos, said);
        CHECK_MESSAGE(said.find("has no text") == std::string::npos, said);
    }
    const Files files;
    put(files, whole);
    const auto blames = [&] {
        return why_not(load_rules(files.rules(), nullptr)).find("has no text") != std::string::npos;
    };
    files.put("rules/notices.yaml", "notices: {idle: {en: idle}}\n");  // wrong, with its name told
    CHECK(blames());
    files.put("rules/notices.yaml", "notices: {}\n");
    CHECK(blames());
    std::filesystem::remove(files.path("rules/notices.yaml"));
    CHECK(blames());
}

TEST_CASE("config: what a playbook names must exist, and what does not go together is said") {
    struct Row {
        const char *was, *is, *said;
    };
    const Row rows[] = {
        {"during: season",
         "during: seasn",                                                                   "no calendar \"seasn\"; expected night or season; did you mean season"},
        {"inhibited_by: [fault]",                          "inhibited_by: [falt]",          "no trigger \"falt\""                                                 },
        {"inhibited_by: [fault]",                          "inhibited_by: [pressure]",      "a trigger cannot inhibit itself"                                     },
        {"report: [overload, fire]",
         "report: [flood]",                                                                 "no kind \"flood\" in this plan; expected overload or fire"           },
        {"within: 10m}",                                   "within: 10m, then: activate}",  "then does not go with start-then-confirm"
        },
        {"{mode: automatic}",                              "{mode: automatic, by: leader}", "by does not go with automatic"                                       },
        {"{mode: ask, by: leadership,",                    "{mode: ask,",                   "by is missing"                                                       },
        {"kinds: [overload]\n",                            "kinds: [none]\n",               "no kind \"none\""                                                    },
        {"template: busy",
         "template: bsy",                                                                   "notices.yaml has no text \"bsy\"; expected busy; did you mean busy"  },
        {"owner: leader, questions",                       "owner: nobody, questions",      "no role or team \"nobody\""                                          },
        {"webhook: acd-overflow, a",                       "a",                             "no target; expected webhook or command"                              },
        {"alert: {service: \"crm*\", severity: critical}", "alert: {}",                     "it matches every alert"                                              },
    };
    for (const Row& row : rows) {
        CAPTURE(row.is);
        std::string text{whole};
        const std::size_t at = text.find(row.was);
        REQUIRE(at != std::string::npos);
        text.replace(at, std::string_view{row.was}.size(), row.is);
        const Files files;
        put(files, text);
        const auto loaded = load_rules(files.rules(), nullptr);
        REQUIRE_FALSE(loaded);
        CHECK_MESSAGE(why_not(loaded).find(row.said) != std::string::npos, why_not(loaded));
    }
    const Files files;
    put(files, std::string{whole} + "yields_to: [platform]\n");
    const auto loaded = load_rules(files.rules(), nullptr);
    REQUIRE_FALSE(loaded);
    CHECK(why_not(loaded).find("no plan \"platform\"") != std::string::npos);
    // It may stand in the file that cannot be read: that one is the mistake.
    files.put("rules/plans/broken.yaml", "plan: platform\nteams: [\n");
    const auto again = load_rules(files.rules(), nullptr);
    REQUIRE_FALSE(again);
    CHECK(why_not(again).find("broken.yaml:2") != std::string::npos);
    CHECK(why_not(again).find("no plan") == std::string::npos);
}
