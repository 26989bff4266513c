// What a condition sees of the world at this instant. Inside the library only.
#pragma once

#include "core/threshold/evaluate.hpp"

#include <cstddef>
#include <optional>

namespace surged::threshold {

/// Grows with time alone, at every instant: a limit is crossed at an instant that can be told.
[[nodiscard]] inline bool grows(const board::Measure& measure) {
    return measure.kpi == board::Kpi::longest_wait || measure.kpi == board::Kpi::oldest;
}
/// The source of an absence has said nothing.
[[nodiscard]] bool is_silent(const plan::Condition& condition, const Context& context);
/// True while what feeds the figure is there.
[[nodiscard]] bool has_data(const plan::Leaf& leaf, const Context& context);
/// Every floor has a figure that reaches it.
[[nodiscard]] bool are_floors_met(const plan::Leaf& leaf, const Context& context);
/// The value, if the floors and minimums that let it speak are met.
[[nodiscard]] std::optional<board::Quantity> value_that_counts(
    const plan::Leaf& leaf, const Context& context
);
/// Callers older than T wait: nothing comes down.
[[nodiscard]] bool callers_wait_too_long(const Context& context);
/// What a figure that is compared is compared with; nullopt: nothing is expected of it.
[[nodiscard]] std::optional<board::Millionths> expected_of(
    const plan::Leaf& leaf, const Context& context
);
/// The figure, or its change over the leaf's time.
[[nodiscard]] std::optional<board::Quantity> watched_value(
    const plan::Leaf& leaf, const Context& context
);
/// What min_calls counts: the contacts under the ratio, and of a multiple those that came.
[[nodiscard]] board::Measure contacts_of(const plan::Leaf& leaf);
/// Of the condition itself and of all it is composed of.
[[nodiscard]] std::size_t count_nodes(const plan::Condition& condition);
/// The first condition of a composition that is none itself.
[[nodiscard]] const plan::Condition* first_leaf(const plan::Condition& condition);
/// The figures of the condition that leads, which is no composition, at `level`.
[[nodiscard]] Reading reading_of(
    const plan::Condition& condition, plan::Level level, const Context& context
);

}  // namespace surged::threshold
