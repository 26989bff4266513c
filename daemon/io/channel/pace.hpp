// Keeps one credential within its vendor's limits: past them vendors block it for minutes, and no
// page gets through at all.
#pragma once

#include "base/time.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

namespace surged::io {

class Pace {
public:
    struct Limit {
        std::size_t most;
        Micros span;
    };
    /// @param steady  a clock that never falls
    Pace(std::vector<Limit> limits, std::function<Micros()> steady);
    explicit Pace(std::vector<Limit> limits);  // the machine's own clock

    /// Counts one message and says nothing; or says how long it must wait. A quarter of each limit
    /// is for first attempts: what is tried again waits for those.
    [[nodiscard]] std::optional<Micros> hold(bool first_attempt);
    /// The vendor has asked for silence.
    void quiet(Micros span);

private:
    std::vector<Limit> limits_;
    std::function<Micros()> steady_;
    std::deque<Micros> sent_;  // no older than the longest span
    Micros quiet_until_{Micros::min()};
};

}  // namespace surged::io
