// What stays as it is, told without a walk over all that a condition remembers.
#include "core/threshold/observe.hpp"
#include "core/threshold/wakes.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>

namespace surged::threshold {
namespace {

using board::Quantity;
using plan::Condition;
using plan::ConditionKind;
using plan::Level;

std::uint8_t bit_of(Level level) {
    return static_cast<std::uint8_t>(1U << (static_cast<unsigned>(level) - 1U));
}

/// Strictly between these, in millionths; wide enough apart from the thresholds that no rounding of
/// a comparison, or of a gauge to millionths, leads over one.
struct Band {
    float low{-infinite}, high{infinite};

    void keep_above(float at) { low = std::max(low, beyond(at)); }
    void keep_under(float at) { high = std::min(high, -beyond(-at)); }

private:
    static constexpr float infinite = std::numeric_limits<float>::infinity();
    static float beyond(float at) {
        return std::nextafter(std::nextafter(at + 1.0F, infinite), infinite);
    }
};

/// The values at which the node stays over the same rungs and, at a level, does not go inside.
Band band_of(const plan::Leaf& leaf, const LeafState& node) {
    const plan::Ladder& ladder = leaf.ladder;
    Band band;
    const auto keep = [&](bool above, board::Millionths at) {
        if (above)
            band.keep_above(static_cast<float>(at));
        else
            band.keep_under(static_cast<float>(at));
    };
    for (const Level level : plan::levels)
        if (const auto& at = ladder.at.at(level))
            keep(node.over_since.at(level).has_value() != ladder.below, *at);
    if (node.level == Level::none) return band;
    const auto clear = clear_threshold(leaf, node.level);
    if (!clear || node.inside_since || node.gone_since) return {0, 0};
    keep(!ladder.below, *clear);
    return band;
}

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
    if (!steady.gauge) return false;
    const double* const told = context.board->gauge(context.queue, *steady.gauge);
    return told != nullptr && is_within(steady, *told * 1e6);
}

/// The gauge was told for the first time since steady() was asked, which knows its place now.
bool has_appeared(const Steady& steady, const Context& context) {
    const board::Measure& measure = steady.leaf->measure;
    return !steady.gauge && steady.plain && measure.kpi == board::Kpi::gauge &&
           context.board->gauge_place(context.queue, measure.gauge).has_value();
}

/// What the leaf in force is by what its node remembers.
Steady steady_leaf(const Condition& condition, const Context& context, const LeafState& node) {
    Steady out;
    out.leaf = &plan::leaf_for(condition, context.queue_name, *context.calendars);
    out.level = node.level;
    out.comes_down = node.inside_since.has_value();
    const plan::Leaf& leaf = *out.leaf;
    out.of_calls = board::info_of(leaf.measure.kpi).of_calls;
    out.plain = leaf.floors.empty() && leaf.min_calls == 0 && leaf.min_count == 0 &&
                leaf.ratio_to == plan::Relative::none && leaf.change_over == Micros{0};
    for (const Level level : plan::levels)
        if (node.over_since.at(level)) out.over |= bit_of(level);
    return out;
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
    if (alarm == nullptr && value && is_within(steady, *value)) return true;
    if (rungs_under(leaf.ladder, value) != steady.over) return false;
    if (stands && !level_stands(leaf, value, context, node, alarm)) return false;
    const bool rises = steady.over >> static_cast<unsigned>(steady.level) != 0;
    if (rises && !rise_waits(steady, context, node, alarm)) return false;
    if (alarm != nullptr && (!steady.plain || board::changes_by_itself(leaf.measure.kpi)))
        set_wakes(leaf, context, steady.level, *alarm);
    return true;
}

/// The nodes of a composed condition that are still to be looked at, in preorder.
class Nodes {
public:
    Nodes(const State& state, const News& news) : nodes_{state.nodes}, news_{news} {}

    /// The same of a condition composed of leaves; afterwards its nodes are behind us.
    bool stay(const Condition& condition, const Context& context, Alarm* alarm) {
        if (sleeps(condition, context)) return sleep(count_nodes(condition));
        const LeafState& node = nodes_[next_++];
        if (condition.kind == ConditionKind::leaf) {
            if (alarm == nullptr && reads_nothing_new(node)) return true;
            return leaf_stays(steady_leaf(condition, context, node), context, node, alarm);
        }
        if (condition.kind != ConditionKind::all && condition.kind != ConditionKind::any)
            return false;
        const auto& members = condition.members;
        return std::all_of(members.begin(), members.end(), [&](const Condition& member) {
            return stay(member, context, alarm);
        });
    }

private:
    bool sleep(std::size_t nodes) {
        const auto own = nodes_.subspan(next_, nodes);
        next_ += nodes;
        return std::all_of(own.begin(), own.end(), [](const LeafState& node) {
            return node == LeafState{};
        });
    }
    /// Of the node just passed. Who waits may hold up what is at a level.
    [[nodiscard]] bool reads_nothing_new(const LeafState& node) const {
        board::Changes reads = news_.reads[next_ - 1];
        if (node.level != Level::none) reads |= board::changes::waiting;
        return (reads & news_.changed) == 0;
    }

    std::span<const LeafState> nodes_;
    const News& news_;
    std::size_t next_{0};
};

}  // namespace

Steady steady(const Condition& condition, const Context& context, const State& state) {
    if (condition.kind != ConditionKind::leaf || context.temporary != nullptr) return {};
    if (!state.since || state.nodes.size() != 1 || state.nodes.front().level != state.level)
        return {};
    if (sleeps(condition, context)) return {};
    Steady out = steady_leaf(condition, context, state.nodes.front());
    const Band band = band_of(*out.leaf, state.nodes.front());
    out.low = band.low;
    out.high = band.high;
    const board::Measure& measure = out.leaf->measure;
    if (out.plain && measure.kpi == board::Kpi::gauge)
        out.gauge = context.board->gauge_place(context.queue, measure.gauge);
    return out;
}

bool stays(
    const Steady& steady, const Context& context, const State& state, std::optional<Instant>* wake
) {
    if (wake == nullptr && is_gauge_within(steady, context)) return true;
    if (wake == nullptr && has_appeared(steady, context)) return false;
    // Of many queues most rest: their memory is not fetched to be told so.
    static const LeafState nothing;
    const bool rests = steady.level == Level::none && steady.over == 0;
    const LeafState& node = rests ? nothing : state.nodes.front();
    if (wake == nullptr) return leaf_stays(steady, context, node, nullptr);
    Alarm alarm{context};
    const bool same = leaf_stays(steady, context, node, &alarm);
    *wake = alarm.wake();
    return same;
}

bool all_stay(
    const Condition& condition,
    const Context& context,
    const State& state,
    const News& news,
    std::optional<Instant>* wake
) {
    if (condition.members.empty() || !state.since) return false;
    if (state.nodes.size() != news.reads.size()) return false;
    Alarm alarm{context};
    const bool same = Nodes{state, news}.stay(condition, context, wake ? &alarm : nullptr);
    if (wake != nullptr) *wake = alarm.wake();
    return same;
}

}  // namespace surged::threshold
