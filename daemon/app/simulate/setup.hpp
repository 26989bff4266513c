// A simulated call centre before anything happens in it: queues, agents, and how demand moves.
#pragma once

#include "base/error.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace surged::app::simulate {

/// A factor over time: straight lines between its points, flat before the first and after the last.
struct Curve {
    struct Point {
        Micros at;
        double factor;
    };
    std::vector<Point> points;  // rising in time; none: 1 always
    [[nodiscard]] double at(Micros when) const;
    [[nodiscard]] double highest() const;
};

struct QueueSetup {
    std::string name;
    double calls_per_second{0};      // before the factors
    Curve demand;                    // of arrivals and complaints, from the start of the run
    std::uint32_t opening_calls{0};  // callers already there when the lines open
    Micros handle_mean{180s};
    double handle_cv{0.8};           // lognormal
    Micros patience_mean{150s};      // exponential
    Micros wait_max{10min};          // then the dialplan takes the caller out
    std::uint32_t waiting_max{200};  // beyond: refused
    Micros target{20s};              // the PBX's service level threshold
    double key_exit_share{0.02};     // of those who leave: by a key, not by hanging up
    double transfer_share{0.03};     // of answered calls
    double survey_share{0.1};
    double complaints_per_second{0};
    Curve complaints;  // factor of complaints in place of the demand's; empty: the demand's
};

struct Shift {
    Micros on, off;
};
struct AgentSetup {
    std::string interface, name;
    std::vector<std::uint32_t> queues;  // indexes; never empty
    std::vector<Shift> shifts;          // rising, apart
    Micros pause_gap_mean{40min};
    Micros pause_mean{4min};
};

struct Setup {
    std::uint64_t seed{1};
    std::vector<QueueSetup> queues;
    std::vector<AgentSetup> agents;
    Micros day_begins_at{9h};  // the time of day when the run starts
    Curve day;                 // of arrivals by time of day, repeats every 24 h
    Micros duration{0};        // 0: no end
    double no_answer_share{0.02};
    Micros ring_min{1s}, ring_max{4s}, ring_timeout{8s};
    Micros wrap{5s};
    /// The PBX is down: every call is cut at its beginning, nothing is told until its end. Outside
    /// of it the feed says every 10 s that it lives. from = to: never.
    Shift dark{};
    bool critical_complaints{true};  // a tenth of all; else the gravest are one less grave
};

/// What happens in a run: scenarios.hpp.
enum class Scenario : std::uint8_t { normal, surge, outage, complaints, shortage, double11 };
[[nodiscard]] std::string_view name_of(Scenario scenario);
[[nodiscard]] std::optional<Scenario> parse_scenario(std::string_view name);

struct Wish {
    Scenario scenario{Scenario::normal};
    std::uint64_t seed{1};
    std::vector<std::string> queues;  // empty: the scenario's
    std::uint32_t agents{30};
    Micros duration{0};  // 0: no end
    double speed{1};     // everything happens so many times faster: waits and talks are shorter too
};
/// A whole centre from a few wishes; refused if they make no sense.
[[nodiscard]] Result<Setup> make_setup(const Wish& wish);

}  // namespace surged::app::simulate
