#include "app/simulate/scenarios.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace surged::app::simulate {
namespace {

constexpr Micros always{365 * 24h};

/// What "surge" does to the first queue: a climb that a person at the screen can follow, level by
/// level, within the first minute; then it ebbs.
Curve surge() {
    return {
        {{0s, 1},
         {8s, 1},
         {11s, 6},
         {30s, 6},
         {35s, 9},
         {150s, 9},
         {180s, 0.5},
         {300s, 0.5},
         {360s, 1}}
    };
}
/// The other queues get some of it: people who do not get through try another number.
Curve spill() {
    return {
        {{0s, 1}, {20s, 1}, {40s, 1.6}, {150s, 1.6}, {200s, 1}}
    };
}

constexpr Micros outage_from{20min}, outage_to{24min};

/// Nobody gets through; then all of them call again at once, and some time after.
Curve callers_come_back() {
    return {
        {{outage_from, 1},
         {outage_from + 1us, 0},
         {outage_to, 0},
         {outage_to + 1s, 5},
         {outage_to + 5min, 4},
         {outage_to + 15min, 1.2},
         {outage_to + 25min, 1}}
    };
}

/// A bad batch is found out: within a quarter of an hour twelve times the complaints, and calls
/// too.
Curve complaint_wave() {
    return {
        {{15min, 1}, {30min, 12}, {80min, 12}, {110min, 1}}
    };
}
Curve complaining_callers() {
    return {
        {{15min, 1}, {30min, 1.15}, {80min, 1.15}, {110min, 1}}
    };
}

/// The night of 10 to 11 November from 19:00 on: sales open at 20:00, 22:00 and 00:00, each wave
/// higher than the one before; in between there is more to do than on other nights.
Curve double11() {
    return {
        {{0min, 0.8},
         {55min, 1.0},
         {60min, 2.5},
         {80min, 2.5},
         {95min, 1.35},
         {175min, 1.3},
         {180min, 3.1},
         {200min, 3.1},
         {220min, 1.4},
         {295min, 1.4},
         {300min, 4.4},
         {325min, 4.2},
         {360min, 1.1},
         {400min, 0.7}}
    };
}

}  // namespace

std::string_view name_of(Scenario scenario) {
    constexpr std::array<std::string_view, 6> names{
        "normal", "surge", "outage", "complaints", "shortage", "double11"
    };
    return names[static_cast<std::size_t>(scenario)];
}

std::optional<Scenario> parse_scenario(std::string_view name) {
    for (const Scenario one :
         {Scenario::normal,
          Scenario::surge,
          Scenario::outage,
          Scenario::complaints,
          Scenario::shortage,
          Scenario::double11})
        if (name_of(one) == name) return one;
    return std::nullopt;
}

std::vector<std::string> usual_queues(Scenario scenario) {
    if (scenario != Scenario::double11) return {"sales", "support", "售后服务"};
    return {
        "presale",
        "orders",
        "payment",
        "logistics",
        "refunds",
        "coupons",
        "accounts",
        "merchants",
        "vip-gold",
        "vip-plus",
        "live-shows",
        "售后"
    };
}

std::uint32_t usual_agents(Scenario scenario) { return scenario == Scenario::double11 ? 300 : 30; }

Micros usual_duration(Scenario scenario) {
    switch (scenario) {
        case Scenario::normal:
        case Scenario::surge:
        case Scenario::outage:
            return 1h;
        case Scenario::complaints:
        case Scenario::shortage:
            return 2h;
        case Scenario::double11:
            return 7h;
    }
    return 1h;
}

std::string usual_start(Scenario scenario) {
    return scenario == Scenario::double11 ? "2026-11-10T19:00:00+08:00" : "";
}

void shape_queue(QueueSetup& queue, Scenario scenario, std::size_t index) {
    switch (scenario) {
        case Scenario::normal:
        case Scenario::shortage:
            return;
        case Scenario::surge:
            queue.handle_mean = 90s;
            queue.patience_mean = 120s;
            queue.demand = index == 0 ? surge() : spill();
            return;
        case Scenario::outage:
            queue.demand = callers_come_back();
            return;
        case Scenario::complaints:
            if (index > 0) return;
            queue.demand = complaining_callers();
            queue.complaints = complaint_wave();
            return;
        case Scenario::double11:
            queue.demand = double11();
            return;
    }
}

bool shape_shifts(AgentSetup& agent, Scenario scenario, std::uint32_t index, std::uint32_t count) {
    switch (scenario) {
        case Scenario::normal:
            return false;
        case Scenario::surge: {
            // All are there from the start, and the last tenth comes to help after a while.
            const bool helper = count >= 10 && index >= count - count / 10;
            agent.shifts.push_back({helper ? Micros{75s} : Micros{0}, always});
            return true;
        }
        case Scenario::shortage: {
            // Of every nine, four go home ill within ten minutes and one comes back to help.
            const std::uint32_t one = index % 9;
            const bool ill = one % 2 == 1;
            const Micros leaves = Micros{20min} + Micros{150s} * (one / 2);
            agent.shifts.push_back({Micros{0}, ill ? leaves : always});
            if (one == 7) agent.shifts.push_back({Micros{80min}, always});
            return true;
        }
        case Scenario::outage:
        case Scenario::complaints:
        case Scenario::double11:
            agent.shifts.push_back({Micros{0}, always});
            return true;
    }
    return false;
}

void shape_whole(Setup& setup, Scenario scenario) {
    if (scenario == Scenario::normal) return;
    if (scenario == Scenario::outage) setup.dark = {outage_from, outage_to};
    if (scenario == Scenario::double11) setup.critical_complaints = false;
    if (scenario != Scenario::double11 && scenario != Scenario::outage) return;
    for (QueueSetup& queue : setup.queues) {
        // Nobody complains while nobody gets through; and complaints about a sale come days later.
        queue.complaints = scenario == Scenario::outage
                               ? Curve{{{outage_from, 1},
                                        {outage_from + 1us, 0},
                                        {outage_to, 0},
                                        {outage_to + 1us, 1}}}
                               : Curve{{{0s, 0.1}}};
    }
}

}  // namespace surged::app::simulate
