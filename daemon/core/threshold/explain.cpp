#include "core/threshold/explain.hpp"

#include "base/assert.hpp"
#include "core/threshold/observe.hpp"

namespace surged::threshold {
namespace {

using board::Kpi;
using board::Measure;
using board::Quantity;
using plan::Condition;
using plan::ConditionKind;

class Telling {
public:
    Telling(const Context& context, const State& state) : context_{context}, state_{state} {}

    void visit(const Condition& condition, std::size_t depth, bool asleep) {
        NodeTold& node = out_.emplace_back();
        node.condition = &condition;
        node.depth = depth;
        node.asleep = asleep || sleeps(condition, context_);
        const std::size_t index = out_.size() - 1;
        if (index < state_.nodes.size()) node.state = state_.nodes[index];
        if (condition.kind == ConditionKind::leaf) tell_leaf(condition, depth, node);
        if (condition.kind == ConditionKind::absent) node.silent = is_silent(condition, context_);
        if (condition.members.empty() && condition.kind != ConditionKind::leaf)
            node.told = reading_of(condition, plan::Level::none, context_).told;
        const bool below_sleeps = node.asleep;  // `node` is gone once the vector grows
        for (const Condition& member : condition.members) visit(member, depth + 1, below_sleeps);
    }
    [[nodiscard]] std::vector<NodeTold> take() { return std::move(out_); }

private:
    void tell_leaf(const Condition& condition, std::size_t depth, NodeTold& node) const {
        const board::View& board = *context_.board;
        const plan::Leaf& leaf =
            plan::leaf_for(condition, context_.queue_name, *context_.calendars);
        node.leaf = &leaf;
        for (std::size_t i = 0; i < condition.overrides.size(); ++i)
            if (&leaf == &condition.overrides[i].leaf) node.override_number = i + 1;
        node.temporary = context_.temporary != nullptr && depth == 0;
        node.ladder = node.temporary ? *context_.temporary : leaf.ladder;
        node.has_data = has_data(leaf, context_);
        if (!node.has_data) return;
        node.measured = board.value(context_.queue, leaf.measure);
        if (leaf.ratio_to != plan::Relative::none)
            if (const auto multiple = figure_of(leaf, context_)) node.expected = multiple->den;
        node.value = watched_value(leaf, context_);
        node.counts = value_that_counts(leaf, context_).has_value();
        for (const plan::Floor& floor : leaf.floors) {
            const auto value = board.value(context_.queue, floor.measure);
            const bool met = value && board::at_least(*value, floor.least);
            node.floors.push_back({floor.measure, floor.least, value, met});
        }
        node.contacts = board.base_count(context_.queue, contacts_of(leaf));
        node.count = board.base_count(context_.queue, leaf.measure);
        const auto oldest = board.value(context_.queue, Measure{Kpi::longest_wait, {}, {}, {}, {}});
        node.held_up = oldest && node.state.level != plan::Level::none &&
                       !board::at_most(*oldest, board.target(context_.queue).count());
    }

    const Context& context_;
    const State& state_;
    std::vector<NodeTold> out_;
};

}  // namespace

std::vector<NodeTold> explain(
    const Condition& condition, const Context& context, const State& state
) {
    SURGED_ASSERT(context.board != nullptr && context.sources != nullptr);
    SURGED_ASSERT(context.site != nullptr && context.calendars != nullptr);
    SURGED_ASSERT(context.outside != nullptr);
    Telling telling{context, state};
    telling.visit(condition, 0, false);
    return telling.take();
}

}  // namespace surged::threshold
