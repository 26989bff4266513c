// What really happened in a simulated run, to be compared with what surged made of it.
#pragma once

#include "app/simulate/happening.hpp"
#include "app/simulate/setup.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace surged::app::simulate {

struct QueueTruth {
    std::uint64_t offered{0}, answered{0}, answered_in_target{0}, abandoned{0}, exited_key{0},
        exited_timeout{0}, refused{0}, completed{0}, transferred{0}, complaints{0}, surveys{0};
    Micros wait_sum{0}, wait_max{0}, talk_sum{0};  // of answered calls; of completed ones
    std::int64_t hold_sum_s{0};  // of answered calls, in whole seconds as Asterisk tells them
    [[nodiscard]] std::uint64_t waiting() const {
        return offered - answered - abandoned - exited_key - exited_timeout;
    }
    bool operator==(const QueueTruth&) const = default;
};

class Truth {
public:
    explicit Truth(const Setup& setup);
    /// `start`: the wall clock at the start of the run.
    void count(const Happening& happening, Wall start);
    [[nodiscard]] const std::vector<QueueTruth>& queues() const { return queues_; }
    /// {"seed", "ran_for", "agents_staffed", "queues": {name: {…}}}; durations in seconds.
    [[nodiscard]] std::string to_json() const;

private:
    std::uint64_t seed_;
    std::vector<std::string> names_;
    std::vector<Micros> targets_;
    std::vector<QueueTruth> queues_;
    std::int64_t staffed_{0};
    Micros last_{0};
};

}  // namespace surged::app::simulate
