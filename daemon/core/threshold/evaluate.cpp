#include "core/threshold/evaluate.hpp"

#include "base/assert.hpp"
#include "core/threshold/observe.hpp"
#include "core/threshold/wakes.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace surged::threshold {
namespace {

using board::Kpi;
using board::Measure;
using board::Millionths;
using board::Quantity;
using plan::Condition;
using plan::ConditionKind;
using plan::Level;

/// Per level, since when it has been met without a break.
using MetSince = plan::PerLevel<std::optional<Instant>>;

/// What a walk over a condition says about one node of it.
struct Said {
    Level level{Level::none};
    const Condition* leading{nullptr};  // a leaf or an absent
    Level leading_level{Level::none};
    MetSince met;
};

/// True while what feeds every figure of the condition is there.
bool has_all_data(const Condition& condition, const Context& context) {
    if (condition.kind == ConditionKind::leaf)
        return has_data(plan::leaf_for(condition, context.queue_name, *context.calendars), context);
    return std::all_of(condition.members.begin(), condition.members.end(), [&](const auto& member) {
        return has_all_data(member, context);
    });
}

Observation observe(const plan::Leaf& leaf, const Context& context, const LeafState& state) {
    Observation seen;
    seen.live = has_data(leaf, context);
    if (!seen.live) return seen;
    seen.value = value_that_counts(leaf, context);
    // Asked only where it decides: what is not inside does not come down anyway.
    const bool comes_down =
        state.level != Level::none && (!seen.value || inside(leaf, state.level, *seen.value));
    seen.held_up = comes_down && callers_wait_too_long(context);
    return seen;
}

/// A level without a rung is met as long as the next graver one.
MetSince met_since(const plan::Leaf& leaf, const LeafState& state) {
    MetSince met;
    std::optional<Instant> graver;
    for (auto it = plan::levels.rbegin(); it != plan::levels.rend(); ++it) {
        if (leaf.ladder.at.at(*it)) graver = state.over_since.at(*it);
        if (*it <= state.level) met.at(*it) = graver;
    }
    return met;
}

/// Walks a condition in preorder, bringing the state of each node up to now.
class Walk {
public:
    Walk(const Context& context, std::vector<LeafState>& nodes)
        : context_{context}, nodes_{nodes}, alarm_{context} {}

    Said visit(const Condition& condition) {
        SURGED_ASSERT(next_ < nodes_.size());
        if (sleeps(condition, context_)) return sleep(condition);
        LeafState& state = nodes_[next_++];
        switch (condition.kind) {
            case ConditionKind::leaf:
                return leaf(condition, state);
            case ConditionKind::absent:
                return absent(condition, state);
            case ConditionKind::not_:
                return negation(condition, state);
            case ConditionKind::calendar:
                return calendar(condition, state);
            case ConditionKind::alert:
                return alert(condition, state);
            case ConditionKind::report:
                return report(condition, state);
            case ConditionKind::all:
            case ConditionKind::any:
                break;
        }
        return composite(condition, state);
    }
    [[nodiscard]] std::optional<Instant> wake() const { return alarm_.wake(); }

private:
    Said leaf(const Condition& condition, LeafState& state) {
        const plan::Leaf& written =
            plan::leaf_for(condition, context_.queue_name, *context_.calendars);
        if (context_.temporary == nullptr || nodes_.size() > 1)
            return run(condition, written, state);
        plan::Leaf replaced = written;
        replaced.ladder = *context_.temporary;
        return run(condition, replaced, state);
    }

    Said run(const Condition& condition, const plan::Leaf& rule, LeafState& state) {
        bring_up(rule, context_, state, alarm_);
        return {state.level, &condition, state.level, met_since(rule, state)};
    }

    /// Clears at once when the source is heard again: what it then says is judged by other rules.
    Said absent(const Condition& condition, LeafState& state) {
        Said said{Level::none, &condition, Level::none, {}};
        state.level = Level::none;
        if (!is_silent(condition, context_)) {
            state.silent_since.reset();
            return said;
        }
        if (!state.silent_since) state.silent_since = context_.now;
        const auto reach = [&](Instant at, Level level) {
            if (context_.now >= at)
                state.level = std::max(state.level, level);
            else
                alarm_.at(at);
        };
        const Instant first = later(*state.silent_since, condition.hold);
        reach(first, condition.level);
        if (condition.then_after) reach(later(first, *condition.then_after), condition.then_level);
        said.level = said.leading_level = state.level;
        for (const Level level : plan::levels)
            if (level <= state.level) said.met.at(level) = state.silent_since;
        return said;
    }

    /// Outside its calendar a condition is calm and remembers nothing: the caller evaluates again
    /// when the calendar comes into force.
    Said sleep(const Condition& condition) {
        for (std::size_t left = count_nodes(condition); left > 0; --left) nodes_[next_++] = {};
        return {Level::none, first_leaf(condition), Level::none, {}};
    }

    Said alert(const Condition& condition, LeafState& state) {
        state.level = Level::none;
        Said said{Level::none, &condition, Level::none, {}};
        const Alerting* oldest = oldest_alert(*context_.outside, condition);
        if (oldest == nullptr) return said;
        const Instant from = later(oldest->since, condition.hold);
        if (context_.now < from) {
            alarm_.at(from);
            return said;
        }
        return standing(condition.level, oldest->since, condition, state);
    }

    Said report(const Condition& condition, LeafState& state) {
        state.level = Level::none;
        const Reported* gravest = gravest_report(*context_.outside, condition, context_.plan);
        if (gravest == nullptr) return {Level::none, &condition, Level::none, {}};
        return standing(level_of(*gravest, condition), gravest->at, condition, state);
    }

    static Said standing(Level level, Instant since, const Condition& condition, LeafState& state) {
        state.level = level;
        Said said{level, &condition, level, {}};
        for (const Level one : plan::levels)
            if (one <= level) said.met.at(one) = since;
        return said;
    }

    /// In force at its level; at IV so long before, so that what must be prepared is.
    Said calendar(const Condition& condition, LeafState& state) {
        const Wall wall = to_wall(context_.now, context_.wall_offset);
        const plan::Site& site = *context_.site;
        const auto begin = plan::begins(site.calendars, site.zone, condition.calendar, wall);
        const auto instant = [&](Wall at) { return context_.now + Micros{at.us - wall.us}; };
        state.level = Level::none;
        if (context_.calendars->contains(condition.calendar)) {
            state.level = condition.level;
        } else if (begin && condition.lead > Micros{0}) {
            const Instant from = instant(*begin) - condition.lead;
            if (context_.now >= from)
                state.level = Level::IV;
            else
                alarm_.at(from);
        }
        if (!begin || state.level == Level::none) return {state.level, &condition, state.level, {}};
        const Instant since =
            instant(*begin) - (state.level == condition.level ? Micros{0} : condition.lead);
        return standing(state.level, since, condition, state);
    }

    /// Fires while its member does not. Without live data it stays as it is, like a leaf: that no
    /// member fires then means nothing.
    Said negation(const Condition& condition, LeafState& state) {
        SURGED_ASSERT(condition.members.size() == 1);
        const Said member = visit(condition.members.front());
        if (has_all_data(condition, context_))
            state.level = member.level == Level::none ? condition.level : Level::none;
        return {state.level, member.leading, member.leading_level, {}};
    }

    Said composite(const Condition& condition, LeafState& state) {
        SURGED_ASSERT(!condition.members.empty());
        const bool all = condition.kind == ConditionKind::all;
        Said said;
        bool first = true;
        for (const Condition& member : condition.members) {
            const Said one = visit(member);
            for (const Level level : plan::levels)
                said.met.at(level) = first ? one.met.at(level)
                                     : all ? latest(said.met.at(level), one.met.at(level))
                                           : earliest(said.met.at(level), one.met.at(level));
            if (first || (all ? one.level < said.level : one.level > said.level)) {
                said.level = one.level;
                said.leading = one.leading;
                said.leading_level = one.leading_level;
            }
            first = false;
        }
        state.level = said.level;
        return said;
    }

    static std::optional<Instant> latest(std::optional<Instant> a, std::optional<Instant> b) {
        return a && b ? std::max(a, b) : std::nullopt;
    }
    static std::optional<Instant> earliest(std::optional<Instant> a, std::optional<Instant> b) {
        return a && b ? std::min(a, b) : a ? a : b;
    }

    const Context& context_;
    std::vector<LeafState>& nodes_;
    std::size_t next_{0};
    Alarm alarm_;
};

struct Walked {
    Said said;
    std::optional<Instant> wake;
};

Walked walk(const Condition& condition, const Context& context, State& state) {
    SURGED_ASSERT(context.board != nullptr && context.sources != nullptr);
    SURGED_ASSERT(context.site != nullptr && context.calendars != nullptr);
    SURGED_ASSERT(context.outside != nullptr);
    const std::size_t nodes = count_nodes(condition);
    if (state.nodes.size() != nodes) state.nodes.assign(nodes, LeafState{});
    Walk walk{context, state.nodes};
    const Said said = walk.visit(condition);
    if (!state.since || state.level != said.level) state.since = context.now;
    state.level = said.level;
    return {said, walk.wake()};
}

}  // namespace

void bring_up(const plan::Leaf& leaf, const Context& context, LeafState& state, Alarm& alarm) {
    const Observation seen = observe(leaf, context, state);
    step(leaf, seen, context.now, state);
    alarm.at(next_wake(leaf, seen, context.now, state));
    // Those who hold it up now may have left by then, and with a wake still ahead nobody asks.
    if (seen.held_up && state.inside_since) alarm.at(down_at(leaf, state, *state.inside_since));
    if (seen.live) set_wakes(leaf, context, state.level, alarm);
}

std::size_t count_nodes(const Condition& condition) {
    std::size_t nodes = 1;
    for (const Condition& member : condition.members) nodes += count_nodes(member);
    return nodes;
}

Updated update(const Condition& condition, const Context& context, State& state) {
    const Walked done = walk(condition, context, state);
    return {done.said.level, done.wake};
}

Evaluated evaluate(const Condition& condition, const Context& context, State& state) {
    const auto [said, wake] = walk(condition, context, state);
    Evaluated result;
    result.level = said.level;
    result.wake = wake;
    result.leading = reading_of(*said.leading, said.leading_level, context);
    if (said.level != Level::none) result.leading_since = said.met.at(said.level);
    return result;
}

}  // namespace surged::threshold
