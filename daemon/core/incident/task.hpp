// A step of a plan in one incident: when it opened, when it is due, how it ended.
#pragma once

#include "base/time.hpp"
#include "core/plan/rules.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace surged::incident {

struct Incident;

enum class TaskState : std::uint8_t { open, done, skipped };
[[nodiscard]] std::string_view name_of(TaskState state);

struct Task {
    TaskState state{TaskState::open};
    std::string team;  // the roster's, resolved from the plan's role
    Instant opened_at;
    std::optional<Instant> due_at;  // none: no deadline
    bool overdue{false};            // said, and its owner paged
    bool lead_told{false};          // and then the lead
    std::optional<Instant> closed_at;
    std::string by, why;
    std::uint32_t turn{1};  // how often it has opened
    template <class A>
    void fields(A& a) {
        a(state, team, opened_at, due_at, overdue, lead_told, closed_at, by, why, turn);
    }
    bool operator==(const Task&) const = default;
};

/// How long after it was due the lead hears of a step that is still open.
inline constexpr Micros lead_after{5min};

/// When the step opens in this incident: now or before (it may), later (a date ahead), or not as
/// things stand. By phase: report and confirm from the opening on, activate, inform and respond
/// once it is activated at the step's level, recover and end while it recovers; review is not run
/// yet.
[[nodiscard]] std::optional<Instant> opens_at(
    const plan::StepRule& step, const Incident& incident, Micros wall_offset
);
/// When something of this task is due by time alone: its deadline, the lead, its next turn. While
/// the incident recovers, nobody is chased for what was asked of the response.
[[nodiscard]] std::optional<Instant> next_wake(
    const Task& task, const plan::StepRule& step, const Incident& incident
);
/// Steps that must be done before the end and are not, in the plan's order.
[[nodiscard]] std::vector<std::string> blocking(const plan::Plan& plan, const Incident& incident);

}  // namespace surged::incident
