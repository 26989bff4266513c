// A seeded call center of one queue, fed to the engine in virtual time.
//
// Poisson arrivals times a day factor (sd 6 %) and a quarter-hour factor (sd 4 %), lognormal
// handling (mean 300 s, cv 1), exponential patience (mean 180 s), 12-hour days; complaints are
// Poisson with a day factor of 20 %, over four topics. The agents do not change in a day.
#pragma once

#include "app/offline/runner.hpp"
#include "base/random.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <queue>
#include <string>
#include <vector>

namespace surged::simulation {

struct CenterOptions {
    std::string queue;
    int agents{30};
    double calls_a_minute{5};
    double complaints_an_hour{6};
    std::uint64_t seed{1};
};

class Center {
public:
    Center(app::offline::Runner& runner, CenterOptions options);

    /// Agents sign in; `load` times the usual demand from now on.
    void open(double load);
    void set_load(double load) { load_ = load; }
    /// Lets time pass to `to`. Events are given once a second, each with its own time.
    void run(Instant to);
    /// The same in two halves, for several centers on one runner: what happens up to `to` is
    /// gathered, and given once time has passed.
    void run_events(Instant to) { until(to); }
    void flush_events() { flush(); }
    /// No more callers; half an hour later the agents go.
    void close();

    [[nodiscard]] double service_level() const;  // answered within 20 s ÷ offered

private:
    struct Caller {
        std::uint64_t id;
        Instant joined, gives_up;
    };
    struct Ending {
        Instant at;
        std::uint64_t call;
        Micros talk;
        bool operator>(const Ending& o) const { return at > o.at; }
    };

    void until(Instant to);
    void arrive(Instant at);
    void complain(Instant at);
    void answer(Instant at);
    void put(Instant at, acd::Event event, std::uint64_t call);
    void flush();
    void schedule(int agents);
    void sign(acd::AgentState state);
    [[nodiscard]] Instant after(Instant at, double per_second);

    app::offline::Runner& runner_;
    CenterOptions options_;
    Random arrivals_, handling_, patience_, factors_, complaints_;
    double load_{0}, day_{1}, quarter_{1}, complaint_day_{1};
    Instant quarter_ends_, next_call_, next_complaint_;
    std::deque<Caller> waiting_;
    std::priority_queue<Ending, std::vector<Ending>, std::greater<>> talking_;
    acd::Batch batch_;
    std::uint64_t calls_{0}, offered_{0}, in_time_{0};
};

}  // namespace surged::simulation
