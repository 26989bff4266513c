// How long to wait before trying again: doubling, jittered, bounded.
#pragma once

#include "base/random.hpp"
#include "base/time.hpp"

#include <cstdint>

namespace surged::io {

/// Delays that double from `least` to `most`, each drawn from its upper half so that many clients
/// of one server do not come back in step. A value: no clock, no timer.
class Backoff {
public:
    Backoff(Micros least, Micros most, std::uint64_t seed);
    /// The delay before the next attempt.
    [[nodiscard]] Micros next();
    /// The longest delay, for what will not mend by itself (a wrong password).
    [[nodiscard]] Micros longest();
    /// After a success: begin at `least` again.
    void reset() { delay_ = least_; }

private:
    [[nodiscard]] Micros jittered(Micros delay);
    Micros least_, most_, delay_;
    Random random_;
};

}  // namespace surged::io
