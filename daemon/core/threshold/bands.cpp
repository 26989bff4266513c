#include "core/threshold/bands.hpp"

#include "core/threshold/observe.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace surged::threshold {
namespace {

using plan::Level;

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

/// The values at which the node stays over the same rungs and, at a level, inside or not.
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
    if (!clear || node.gone_since) return {0, 0};
    keep(ladder.below == node.inside_since.has_value(), *clear);
    return band;
}

/// Of what is compared the band of the figure itself: the same, that many times. What nothing is
/// expected of has no value, whatever the figure is.
Band of_figure(const Band& band, const std::optional<board::Millionths>& expected) {
    if (!expected || *expected <= 0) return {};
    constexpr float infinite = std::numeric_limits<float>::infinity();
    const auto times = [&](float at, float inwards) {
        const double exact = static_cast<double>(at) * static_cast<double>(*expected) / 1e6;
        return std::nextafter(std::nextafter(static_cast<float>(exact), inwards), inwards);
    };
    return {
        std::isinf(band.low) ? band.low : times(band.low, infinite),
        std::isinf(band.high) ? band.high : times(band.high, -infinite)
    };
}

/// A band of it is one of contacts, as long as nobody signs in or out and no line is added.
bool counts_contacts(const Steady& steady) {
    const plan::Leaf& leaf = *steady.leaf;
    const auto all = [](const board::Measure& one) {
        return one == board::Measure{one.kpi, board::Window::now, {}, {}, {}};
    };
    const board::Kpi kpi = leaf.measure.kpi;
    const bool lines = kpi == board::Kpi::lines_in_use;
    const bool waiting = kpi == board::Kpi::calls_waiting || kpi == board::Kpi::waiting_per_agent;
    if (!steady.by_figure || (!lines && !waiting) || !all(leaf.measure)) return false;
    if (leaf.ratio_to != plan::Relative::none) return false;
    if (is_at_rest(steady)) return true;
    return std::all_of(leaf.floors.begin(), leaf.floors.end(), [&](const plan::Floor& floor) {
        return waiting && floor.measure.kpi == board::Kpi::calls_waiting && all(floor.measure);
    });
}

}  // namespace

Steady steady_leaf(const plan::Leaf& leaf, const LeafState& node) {
    Steady out;
    out.leaf = &leaf;
    out.level = node.level;
    out.comes_down = node.inside_since.has_value();
    out.of_calls = board::info_of(leaf.measure.kpi).of_calls;
    out.plain = leaf.floors.empty() && leaf.min_calls == 0 && leaf.min_count == 0 &&
                leaf.ratio_to == plan::Relative::none && leaf.change_over == Micros{0};
    for (const Level level : plan::levels)
        if (node.over_since.at(level)) out.over |= bit_of(level);
    return out;
}

Steady banded_leaf(const plan::Leaf& leaf, const Context& context, const LeafState& node) {
    Steady out = steady_leaf(leaf, node);
    const bool rests = is_at_rest(out) && leaf.change_over == Micros{0};
    out.by_figure = rests || (leaf.ratio_to == plan::Relative::none && leaf.min_calls == 0 &&
                              leaf.min_count == 0 && leaf.change_over == Micros{0});
    Band band = band_of(leaf, node);
    if (rests && leaf.ratio_to != plan::Relative::none)
        band = of_figure(band, expected_of(leaf, context));
    out.low = band.low;
    out.high = band.high;
    if (out.plain && leaf.measure.kpi == board::Kpi::gauge)
        out.gauge =
            context.board->gauge_place(context.queue, leaf.measure.gauge).value_or(Steady::nowhere);
    out.by_contacts = counts_contacts(out);
    out.with_connected = leaf.measure.kpi == board::Kpi::lines_in_use;
    tell_by_contacts(out, context);
    return out;
}

void tell_by_contacts(Steady& steady, const Context& context) {
    if (!steady.by_contacts) return;
    constexpr double room = std::numeric_limits<std::uint16_t>::max();
    const plan::Leaf& leaf = *steady.leaf;
    const auto figure = context.board->value(context.queue, leaf.measure);
    // Nobody is signed in, it has no lines or its data is lost, however many contacts there are.
    const bool none = !figure && is_at_rest(steady);
    steady.least = none ? 0 : 1;
    steady.most = none ? static_cast<std::uint16_t>(room) : 0;
    if (!figure) return;
    const auto den = static_cast<double>(figure->den) / 1e6;
    double least = std::floor(static_cast<double>(steady.low) * den) + 1;
    const double most = std::ceil(static_cast<double>(steady.high) * den) - 1;
    if (!is_at_rest(steady))
        for (const plan::Floor& floor : leaf.floors)
            least = std::max(least, std::ceil(static_cast<double>(floor.least) / 1e6));
    if (most < 0 || least > room || least > most) return;
    steady.least = static_cast<std::uint16_t>(std::max(least, 0.0));
    steady.most = static_cast<std::uint16_t>(std::min(most, room));
}

}  // namespace surged::threshold
