// What rules would have done on recorded days, as plain values.
#pragma once

#include "core/acd/floor.hpp"
#include "core/incident/incident.hpp"
#include "core/plan/rules.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace surged::app::backtest {

/// From here on at this level; none: calm, not ended yet.
struct Stage {
    Instant at;
    plan::Level level{plan::Level::none};
};
struct IncidentSeen {
    std::string id, plan;
    std::set<std::string> queues;
    Instant opened;
    std::optional<Instant> ended;  // none: it stands at the end of the history
    std::string ended_why;         // "led by …", or empty
    plan::Level highest{plan::Level::none};
    bool activated{false};  // it was more than a warning
    std::vector<Stage> stages;
    std::optional<incident::Cause> cause;  // of the highest level
    std::uint64_t pages{0}, step_pages{0};
    std::set<std::string> people;  // paged about the incident itself
};
struct PageSeen {
    Instant at;
    std::string incident, person, channel;
    plan::Level level{plan::Level::none};
    std::uint32_t rise{0}, rung{0}, round{0};
    std::string step;  // not empty: about an overdue step
    std::optional<Instant> acked;
};

/// A trigger's figure on one queue over time, with its thresholds then.
struct Series {
    std::string plan, trigger, queue;
    board::Measure measure;
    bool below{false};
    bool fired{false};
    struct Point {
        float value;  // NaN: none
        plan::Level level;
    };
    struct Limits {
        std::size_t from;  // index of the first point they hold for
        plan::PerLevel<std::optional<double>> at;
    };
    std::vector<Point> points;  // one each Outcome::every, from Outcome::series_from on
    std::vector<Limits> limits;
};

struct Outcome {
    plan::Rules rules;
    std::string rules_hash;
    std::optional<Instant> from, to;  // of the history; none: there was none
    Micros wall_offset{0};            // wall minus engine, at the end
    std::vector<IncidentSeen> incidents;
    std::vector<PageSeen> pages;
    std::map<std::string, std::uint64_t> refused;   // events, by reason
    std::map<std::string, std::uint64_t> troubles;  // such as "nobody to page"
    std::uint64_t events{0};
    /// Triggers that no history can test, as plan/trigger.
    std::vector<std::string> untested;
    Micros every{0};
    Instant series_from;
    std::vector<Series> series;
    [[nodiscard]] Wall wall(Instant at) const { return to_wall(at, wall_offset); }
};

}  // namespace surged::app::backtest
