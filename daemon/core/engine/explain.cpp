// Tells people what the machine sees. Changes nothing.
#include "core/engine/explanation.hpp"
#include "core/engine/machine.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace surged::engine {
namespace {

plan::Level fires_on(const Machine& m, const std::string& plan, const std::string& queue) {
    plan::Level level = plan::Level::none;
    for (const std::string& scope : {std::string{}, queue}) {
        const auto found = m.firing.find({plan, scope});
        if (found == m.firing.end()) continue;
        for (const Firing& one : found->second)
            if (one.queue == queue) level = std::max(level, static_cast<plan::Level>(-one.gravity));
    }
    return level;
}

std::vector<std::string> muters(const Machine& m, const Slot& slot) {
    std::vector<std::string> out;
    for (const std::string& name : slot.rule->trigger->inhibited_by) {
        const std::size_t slash = name.find('/');
        const bool own = slash == std::string::npos;
        const std::string plan = own ? slot.key().plan : name.substr(0, slash);
        const std::string trigger = own ? name : name.substr(slash + 1);
        for (const std::string& queue : {slot.key().queue, std::string{}}) {
            const auto other = m.triggers.find({plan, trigger, queue});
            if (other == m.triggers.end() || other->second.level == plan::Level::none) continue;
            out.push_back(fmt::format("{}/{}", plan, trigger));
            break;
        }
    }
    return out;
}

Temporary told(const TriggerKey& key, const TemporaryRule& rule, Instant now) {
    return {key.plan, key.trigger, key.queue, rule.at, rule.until - now, rule.by, rule.why};
}

TriggerTold told(const Machine& m, const Slot& slot) {
    TriggerTold out;
    out.trigger = slot.rule->trigger;
    out.queue = slot.key().queue;
    out.level = slot.state().level;
    out.since = slot.state().since;
    out.muted_by = muters(m, slot);
    threshold::Context where = m.context(slot.key().queue);
    where.plan = slot.key().plan;
    plan::Ladder ladder;
    if (const TemporaryRule* temporary = m.temporary_for(slot.key())) {
        ladder = {slot.rule->trigger->condition.leaf.ladder.below, temporary->at};
        where.temporary = &ladder;
        out.temporary = told(slot.key(), *temporary, m.now);
    }
    out.nodes = threshold::explain(slot.rule->trigger->condition, where, slot.state());
    return out;
}

void tell_triggers(const Machine& m, const std::string& queue, Explanation& out) {
    const auto entry = m.watched.find(queue);
    if (entry == m.watched.end()) return;
    for (const Slot& slot : entry->second.slots) {
        if (slot.rule->plan != out.plan) continue;
        out.triggers.push_back(told(m, slot));
        if (out.triggers.back().muted_by.empty())
            out.firing = std::max(out.firing, slot.state().level);
    }
}

bool yields(const plan::Plan& one, const std::string& to) {
    return std::find(one.yields_to.begin(), one.yields_to.end(), to) != one.yields_to.end();
}

void tell_order(const Machine& m, Explanation& out) {
    const plan::Plan& plan = *out.plan;
    for (const std::string& name : plan.yields_to) {
        const auto other = m.rules->plans.find(name);
        if (other == m.rules->plans.end() || !m.leads(other->second, plan)) continue;
        out.yields_to.push_back({name, fires_on(m, name, out.queue)});
    }
    for (const auto& [name, other] : m.rules->plans) {
        if (!yields(other, plan.name) || !m.leads(plan, other)) continue;
        const plan::Level level = fires_on(m, name, out.queue);
        if (level != plan::Level::none) out.led.push_back({name, level});
    }
    for (const std::string& scope : {std::string{}, out.queue}) {
        if (const auto by = m.led.find({plan.name, scope}); by != m.led.end())
            out.led_by = by->second;
        if (const auto open = m.open.find({plan.name, scope}); open != m.open.end())
            out.incident = open->second;
        if (const auto ended = m.suppressed.find({plan.name, scope}); ended != m.suppressed.end())
            out.ended_at = ended->second;
    }
}

}  // namespace

Explanation Machine::explain(const plan::Plan& plan, const std::string& queue) const {
    Explanation out;
    out.plan = &plan;
    out.queue = queue;
    out.known = queue.empty() || floor.view().find(queue).has_value();
    out.watched =
        queue.empty() || plan.queues.empty() || plan::any_glob_matches(plan.queues, queue);
    out.calendars = in_force;
    if (!queue.empty()) tell_triggers(*this, queue, out);
    tell_triggers(*this, "", out);
    tell_order(*this, out);
    return out;
}

std::vector<Temporary> Machine::temporaries_left() const {
    std::vector<Temporary> out;
    for (const auto& [key, rule] : temporaries)
        if (rule.until > now) out.push_back(told(key, rule, now));
    return out;
}

}  // namespace surged::engine
