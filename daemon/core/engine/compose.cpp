// Gathers what a page says about an incident.
#include "core/engine/machine.hpp"
#include "core/paging/message.hpp"

#include <algorithm>

namespace surged::engine {
namespace {

/// What to do first: the first step that is open, else the first one that this level asks for.
plan::Bilingual first_step(const plan::Plan& plan, const incident::Incident& incident) {
    for (const plan::StepRule& step : plan.steps) {
        const auto task = incident.tasks.find(step.id);
        if (task != incident.tasks.end() && task->second.state == incident::TaskState::open)
            return step.text;
    }
    for (const plan::StepRule& step : plan.steps)
        if (incident.level >= step.from_level && !step.before) return step.text;
    return {};
}

paging::MessageFacts::Late late(
    const plan::Plan& plan, const incident::Task& task, const std::string& id, Instant now
) {
    paging::MessageFacts::Late out{id, {}, task.due_at ? now - *task.due_at : Micros{0}};
    for (const plan::StepRule& step : plan.steps)
        if (step.id == id) out.text = step.text;
    return out;
}

}  // namespace

delivery::Content Machine::compose(
    const incident::Incident& incident, const std::string& about, plan::Language language
) const {
    const plan::RuleSet& own = rules_of(incident);
    paging::MessageFacts facts;
    facts.incident = incident.id;
    facts.plan = incident.plan;
    facts.site = own.site.id;
    facts.zone = &own.site.zone;
    facts.level = incident.level;
    facts.previous = incident.previous_level;
    facts.rise = incident.rise;
    facts.drill = incident.drill;
    facts.queues = std::max<std::size_t>(incident.queues.size(), 1);
    if (incident.cause) facts.cause = *incident.cause;
    if (const auto queue = floor.view().find(facts.cause.queue)) {
        facts.figures = paging::gather(floor.view(), *queue);
    }
    facts.since = to_wall(facts.cause.since, wall_offset);
    facts.now = to_wall(now, wall_offset);
    const auto plan = own.plans.find(incident.plan);
    if (plan != own.plans.end()) {
        facts.title = plan->second.title;
        facts.first_step = first_step(plan->second, incident);
        if (!about.empty()) facts.late = late(plan->second, incident.tasks.at(about), about, now);
    }
    if (incident.ask && about.empty())
        facts.asked = {
            incident.ask->until - now, incident.ask->then_activate, incident.ask->confirm
        };
    if (!own.public_url.empty()) facts.link = own.public_url + "/incidents/" + incident.id;
    return paging::render(facts, language);
}

}  // namespace surged::engine
