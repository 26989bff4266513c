#include "core/incident/task.hpp"

#include "core/incident/incident.hpp"

#include <algorithm>
#include <array>

namespace surged::incident {
namespace {

constexpr std::array<std::string_view, 3> state_names{"open", "done", "skipped"};

bool concerns(const plan::StepRule& step, const Incident& incident) {
    return step.kinds.empty() ||
           std::any_of(step.kinds.begin(), step.kinds.end(), [&](const std::string& kind) {
               return incident.kinds.contains(kind);
           });
}

bool in_phase(const plan::StepRule& step, const Incident& incident) {
    const bool active = incident.phase == Phase::activated;
    const bool recovering = incident.phase == Phase::recovering;
    if (step.phase == "report" || step.phase == "confirm")
        return incident.level >= step.from_level && !recovering;
    if (step.phase == "recover" || step.phase == "end")
        return recovering && incident.highest >= step.from_level;
    if (step.phase == "review") return false;
    return active && incident.activated >= step.from_level;
}

}  // namespace

std::string_view name_of(TaskState state) { return state_names[static_cast<std::size_t>(state)]; }

std::optional<Instant> opens_at(
    const plan::StepRule& step, const Incident& incident, Micros wall_offset
) {
    if (incident.phase == Phase::ended || !concerns(step, incident)) return std::nullopt;
    if (step.before) {  // preparation: by the date, whatever the phase
        if (!incident.planned_for) return std::nullopt;
        return Instant{Micros{incident.planned_for->us} - wall_offset} - *step.before;
    }
    if (!in_phase(step, incident)) return std::nullopt;
    return incident.opened_at;
}

std::optional<Instant> next_wake(
    const Task& task, const plan::StepRule& step, const Incident& incident
) {
    if (!step.before && !in_phase(step, incident)) return std::nullopt;
    if (task.state != TaskState::open) {
        if (task.state == TaskState::done && step.every > Micros{0} && task.closed_at)
            return *task.closed_at + step.every;
        return std::nullopt;
    }
    if (!task.due_at) return std::nullopt;
    if (!task.overdue) return task.due_at;
    if (!task.lead_told) return *task.due_at + lead_after;
    return std::nullopt;
}

std::vector<std::string> blocking(const plan::Plan& plan, const Incident& incident) {
    std::vector<std::string> out;
    for (const plan::StepRule& step : plan.steps) {
        const auto task = incident.tasks.find(step.id);
        if (step.required && task != incident.tasks.end() && task->second.state == TaskState::open)
            out.push_back(step.id);
    }
    return out;
}

}  // namespace surged::incident
