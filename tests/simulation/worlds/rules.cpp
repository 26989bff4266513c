#include "simulation/worlds/rules.hpp"

#include "base/codec.hpp"
#include "base/hash.hpp"

#include <fmt/format.h>
#include <memory>
#include <utility>

namespace surged::worlds {
namespace {

using plan::Level;

plan::Leaf leaf_of(board::Kpi kpi, board::Window window, Micros hold) {
    plan::Leaf leaf;
    leaf.measure.kpi = kpi;
    leaf.measure.window = window;
    for (const Level level : plan::levels) {
        leaf.hold.at(level) = hold;
        leaf.clear.hold.at(level) = 1min;
        leaf.clear.dwell.at(level) = 2min;
    }
    return leaf;
}

plan::Trigger trigger_of(std::string id, plan::Leaf leaf) {
    plan::Trigger out;
    out.id = std::move(id);
    out.condition.leaf = std::move(leaf);
    return out;
}

void page_from(plan::Plan& plan, Level least, const std::vector<std::string>& roles) {
    for (const Level level : plan::levels)
        if (level >= least) plan.page.at(level) = roles;
}

plan::Plan pressure_rules(int version) {
    plan::Plan plan;
    plan.name = pressure_plan;
    plan.source = "P06";
    plan.title = {"队列积压", "Queue pressure"};
    plan.scope = plan::Scope::queue;
    const Pressure pressure = pressure_of(version);
    plan::Leaf leaf = leaf_of(board::Kpi::calls_waiting, board::Window::now, pressure.hold);
    for (const Level level : plan::levels)
        leaf.ladder.at.at(level) = 1'000'000 * pressure.at[static_cast<std::size_t>(level) - 1];
    plan.triggers.push_back(trigger_of("pressure", std::move(leaf)));
    plan.teams = {
        {"leader", "duty"},
        {"chief",  "lead"}
    };
    page_from(plan, Level::III, {"leader"});
    plan.page.at(Level::I) = {"leader", "chief"};
    plan::StepRule step;
    step.id = "call-in";
    step.phase = "respond";
    step.team = "leader";
    step.from_level = Level::II;
    step.within = 10min;
    step.text = {"调人支援", "Call people in"};
    plan.steps.push_back(std::move(step));
    plan.end.when_clear_for = 5min;
    return plan;
}

/// One for the whole site; a grave level asks its chief first.
plan::Plan site_rules(int version) {
    plan::Plan plan;
    plan.name = "site-service";
    plan.source = "P12";
    plan.title = {"服务水平", "Service level"};
    plan::Leaf wait = leaf_of(board::Kpi::longest_wait, board::Window::now, 1min);
    wait.ladder.at = {
        {120'000'000, 180'000'000, 300'000'000, std::nullopt}
    };
    plan.triggers.push_back(trigger_of("late", std::move(wait)));
    if (version != 2) {
        plan::Leaf level = leaf_of(board::Kpi::abandon_ratio, board::Window::m15, 2min);
        level.min_calls = 10;
        level.ladder.at = {
            {200'000, 300'000, 450'000, std::nullopt}
        };
        plan.triggers.push_back(trigger_of("abandons", std::move(level)));
    }
    plan.activation.at(Level::II) = {plan::Activation::ask, "chief", 5min, true};
    plan.teams = {
        {"leader", "desk"},
        {"chief",  "lead"}
    };
    page_from(plan, Level::III, {"leader"});
    plan.quiet = {"nights", Level::II};
    plan.end.when_clear_for = 10min;
    return plan;
}

plan::Plan feed_rules() {
    plan::Plan plan;
    plan.name = "feed-lost";
    plan.source = "P17";
    plan.title = {"数据源中断", "Feed lost"};
    plan::Trigger trigger;
    trigger.id = "silent";
    trigger.condition.kind = plan::ConditionKind::absent;
    trigger.condition.source = "pbx";
    trigger.condition.hold = 90s;
    trigger.condition.level = Level::III;
    trigger.condition.then_after = 5min;
    trigger.condition.then_level = Level::II;
    plan.triggers.push_back(std::move(trigger));
    plan.teams = {
        {"leader", "tech"}
    };
    page_from(plan, Level::III, {"leader"});
    plan.end.when_clear_for = 2min;
    return plan;
}

plan::Plan complaint_rules() {
    plan::Plan plan;
    plan.name = "complaint-wave";
    plan.source = "P19";
    plan.title = {"投诉激增", "Complaint wave"};
    plan::Leaf leaf = leaf_of(board::Kpi::complaints, board::Window::m60, 0s);
    leaf.ladder.at = {
        {4'000'000, 6'000'000, 10'000'000, 15'000'000}
    };
    plan.triggers.push_back(trigger_of("complaints", std::move(leaf)));
    plan.activation.at(Level::III) = {plan::Activation::start_then_confirm, "leader", 5min, true};
    plan.teams = {
        {"leader", "desk"}
    };
    page_from(plan, Level::III, {"leader"});
    plan.end.when_clear_for = 10min;
    return plan;
}

void add_people(plan::RuleSet& rules, int version) {
    using plan::Language;
    rules.people["wang"] = {
        "王芳", Language::zh_cn, {{"hook", "wang", 0s}, {"sms", "13800000001", 60s}}
    };
    rules.people["li"] = {
        "Li Wei", Language::en, {{"sms", "13800000002", 0s}, {"mail", "li@example.com", 90s}}
    };
    rules.people["chen"] = {
        "陈建国", Language::zh_cn, {{"hook", "chen", 0s}, {"mail", "chen@example.com", 2min}}
    };
    rules.people["zhao"] = {"赵敏", Language::zh_cn, {{"sms", "13800000004", 30s}}};
    rules.people["boss"] = {
        "Zhou Ting", Language::en, {{"hook", "boss", 0s}, {"sms", "13800000005", 30s}}
    };
    plan::Team& duty = rules.teams["duty"];
    duty.escalation = {
        {{"wang"},       3min},
        {{"li", "zhao"}, 5min}
    };
    duty.repeat = 2;
    duty.last_resort = "boss";
    duty.shifts = {
        {"nights", {{{}, 1min}, {{"li"}, 5min}}}
    };
    plan::Team& desk = rules.teams["desk"];
    desk.escalation = {
        {{"li"},   4min},
        {{"chen"}, 4min}
    };
    desk.last_resort = "wang";
    rules.teams["lead"] = {
        {{{"chen"}, 5min}, {{"boss"}, 5min}},
        1, "boss", {}
    };
    rules.teams["tech"] = {
        {{{"zhao"}, 5min}, {{"wang"}, 5min}},
        2, "chen", {}
    };
    if (version == 3) {  // he has changed his ways, and the order of the duty
        rules.people["wang"].contact = {
            {"sms",  "13800000001", 0s },
            {"hook", "wang",        60s}
        };
        std::swap(duty.escalation[0], duty.escalation[1]);
    }
}

}  // namespace

Pressure pressure_of(int version) {
    if (version == 1)
        return {
            {5, 9, 13, 20},
            45s
        };
    if (version == 2)
        return {
            {3, 6, 10, 15},
            90s
        };
    return {
        {4, 7, 11, 18},
        30s
    };
}

app::NewRules rules_of(int version) {
    plan::RuleSet rules;
    rules.site.id = "sim";
    rules.site.zone = {"Asia/Shanghai", {{Wall{0}, 8 * 3600}}};
    for (const char* queue : queues) rules.site.queues[queue].target = 20s;
    rules.site.queues["vip"].target = 10s;
    rules.site.calendars["nights"].weekly = {
        {0x7f, 22 * 3600, 86'400  },
        {0x7f, 0,         6 * 3600}
    };
    add_people(rules, version);
    for (plan::Plan& plan :
         std::vector{pressure_rules(version), site_rules(version), feed_rules(), complaint_rules()})
        if (version != 2 || plan.name != "complaint-wave") {
            const std::string name = plan.name;
            rules.plans[name] = std::move(plan);
        }
    app::NewRules out;
    out.record.bytes = codec::encode(rules);
    out.record.hash = fmt::format("{:016x}", fnv1a(out.record.bytes, 14695981039346656037ULL));
    out.rules = std::make_shared<const plan::RuleSet>(std::move(rules));
    return out;
}

}  // namespace surged::worlds
