// Series of figures as the events that a telephone system would have sent: callers who join and are
// answered, agents who sign in, complaints that are opened.
#pragma once

#include "base/time.hpp"
#include "config/rule_test.hpp"
#include "core/acd/event.hpp"

#include <map>
#include <string>

namespace surged::app::offline {

/// The events of all series, by the instant at which they are given. Each has its own time.
/// agents_*: so many, in that state; agents_staffed: the rest are busy. calls_waiting: so many
/// wait; longest_wait: the oldest for so long, without it nobody longer than a step. Who stops
/// waiting has abandoned at once, which no ratio counts. calls_answered, calls_abandoned,
/// calls_exited, calls_refused, complaints, surveys, rounds: so many in each step, evenly. Any
/// other word: a gauge of that name.
[[nodiscard]] std::map<Instant, acd::Batch> events_of(const config::RuleTest& test, Instant start);
/// The plan of the day of the test, as events at `start`: quarter hours from there on; the first
/// amount counts for the day before it too, the last for the day behind them.
[[nodiscard]] acd::Batch plan_of_day(const config::RuleTest& test, Instant start);

}  // namespace surged::app::offline
