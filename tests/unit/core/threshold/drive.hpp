// Drives a ladder or a condition as the engine does: every wake at its own instant, and no other.
#pragma once

#include "core/threshold/evaluate.hpp"
#include "core/threshold/step.hpp"
#include "support/fake_view.hpp"

#include <array>
#include <doctest/doctest.h>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace surged::test {

inline constexpr Instant start{Micros{1'763'900'000'000'000}};

/// IV 0.30, III 0.40, II 0.50, I 0.80; for 2 m; clear 20 % inside, 5 m and 10 m; dwell 10 m.
inline plan::Leaf pressure_leaf() {
    plan::Leaf leaf;
    leaf.measure.kpi = board::Kpi::waiting_per_agent;
    leaf.ladder.at.of = {300'000, 400'000, 500'000, 800'000};
    leaf.hold.of = {2min, 2min, 2min, 2min};
    return leaf;
}

inline threshold::Observation value(std::int64_t percent) {
    return {
        true, board::Quantity{percent, 100},
         false
    };
}
inline threshold::Observation held_up(std::int64_t percent) {
    return {
        true, board::Quantity{percent, 100},
         true
    };
}
inline constexpr threshold::Observation no_value{true, std::nullopt, false};
inline constexpr threshold::Observation lost{false, std::nullopt, false};

/// Runs a leaf as the engine does: every wake at its own instant, then the new observation.
struct Run {
    plan::Leaf leaf;
    threshold::LeafState state;
    threshold::Observation seen;
    Instant now{start};

    void tick(Instant to) {
        while (const auto wake = threshold::next_wake(leaf, seen, now, state)) {
            if (*wake > to) break;
            now = *wake;
            threshold::step(leaf, seen, now, state);
        }
        now = to;
        threshold::step(leaf, seen, now, state);
    }
    void see(Instant at, const threshold::Observation& next) {
        tick(at);
        seen = next;
        threshold::step(leaf, seen, now, state);
    }
};

inline constexpr std::nullopt_t no_rung = std::nullopt;
inline const board::Measure waiting_per_agent{
    board::Kpi::waiting_per_agent, board::Window::now, {}, {}, {}
};
inline const board::Measure calls_waiting{
    board::Kpi::calls_waiting, board::Window::now, {}, {}, {}
};
inline const board::Measure longest_wait{board::Kpi::longest_wait, board::Window::now, {}, {}, {}};
inline const board::Measure load{board::Kpi::load_ratio, board::Window::m15, {}, {}, {}};

/// A leaf that rises at once and needs no dwell, to be changed by the test.
inline plan::Condition leaf_of(
    const board::Measure& measure, std::array<std::optional<std::int64_t>, 4> at
) {
    plan::Condition condition;
    condition.leaf.measure = measure;
    condition.leaf.ladder.at.of = at;
    condition.leaf.clear.hold.of = {60s, 60s, 60s, 60s};
    condition.leaf.clear.dwell = {};
    return condition;
}
inline plan::Condition pressure() {
    return leaf_of(waiting_per_agent, {300'000, 400'000, 500'000, 800'000});
}
inline plan::Condition late() {
    return leaf_of(longest_wait, {90'000'000, 120'000'000, 180'000'000, 240'000'000});
}
inline plan::Condition composed(plan::ConditionKind kind, std::vector<plan::Condition> members) {
    plan::Condition condition;
    condition.kind = kind;
    condition.members = std::move(members);
    return condition;
}
inline plan::Condition absent(Micros hold, plan::Level level) {
    plan::Condition condition;
    condition.kind = plan::ConditionKind::absent;
    condition.source = "acd-1";
    condition.hold = hold;
    condition.level = level;
    return condition;
}

/// More than any band of contacts has: the figure itself is asked, which tests set as they like.
inline constexpr board::Contacts crowd{1'000'000, 0, false};

/// A condition on one queue, driven as the engine drives it.
struct World {
    plan::Condition condition;
    FakeView view;
    std::map<std::string, acd::SourceCounts> sources;
    plan::Site site;
    plan::InForce calendars;
    threshold::Outside outside;
    threshold::State state;
    threshold::Evaluated last;
    int held_still{0};      // looks at which nothing of it was to change
    int steps_followed{0};  // at which a leaf's step was all that changed
    /// What of the queue has changed since the last look, where the test says so.
    board::Changes news{board::changes::all};

    explicit World(plan::Condition rule) : condition{std::move(rule)} {
        view.now = start;
        touched();
    }
    threshold::Context context() const {
        return {
            &view,
            0,
            view.name(0),
            view.now,
            &sources,
            &site,
            &calendars,
            {},
            &outside,
            "p",
            nullptr
        };
    }
    /// What is said of a steady condition without its rules must be what is said with them.
    void touched() {
        const threshold::State before = state;
        const threshold::Steady steady = threshold::steady(condition, context(), state);
        const std::vector<board::Changes> reads = threshold::node_reads(condition);
        std::vector<threshold::Steady> nodes(reads.size());
        const bool told = threshold::steady_nodes(condition, context(), state, nodes);
        std::optional<Instant> wake;
        const bool same = steady.leaf != nullptr
                              ? threshold::stays(steady, context(), state, &wake)
                              : threshold::all_stay(condition, context(), state, wake);
        // A look that finds its wake ahead does not seek another, nor one that follows a leaf.
        const bool ahead = last.wake.value_or(Instant::max()) > view.now && !before.nodes.empty();
        const bool within =
            ahead && steady.leaf != nullptr && threshold::stays(steady, context(), state, nullptr);
        const board::Changes changed = std::exchange(news, board::changes::all);
        threshold::State followed = state;
        Instant due = last.wake.value_or(Instant::max());
        const bool follows =
            ahead && told &&
            threshold::all_follow(nodes, context(), followed, {changed, reads, crowd}, due);
        last = threshold::evaluate(condition, context(), state);
        if (within) CHECK(state == before);
        if (follows) {
            CHECK(state == followed);
            if ((threshold::wake_reads(condition) & changed) == 0)
                CHECK(due <= last.wake.value_or(Instant::max()));
            steps_followed += state == before ? 0 : 1;
        }
        if (!same) return;
        CHECK(state == before);
        CHECK(wake.value_or(Instant::max()) <= last.wake.value_or(Instant::max()));
        held_still += 1;
    }
    /// Every wake up to then, at its own instant, and no other.
    void run_to(Instant to) {
        while (last.wake && *last.wake <= to) {
            REQUIRE(*last.wake > view.now);
            view.now = *last.wake;
            touched();
        }
        view.now = to;
    }
    void run_for(Micros by) { run_to(view.now + by); }
    void set(const board::Measure& measure, std::int64_t num, std::int64_t den = 1) {
        view.set(measure, num, den);
        news = board::made_of(measure) | board::changes::time;
        touched();
    }
    void tell(const std::string& gauge, double value) {
        REQUIRE(view.queue().told.set(gauge, value));
        touched();
    }
    std::string level() const { return std::string{plan::name_of(state.level)}; }
};

}  // namespace surged::test
