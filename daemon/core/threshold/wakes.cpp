#include "core/threshold/wakes.hpp"

#include "core/threshold/observe.hpp"

namespace surged::threshold {

void set_wakes(const plan::Leaf& leaf, const Context& context, plan::Level at, Alarm& alarm) {
    const board::View& board = *context.board;
    // Where nothing is planned it has no value before something is.
    if (leaf.ratio_to == plan::Relative::plan && !board.has_plan(context.queue)) return;
    if (!grows(leaf.measure)) alarm.when_it_changes(leaf.measure);
    alarm.at(comparison_changes(leaf, context));
    for (const plan::Floor& floor : leaf.floors) {
        if (!grows(floor.measure))
            alarm.when_it_changes(floor.measure);
        else if (const auto since = board.grows_since(context.queue, floor.measure))
            alarm.when_it_reaches(*since, floor.least);
    }
    if (!grows(leaf.measure)) return;
    const auto since = board.grows_since(context.queue, leaf.measure);
    if (!since) return;
    const bool below = leaf.ladder.below;
    for (const plan::Level level : plan::levels)
        if (const auto& limit = leaf.ladder.at.at(level))
            alarm.when_it_reaches(*since, *limit, Micros{below ? 1 : 0});
    if (at == plan::Level::none) return;
    if (const auto clear = clear_threshold(leaf, at))
        alarm.when_it_reaches(*since, *clear, Micros{below ? 0 : 1});
}

}  // namespace surged::threshold
