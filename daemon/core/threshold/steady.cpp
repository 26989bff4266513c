// What stays as it is, told without a walk over all that a condition remembers.
#include "core/threshold/bands.hpp"
#include "core/threshold/observe.hpp"
#include "core/threshold/wakes.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

namespace surged::threshold {
namespace {

using board::Quantity;
using plan::Condition;
using plan::ConditionKind;
using plan::Level;

bool is_within(const Steady& steady, double millionths) {
    return millionths > static_cast<double>(steady.low) &&
           millionths < static_cast<double>(steady.high);
}

bool is_within(const Steady& steady, const Quantity& value) {
    const auto den = static_cast<double>(value.den);
    const double num = static_cast<double>(value.num) * 1e6;
    return num > static_cast<double>(steady.low) * den &&
           num < static_cast<double>(steady.high) * den;
}

/// A gauge by itself is asked about more than all else: neither its name nor its rules are read.
bool is_gauge_within(const Steady& steady, const Context& context) {
    if (steady.gauge == Steady::nowhere || steady.comes_down) return false;
    const double* const told = context.board->gauge(context.queue, steady.gauge);
    return told != nullptr && is_within(steady, *told * 1e6);
}

/// The gauge was told for the first time since steady() was asked, which knows its place now.
bool has_appeared(const Steady& steady, const Context& context) {
    const board::Measure& measure = steady.leaf->measure;
    return steady.gauge == Steady::nowhere && steady.plain && measure.kpi == board::Kpi::gauge &&
           context.board->gauge_place(context.queue, measure.gauge).has_value();
}

/// What is inside does not come down yet.
bool is_held(const Steady& steady, const Context& context, const LeafState& node) {
    return down_at(*steady.leaf, node, *node.inside_since) > context.now ||
           callers_wait_too_long(context);
}

/// The board's figure says that nothing changes: it is within the band, or there is none where none
/// was over anything. What lets it speak is asked only where it has spoken.
bool is_figure_within(const Steady& steady, const Context& context, const LeafState& node) {
    if (!steady.by_figure) return false;
    if (is_at_rest(steady) && std::isinf(steady.low) && std::isinf(steady.high)) return true;
    if (steady.comes_down && !is_held(steady, context, node)) return false;
    if (!is_at_rest(steady) && !are_floors_met(*steady.leaf, context)) return false;
    const auto figure = context.board->value(context.queue, steady.leaf->measure);
    return figure ? is_within(steady, *figure) : is_at_rest(steady);
}

const plan::Leaf& leaf_in(const Condition& condition, const Context& context) {
    return plan::leaf_for(condition, context.queue_name, *context.calendars);
}

template <class Number>
std::uint8_t rungs(const plan::Ladder& ladder, Number value, Number den) {
    std::uint8_t out = 0;
    for (const Level level : plan::levels) {
        const auto& limit = ladder.at.at(level);
        const Number at = limit.value_or(0) * den;
        const bool over = ladder.below ? value <= at : value >= at;
        if (limit && over) out |= bit_of(level);
    }
    return out;
}

std::uint8_t rungs_under(const plan::Ladder& ladder, const std::optional<Quantity>& value) {
    constexpr std::int64_t millionths = 1'000'000;
    if (!value) return 0;
    if (value->den == millionths) return rungs<std::int64_t>(ladder, value->num, 1);
    return rungs<board::Wide>(ladder, board::Wide{value->num} * millionths, value->den);
}

/// True if no hold of the rungs above the level ends now.
bool rise_waits(const Steady& steady, const Context& context, const LeafState& node, Alarm* alarm) {
    for (const Level level : plan::levels) {
        if (level <= steady.level || (steady.over & bit_of(level)) == 0) continue;
        const Instant due = later(*node.over_since.at(level), steady.leaf->hold.at(level));
        if (due <= context.now) return false;
        if (alarm != nullptr) alarm->at(due);
    }
    return true;
}

/// True if what brings a level down, or lets it outlive its value, is as step() left it.
bool level_stands(
    const plan::Leaf& leaf,
    const std::optional<Quantity>& value,
    const Context& context,
    const LeafState& node,
    Alarm* alarm
) {
    if (value.has_value() == node.gone_since.has_value()) return false;
    const bool kept = is_kept(leaf, node, context.now);
    const bool inside_now = !kept && (!value || inside(leaf, node.level, *value));
    if (inside_now != node.inside_since.has_value()) return false;
    if (kept && alarm != nullptr) alarm->at(later(*node.gone_since, leaf.keep));
    if (!inside_now) return true;
    const Instant due = down_at(leaf, node, *node.inside_since);
    if (due > context.now) {
        if (alarm != nullptr) alarm->at(due);
        return true;
    }
    return callers_wait_too_long(context);
}

/// True if step() would change nothing of the node; then `alarm`, where asked, knows until when.
/// Where not asked, the caller knows that no hold ends now.
bool leaf_stays(const Steady& steady, const Context& context, const LeafState& node, Alarm* alarm) {
    const plan::Leaf& leaf = *steady.leaf;
    const bool stands = steady.level != Level::none;
    const std::optional<Quantity> value = steady.plain
                                              ? context.board->value(context.queue, leaf.measure)
                                              : value_that_counts(leaf, context);
    // Without data, where there is no value either, what is over is so no more, and what stands is
    // frozen.
    if (!value && steady.of_calls && !context.board->data_live(context.queue))
        return steady.over == 0 && !stands;
    const bool by_value = alarm == nullptr && !steady.by_figure && !steady.comes_down;
    if (by_value && value && is_within(steady, *value)) return true;
    if (rungs_under(leaf.ladder, value) != steady.over) return false;
    if (stands && !level_stands(leaf, value, context, node, alarm)) return false;
    const bool rises = steady.over >> static_cast<unsigned>(steady.level) != 0;
    if (rises && !rise_waits(steady, context, node, alarm)) return false;
    if (alarm != nullptr && (!steady.plain || board::changes_by_itself(leaf.measure.kpi)))
        set_wakes(leaf, context, steady.level, *alarm);
    return true;
}

/// A leaf whose wake is ahead and was not brought forward.
bool rests(const Steady& steady, const Context& context, const LeafState& node) {
    if (is_gauge_within(steady, context)) return true;
    if (has_appeared(steady, context)) return false;
    return is_figure_within(steady, context, node) || leaf_stays(steady, context, node, nullptr);
}

/// The nodes of a composed condition that are still to be looked at, in preorder.
class Nodes {
public:
    explicit Nodes(std::span<const LeafState> nodes) : nodes_{nodes} {}

    /// The same of a condition composed of leaves; afterwards its nodes are behind us.
    bool stay(const Condition& condition, const Context& context, Alarm& alarm) {
        if (sleeps(condition, context)) return sleep(count_nodes(condition));
        const LeafState& node = nodes_[next_++];
        if (condition.kind == ConditionKind::leaf)
            return leaf_stays(
                steady_leaf(leaf_in(condition, context), node), context, node, &alarm
            );
        if (!is_of_members(condition)) return false;
        const auto& members = condition.members;
        return std::all_of(members.begin(), members.end(), [&](const Condition& member) {
            return stay(member, context, alarm);
        });
    }
    /// What each of them is; false: one is not to be told by its leaves.
    bool tell(const Condition& condition, const Context& context, std::span<Steady> out) {
        if (sleeps(condition, context)) {
            for (std::size_t left = count_nodes(condition); left > 0; --left) out[next_++] = {};
            return true;
        }
        const std::size_t own = next_++;
        const bool leaf = condition.kind == ConditionKind::leaf;
        out[own] = leaf ? banded_leaf(leaf_in(condition, context), context, nodes_[own]) : Steady{};
        if (!leaf && !is_of_members(condition)) return false;
        const auto& members = condition.members;
        return std::all_of(members.begin(), members.end(), [&](const Condition& member) {
            return tell(member, context, out);
        });
    }

private:
    static bool is_of_members(const Condition& condition) {
        return condition.kind == ConditionKind::all || condition.kind == ConditionKind::any;
    }
    bool sleep(std::size_t nodes) {
        const auto own = nodes_.subspan(next_, nodes);
        next_ += nodes;
        return std::all_of(own.begin(), own.end(), [](const LeafState& node) {
            return node == LeafState{};
        });
    }

    std::span<const LeafState> nodes_;
    std::size_t next_{0};
};

/// One leaf by itself, or one composed of others, that update() has seen since it has its nodes.
bool is_remembered(const Condition& condition, const State& state, bool leaf) {
    return (condition.kind == ConditionKind::leaf) == leaf && state.since &&
           state.nodes.size() == count_nodes(condition);
}

}  // namespace

Steady steady(const Condition& condition, const Context& context, const State& state) {
    if (!is_remembered(condition, state, true) || context.temporary != nullptr) return {};
    const LeafState& node = state.nodes.front();
    if (node.level != state.level || sleeps(condition, context)) return {};
    return banded_leaf(leaf_in(condition, context), context, node);
}

bool steady_nodes(
    const Condition& condition, const Context& context, const State& state, std::span<Steady> out
) {
    if (!is_remembered(condition, state, false) || out.size() != state.nodes.size()) return false;
    return Nodes{state.nodes}.tell(condition, context, out);
}

bool stays(
    const Steady& steady, const Context& context, const State& state, std::optional<Instant>* wake
) {
    // Of many queues most rest: their memory is not fetched to be told so.
    static const LeafState nothing;
    const LeafState& node = is_at_rest(steady) ? nothing : state.nodes.front();
    if (wake == nullptr) return rests(steady, context, node);
    Alarm alarm{context};
    const bool same = leaf_stays(steady, context, node, &alarm);
    *wake = alarm.wake();
    return same;
}

bool all_follow(
    std::span<Steady> nodes, const Context& context, State& state, const News& news, Instant& wake
) {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        Steady& node = nodes[i];
        if (node.leaf == nullptr) continue;
        board::Changes reads = news.reads[i];
        // Who waits longest may hold up what is at a level.
        if (node.level != Level::none) reads |= board::changes::front;
        const auto news_of = static_cast<board::Changes>(reads & news.changed);
        if (news_of == 0 || is_among(node, news.contacts, news_of)) continue;
        LeafState& own = state.nodes[i];
        if (rests(node, context, own)) {
            if (!is_of_contacts(news_of)) tell_by_contacts(node, context);
            continue;
        }
        Alarm alarm{context};
        bring_up(*node.leaf, context, own, alarm);
        if (own.level != node.level) return false;
        wake = std::min(wake, alarm.wake().value_or(wake));
        node = banded_leaf(*node.leaf, context, own);
    }
    return true;
}

bool all_stay(
    const Condition& condition,
    const Context& context,
    const State& state,
    std::optional<Instant>& wake
) {
    if (!is_remembered(condition, state, false)) return false;
    Alarm alarm{context};
    const bool same = Nodes{state.nodes}.stay(condition, context, alarm);
    wake = alarm.wake();
    return same;
}

}  // namespace surged::threshold
