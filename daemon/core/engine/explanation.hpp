// Why a plan fires, or does not, on one queue. Points into the rules: true until the next input.
#pragma once

#include "core/engine/engine.hpp"
#include "core/threshold/explain.hpp"

#include <optional>
#include <string>
#include <vector>

namespace surged::engine {

struct TriggerTold {
    const plan::Trigger* trigger{nullptr};
    std::string queue;  // empty: it watches a source, or what comes from outside
    plan::Level level{plan::Level::none};
    std::optional<Instant> since;
    /// What mutes it now: triggers that fire and say that this one means nothing.
    std::vector<std::string> muted_by;
    std::optional<Temporary> temporary;  // `lasts`: what is left of it
    std::vector<threshold::NodeTold> nodes;
};

/// A plan and the gravest level at which its triggers fire on the queue.
struct PlanFiring {
    std::string plan;
    plan::Level level{plan::Level::none};
};

struct Explanation {
    const plan::Plan* plan{nullptr};
    std::string queue;
    bool known{false};    // the queue is on the board
    bool watched{false};  // the plan watches it
    plan::InForce calendars;
    std::vector<TriggerTold> triggers;
    plan::Level firing{plan::Level::none};  // the gravest that is not muted
    std::vector<PlanFiring> yields_to;      // plans that would lead it, and what they do there
    std::vector<PlanFiring> led;            // plans that fire there too and yield to this one
    std::string led_by;                     // while this is another plan's matter
    std::string incident;                   // that stands
    /// Ended by hand while it fires: nothing opens again up to this level.
    plan::Level ended_at{plan::Level::none};
};

}  // namespace surged::engine
