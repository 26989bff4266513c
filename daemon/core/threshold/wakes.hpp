// When time alone changes what a condition says. Inside the library only.
#pragma once

#include "core/threshold/evaluate.hpp"

#include <optional>

namespace surged::threshold {

/// Collects the earliest of the instants at which time alone changes something.
class Alarm {
public:
    explicit Alarm(const Context& context) : context_{context} {}

    void at(std::optional<Instant> instant) {
        if (instant && *instant > context_.now && (!wake_ || *instant < *wake_)) wake_ = instant;
    }
    void when_it_changes(const board::Measure& measure) {
        if (board::changes_by_itself(measure.kpi))
            at(context_.board->next_change(context_.queue, measure));
    }
    /// When what has grown since then reaches `limit`; beyond it, that is a microsecond later.
    void when_it_reaches(Instant since, board::Millionths limit, Micros beyond = Micros{0}) {
        at(later(since + Micros{limit}, beyond));  // a millionth of a second is 1 µs
    }
    [[nodiscard]] std::optional<Instant> wake() const { return wake_; }

private:
    const Context& context_;
    std::optional<Instant> wake_;
};

/// Steps a leaf to now, and seeks its wake.
void bring_up(const plan::Leaf& leaf, const Context& context, LeafState& state, Alarm& alarm);
/// All that a leaf with data on the queue, standing at `level`, is to be looked at for again.
void set_wakes(const plan::Leaf& leaf, const Context& context, plan::Level level, Alarm& alarm);

}  // namespace surged::threshold
