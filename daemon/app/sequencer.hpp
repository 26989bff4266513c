// Gives every input its place (seq) and its moment (instant), and notices wall-clock steps.
#pragma once

#include "app/alarm.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <functional>
#include <optional>

namespace surged::app {

/// Where time comes from: the shell's clock in the daemon, a hand in tests.
struct Clock {
    std::function<Micros()> steady;  // since some fixed moment; never falls
    std::function<Wall()> wall;
    MakeAlarm alarm{};  // empty: the loop's own timers
};

class Sequencer {
public:
    /// Engine time goes on at the later of the last instant and the wall.
    Sequencer(Clock clock, Instant last_instant, std::uint64_t last_seq);

    [[nodiscard]] std::uint64_t next_seq() { return ++seq_; }
    [[nodiscard]] std::uint64_t last_seq() const { return seq_; }
    /// Now, in engine time; never before an instant given out.
    [[nodiscard]] Instant instant();
    /// How far in the future an instant is, for a timer; zero if it is past.
    [[nodiscard]] Micros until(Instant at);
    /// The new wall-minus-engine offset if the wall departs by more than 1 s from `offset`.
    [[nodiscard]] std::optional<Micros> departure(Micros offset);

private:
    Clock clock_;
    Instant anchor_, last_;
    Micros steady_at_anchor_;
    std::uint64_t seq_;
};

}  // namespace surged::app
