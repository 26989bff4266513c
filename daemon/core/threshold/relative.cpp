// A figure against what is usual, planned or was before.
#include "core/threshold/observe.hpp"

#include <algorithm>
#include <array>

namespace surged::threshold {
namespace {

using board::Measure;
using board::Millionths;
using board::Quantity;
using board::Window;

/// A window reaches to the end of its current bucket, so that what is expected of it changes when
/// the window does, and at no other instant.
struct Span {
    Instant from, to;
};

Micros bucket_of(Window window) {
    constexpr std::array<int, board::windows> seconds{1, 1, 5, 15, 30, 60, 60};
    return Seconds{seconds[static_cast<std::size_t>(window)]};
}

Span span_of(const Measure& measure, const Context& context) {
    constexpr int buckets = 60;
    const Micros bucket = bucket_of(measure.window);
    const Instant to{(context.now.time_since_epoch() / bucket + 1) * bucket};
    if (measure.window != Window::day) return {to - buckets * bucket, to};
    const Wall wall = to_wall(context.now, context.wall_offset);
    return {to_instant(plan::local_midnight(context.site->zone, wall), context.wall_offset), to};
}

const expect::Baseline* baseline(const plan::Leaf& leaf, const Context& context) {
    if (context.baselines == nullptr) return nullptr;
    const bool of_event = leaf.ratio_to == plan::Relative::event;
    const auto found = context.baselines->all.find(
        {std::string{context.queue_name},
         expect::learned(leaf.measure),
         of_event ? leaf.event : std::string{}}
    );
    return found == context.baselines->all.end() ? nullptr : &found->second;
}

std::int64_t local(Instant at, const Context& context) {
    return plan::local_seconds(context.site->zone, to_wall(at, context.wall_offset));
}

std::optional<Millionths> usual(const plan::Leaf& leaf, const Context& context) {
    if (context.calendars->contains(context.site->special_days)) return std::nullopt;
    const expect::Baseline* known = baseline(leaf, context);
    if (known == nullptr) return std::nullopt;
    const Span span = span_of(leaf.measure, context);
    return known->weeks.usual(local(span.from, context), local(span.to, context));
}

std::optional<Millionths> last_time(const plan::Leaf& leaf, const Context& context) {
    if (!context.calendars->contains(leaf.event)) return std::nullopt;
    const expect::Baseline* known = baseline(leaf, context);
    if (known == nullptr || !known->occasion.has_last()) return std::nullopt;
    const plan::Site& site = *context.site;
    const Wall wall = to_wall(context.now, context.wall_offset);
    const auto begun = plan::begins(site.calendars, site.zone, leaf.event, wall);
    if (!begun) return std::nullopt;
    const std::int64_t first_s =
        expect::slot_of(plan::local_seconds(site.zone, *begun)) * expect::slot_s;
    const Span span = span_of(leaf.measure, context);
    const auto last = known->occasion.last(
        local(span.from, context) - first_s, local(span.to, context) - first_s
    );
    if (!last) return std::nullopt;
    return static_cast<Millionths>(static_cast<board::Wide>(*last) * leaf.factor / 1'000'000);
}

}  // namespace

std::optional<Millionths> expected_of(const plan::Leaf& leaf, const Context& context) {
    switch (leaf.ratio_to) {
        case plan::Relative::plan: {
            const Span span = span_of(leaf.measure, context);
            return context.board->planned(context.queue, span.from, span.to);
        }
        case plan::Relative::profile:
            return usual(leaf, context);
        case plan::Relative::event:
            return last_time(leaf, context);
        case plan::Relative::none:
            break;
    }
    return std::nullopt;
}

std::optional<Quantity> figure_of(const plan::Leaf& leaf, const Context& context) {
    // Of calls it is none while their source is lost: see View::value.
    const std::optional<Quantity> value = context.board->value(context.queue, leaf.measure);
    if (!value || leaf.ratio_to == plan::Relative::none) return value;
    const std::optional<Millionths> whole = expected_of(leaf, context);
    if (!whole || *whole <= 0) return std::nullopt;
    return Quantity{value->num * 1'000'000, *whole};  // a count: over one
}

bool lacks_plan(const plan::Condition& condition, const Context& context) {
    if (sleeps(condition, context)) return false;
    if (condition.kind == plan::ConditionKind::leaf) {
        const plan::Leaf& leaf = plan::leaf_for(condition, context.queue_name, *context.calendars);
        return leaf.ratio_to == plan::Relative::plan && !expected_of(leaf, context);
    }
    return std::any_of(
        condition.members.begin(),
        condition.members.end(),
        [&](const plan::Condition& member) { return lacks_plan(member, context); }
    );
}

std::optional<Quantity> watched_value(const plan::Leaf& leaf, const Context& context) {
    const std::optional<Quantity> value = figure_of(leaf, context);
    if (!value || leaf.change_over == Micros{0}) return value;
    if (context.past == nullptr) return std::nullopt;
    const auto track =
        context.past->all.find(expect::past_key(std::string{context.queue_name}, leaf));
    if (track == context.past->all.end()) return std::nullopt;
    const Micros step = expect::step_of(leaf.change_over);
    const auto before = track->second.before(expect::step_at(context.now, step));
    return before ? std::optional{expect::difference(*value, *before)} : std::nullopt;
}

std::optional<Instant> comparison_changes(const plan::Leaf& leaf, const Context& context) {
    std::optional<Instant> at;
    if (leaf.ratio_to != plan::Relative::none) at = span_of(leaf.measure, context).to;
    if (leaf.change_over > Micros{0}) {
        const Micros step = expect::step_of(leaf.change_over);
        const Instant next{(expect::step_at(context.now, step) + 1) * step};
        if (!at || next < *at) at = next;
    }
    return at;
}

}  // namespace surged::threshold
