#include "app/sequencer.hpp"

#include <algorithm>
#include <utility>

namespace surged::app {
namespace {

constexpr Micros departure_least{1s};

}  // namespace

Sequencer::Sequencer(Clock clock, Instant last_instant, std::uint64_t last_seq)
    : clock_{std::move(clock)},
      anchor_{std::max(last_instant, to_instant(clock_.wall(), Micros{0}))},
      last_{anchor_},
      steady_at_anchor_{clock_.steady()},
      seq_{last_seq} {}

Instant Sequencer::instant() {
    last_ = std::max(last_, anchor_ + (clock_.steady() - steady_at_anchor_));
    return last_;
}

Micros Sequencer::until(Instant at) { return std::max(Micros{0}, at - instant()); }

std::optional<Micros> Sequencer::departure(Micros offset) {
    const Micros measured = Micros{clock_.wall().us} - instant().time_since_epoch();
    const Micros by = measured > offset ? measured - offset : offset - measured;
    if (by <= departure_least) return std::nullopt;
    return measured;
}

}  // namespace surged::app
