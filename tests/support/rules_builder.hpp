// A small center's rules for tests: site hz, two people, two teams, one plan on sales.
#pragma once

#include "core/plan/rules.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace surged::test {

inline plan::Leaf waiting_ladder() {
    plan::Leaf leaf;
    leaf.measure.kpi = board::Kpi::calls_waiting;
    leaf.ladder.at.at(plan::Level::IV) = 2'000'000;
    leaf.ladder.at.at(plan::Level::III) = 4'000'000;
    leaf.ladder.at.at(plan::Level::II) = 6'000'000;
    leaf.ladder.at.at(plan::Level::I) = 10'000'000;
    leaf.clear.margin = 200'000;
    for (const plan::Level level : plan::levels) {
        leaf.hold.at(level) = 0s;
        leaf.clear.hold.at(level) = 60s;
        leaf.clear.dwell.at(level) = 60s;
    }
    return leaf;
}

/// IV warns; III and above page duty (wang, then li, twice, last resort boss by two ways).
inline plan::RuleSet small_center() {
    plan::RuleSet rules;
    rules.site.id = "hz";
    rules.site.zone = {"Asia/Shanghai", {{Wall{0}, 8 * 3600}}};
    rules.site.queues["sales"] = {};
    rules.people["wang"] = {
        "王", plan::Language::zh_cn, {{"hook", "wang", 0s}, {"sms", "1", 60s}}
    };
    rules.people["li"] = {"Li", plan::Language::en, {{"hook", "li", 0s}}};
    rules.people["boss"] = {"Boss", plan::Language::en, {{"hook", "boss", 0s}}};
    plan::Team& duty = rules.teams["duty"];
    duty.escalation = {
        {{"wang"}, 5min},
        {{"li"},   5min}
    };
    duty.repeat = 2;
    duty.last_resort = "boss";
    plan::Plan p;
    p.name = "platform-service";
    p.source = "P06";
    p.title = {"平台客服应急预案", "Platform service"};
    plan::Trigger trigger;
    trigger.id = "pressure";
    trigger.condition.leaf = waiting_ladder();
    p.triggers.push_back(trigger);
    p.teams["leader"] = "duty";
    for (const plan::Level level : {plan::Level::III, plan::Level::II, plan::Level::I})
        p.page.at(level) = {"leader"};
    p.end.when_clear_for = 15min;
    plan::StepRule step;
    step.id = "report-up";
    step.phase = "inform";
    step.team = "leader";
    step.from_level = plan::Level::IV;
    step.text = {"向值班领导报告", "Report to the lead on duty"};
    p.steps.push_back(std::move(step));
    rules.plans[p.name] = std::move(p);
    return rules;
}

}  // namespace surged::test
