// What happens in a run that is no ordinary day.
#pragma once

#include "app/simulate/setup.hpp"

#include <string>
#include <vector>

namespace surged::app::simulate {

/// Where a wish leaves them open. Double 11: 300 agents, 12 queues, from 19:00 to 02:00.
[[nodiscard]] std::vector<std::string> usual_queues(Scenario scenario);
[[nodiscard]] std::uint32_t usual_agents(Scenario scenario);
/// Of a run that is written to a file.
[[nodiscard]] Micros usual_duration(Scenario scenario);
/// RFC 3339; empty: now.
[[nodiscard]] std::string usual_start(Scenario scenario);

/// Before the agents: how the demand on queue `index` moves.
void shape_queue(QueueSetup& queue, Scenario scenario, std::size_t index);
/// When agent `index` of `count` is there; false: as on an ordinary day.
[[nodiscard]] bool shape_shifts(
    AgentSetup& agent, Scenario scenario, std::uint32_t index, std::uint32_t count
);
/// Once all is in place.
void shape_whole(Setup& setup, Scenario scenario);

}  // namespace surged::app::simulate
