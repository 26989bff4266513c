// The steps of a plan: they open by phase, level, kind and date, are done or skipped, and page
// their owner and then the lead when they are late.
#include "core/engine/machine.hpp"

#include <fmt/format.h>

namespace surged::engine {

using incident::Entry;
using incident::Incident;
using incident::Task;
using incident::TaskState;

namespace {

const std::string& resolved(const plan::Plan& plan, const std::string& role) {
    const auto named = plan.teams.find(role);
    return named == plan.teams.end() ? role : named->second;
}

/// Whom the plan calls its lead; else whom the level pages first.
std::string lead_of(const plan::Plan& plan, plan::Level level) {
    const auto leader = plan.teams.find("leader");
    if (leader != plan.teams.end()) return leader->second;
    if (level == plan::Level::none || plan.page.at(level).empty()) return {};
    return resolved(plan, plan.page.at(level).front());
}

}  // namespace

void Machine::run_tasks(Incident& incident) {
    const plan::Plan* plan = plan_of(incident);
    if (plan == nullptr || incident.phase == incident::Phase::ended) return;
    for (const plan::StepRule& rule : plan->steps) {
        const auto opens = incident::opens_at(rule, incident, wall_offset);
        const auto earlier = incident.tasks.find(rule.id);
        const bool again = earlier != incident.tasks.end() &&
                           earlier->second.state == TaskState::done && rule.every > Micros{0} &&
                           earlier->second.closed_at &&
                           *earlier->second.closed_at + rule.every <= now;
        if (opens && *opens <= now && (earlier == incident.tasks.end() || again)) {
            Task task;
            task.team = resolved(*plan, rule.team);
            task.opened_at = now;
            if (rule.within > Micros{0}) task.due_at = now + rule.within;
            if (again) task.turn = earlier->second.turn + 1;
            incident.tasks[rule.id] = task;
            const std::size_t told = incident.timeline.size();
            incident::note(incident, {now, Entry::step_opened, incident.level, "surged", rule.id});
            incident_changed(incident, told);
        }
        const auto task = incident.tasks.find(rule.id);
        if (task == incident.tasks.end() || task->second.state != TaskState::open) continue;
        const auto due = incident::next_wake(task->second, rule, incident);
        if (due && *due <= now) page_for_task(incident, rule, task->second);
    }
}

void Machine::page_for_task(Incident& incident, const plan::StepRule& rule, Task& task) {
    if (!task.overdue) {
        task.overdue = true;
        const std::size_t told = incident.timeline.size();
        incident::note(incident, {now, Entry::step_overdue, incident.level, task.team, rule.id});
        incident_changed(incident, told);
        start_ladder(incident, task.team, rule.id);
        return;
    }
    task.lead_told = true;
    const std::string lead = lead_of(*plan_of(incident), incident.level);
    if (!lead.empty() && lead != task.team) start_ladder(incident, lead, rule.id);
}

std::optional<Instant> Machine::tasks_wake(const Incident& incident) const {
    const plan::Plan* plan = plan_of(incident);
    std::optional<Instant> at;
    if (plan == nullptr) return at;
    for (const plan::StepRule& rule : plan->steps) {
        const auto task = incident.tasks.find(rule.id);
        const auto wake = task == incident.tasks.end()
                              ? incident::opens_at(rule, incident, wall_offset)
                              : incident::next_wake(task->second, rule, incident);
        if (wake && *wake > now && (!at || *wake < *at)) at = wake;
    }
    return at;
}

void Machine::mark(const MarkStep& mark, Step& step) {
    Incident* incident = standing(mark.incident, step);
    if (incident == nullptr) return;
    const auto task = incident->tasks.find(mark.step);
    if (task == incident->tasks.end()) {
        step.verdict = Verdict::not_found;
        step.detail = "no such step has opened";
        return;
    }
    Task& one = task->second;
    if (one.state != TaskState::open) {
        step.verdict = Verdict::conflict;
        step.detail = fmt::format("it was {} by {}", incident::name_of(one.state), one.by);
        return;
    }
    one.state = mark.skipped ? TaskState::skipped : TaskState::done;
    one.closed_at = now;
    one.by = mark.by;
    one.why = mark.why;
    const std::size_t told = incident->timeline.size();
    const Entry entry = mark.skipped ? Entry::step_skipped : Entry::step_done;
    incident::note(
        *incident,
        {now,
         entry,
         incident->level,
         mark.by,
         mark.why.empty() ? mark.step : mark.step + ": " + mark.why}
    );
    incident_changed(*incident, told);
    stop_paging(incident->id, mark.step, "done");
    arm(*incident);
}

}  // namespace surged::engine
