// Which triggers, levels and steps tests have reached.
#include "app/offline/rule_test.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace surged::app::offline {

using plan::Condition;
using plan::ConditionKind;
using plan::Level;

namespace {

void add_rungs(const plan::Ladder& ladder, std::set<Level>& out) {
    for (const Level level : plan::levels)
        if (ladder.at.at(level)) out.insert(level);
}

}  // namespace

std::set<Level> levels_of(const Condition& condition) {
    std::set<Level> out;
    switch (condition.kind) {
        case ConditionKind::leaf:
            add_rungs(condition.leaf.ladder, out);
            for (const plan::Override& other : condition.overrides)
                add_rungs(other.leaf.ladder, out);
            break;
        case ConditionKind::all: {
            // The mildest member speaks: no graver than the least grave that a member can be.
            Level most = Level::I;
            for (const Condition& member : condition.members) {
                const auto levels = levels_of(member);
                if (levels.empty()) return {};
                most = std::min(most, *levels.rbegin());
                out.insert(levels.begin(), levels.end());
            }
            std::erase_if(out, [&](Level level) { return level > most; });
            break;
        }
        case ConditionKind::any:
            for (const Condition& member : condition.members) out.merge(levels_of(member));
            break;
        case ConditionKind::calendar:
            if (condition.lead > Micros{0}) out.insert(Level::IV);
            [[fallthrough]];
        default:
            if (condition.level != Level::none) out.insert(condition.level);
            if (condition.then_after) out.insert(condition.then_level);
    }
    return out;
}

void Coverage::trigger(const std::string& plan, const std::string& id, Level level) {
    if (level != Level::none) triggers_[{plan, id}].insert(level);
}

void Coverage::step(const std::string& plan, const std::string& id) { steps_.insert({plan, id}); }

void Coverage::add(const Coverage& other) {
    for (const auto& [key, levels] : other.triggers_)
        triggers_[key].insert(levels.begin(), levels.end());
    steps_.insert(other.steps_.begin(), other.steps_.end());
}

std::vector<Coverage::OfPlan> Coverage::against(const plan::RuleSet& rules) const {
    std::vector<OfPlan> out;
    for (const auto& [name, plan] : rules.plans) {
        OfPlan one;
        one.plan = name;
        for (const plan::Trigger& trigger : plan.triggers) {
            const auto reached = triggers_.find({name, trigger.id});
            std::string missed;
            for (const Level level : levels_of(trigger.condition)) {
                ++one.levels;
                if (reached != triggers_.end() && reached->second.contains(level)) {
                    ++one.levels_reached;
                } else {
                    missed += fmt::format("{}{}", missed.empty() ? "" : ", ", plan::name_of(level));
                }
            }
            if (!missed.empty())
                one.missed.push_back(fmt::format("trigger {}: {}", trigger.id, missed));
        }
        std::string steps;
        for (const plan::StepRule& step : plan.steps) {
            if (step.phase == "review") continue;  // it is not run yet
            ++one.steps;
            if (steps_.contains({name, step.id}))
                ++one.steps_reached;
            else
                steps += fmt::format("{}{}", steps.empty() ? "" : ", ", step.id);
        }
        if (!steps.empty()) one.missed.push_back("steps: " + steps);
        out.push_back(std::move(one));
    }
    return out;
}

}  // namespace surged::app::offline
