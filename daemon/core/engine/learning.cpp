// What is usual and what was: learned from what the engine has counted, at fixed instants.
#include "core/engine/machine.hpp"

#include <algorithm>
#include <utility>

namespace surged::engine {
namespace {

constexpr std::int64_t slot_us = expect::slot_s * 1'000'000;
constexpr std::int64_t day_s = 86'400;

template <class Visit>
void for_leaves(const plan::Condition& condition, Visit&& visit) {
    if (condition.kind == plan::ConditionKind::leaf) {
        visit(condition.leaf);
        for (const plan::Override& other : condition.overrides) visit(other.leaf);
    }
    for (const plan::Condition& member : condition.members) for_leaves(member, visit);
}

bool is_learned(const plan::Leaf& leaf) {
    return leaf.ratio_to == plan::Relative::profile || leaf.ratio_to == plan::Relative::event;
}

std::string event_of(const plan::Leaf& leaf) {
    return leaf.ratio_to == plan::Relative::event ? leaf.event : std::string{};
}

plan::Leaf leaf_of(const expect::PastKey& key) {
    plan::Leaf leaf;
    leaf.measure = key.measure;
    leaf.ratio_to = key.relative;
    leaf.event = key.event;
    leaf.factor = key.factor;
    leaf.change_over = key.change_over;
    return leaf;
}

}  // namespace

// A slot ends a microsecond early: at midnight the counters of the day begin again.
void Machine::find_learning() {
    learns.reset();
    remembers.reset();
    if (!baselines.all.empty()) {
        const std::int64_t wall_us = to_wall(now, wall_offset).us;
        const std::int64_t end_us = ((wall_us + 1) / slot_us + 1) * slot_us - 1;
        learns = now + Micros{end_us - wall_us};
    }
    for (const Micros step : steps) {
        const Instant next{(expect::step_at(now, step) + 1) * step};
        if (!remembers || next < *remembers) remembers = next;
    }
}

void Machine::learn() {
    if (!learns || *learns > now) return;
    const plan::Site& site = rules->site;
    const Wall wall = to_wall(now, wall_offset);
    const std::int64_t local_s = plan::local_seconds(site.zone, wall);
    const std::int64_t slot = expect::slot_of(local_s);
    const bool special = in_force.contains(site.special_days);
    for (auto& [key, baseline] : baselines.all) {
        const auto queue = floor.view().find(key.queue);
        const auto value = queue ? floor.view().value(*queue, key.measure) : std::nullopt;
        const std::uint64_t counted =
            value ? static_cast<std::uint64_t>(std::max<std::int64_t>(0, value->num / value->den))
                  : 0;
        const std::uint64_t before = baseline.day == local_s / day_s ? baseline.counted : 0;
        std::optional<std::uint32_t> count;
        if (value && !baseline.doubtful && counted >= before && now > away_until)
            count = static_cast<std::uint32_t>(counted - before);
        baseline.doubtful = !value;
        baseline.counted = counted;
        baseline.day = local_s / day_s;
        if (key.event.empty()) {
            baseline.weeks.put(slot, special ? std::nullopt : count);
        } else if (in_force.contains(key.event)) {
            const auto begun = plan::begins(site.calendars, site.zone, key.event, wall);
            const std::int64_t begun_s = plan::local_seconds(site.zone, begun.value_or(wall));
            baseline.occasion.put(expect::slot_of(begun_s), slot, count);
        } else {
            baseline.occasion.over();
        }
    }
    find_learning();
    look_at_all();  // what is compared with it is told by it
}

// Only what some rule compares with the usual is kept, for the queues it watches, whether or not
// they are there yet. Special days teach nothing, as in learn().
void Machine::learn_of_before() {
    const std::vector<acd::Counted> told = floor.take_counted();
    if (told.empty()) return;
    struct Learner {
        const plan::Plan* plan;
        board::Measure measure;
    };
    std::vector<Learner> learners;
    for (const auto& [name, plan] : rules->plans)
        for (const plan::Trigger& trigger : plan.triggers)
            for_leaves(trigger.condition, [&, of = &plan](const plan::Leaf& leaf) {
                const board::Measure& m = leaf.measure;
                const bool of_all =
                    m.klass.empty() && m.topic.empty() && m.severity == 0 && m.channels == 0;
                if (leaf.ratio_to == plan::Relative::profile && of_all)
                    learners.push_back({of, expect::learned(m)});
            });
    const plan::Site& site = rules->site;
    const auto slot_at = [&](Wall at) {
        return expect::slot_of(plan::local_seconds(site.zone, at));
    };
    const std::int64_t running = slot_at(to_wall(now, wall_offset));
    for (const acd::Counted& one : told) {
        const std::int64_t slot = slot_at(one.from);
        const bool recent =
            slot < running && slot >= running - expect::weeks_kept * expect::slots_a_week;
        const bool special = plan::in_force(site.calendars, site.zone, site.special_days, one.from);
        if (!recent || special) continue;
        for (const Learner& learner : learners) {
            const auto& globs = learner.plan->queues;
            if (learner.measure.kpi != one.kpi) continue;
            if (!globs.empty() && !plan::any_glob_matches(globs, one.queue)) continue;
            const expect::BaselineKey key{one.queue, learner.measure, {}};
            if (baselines.all.size() >= expect::Baselines::most && !baselines.all.contains(key))
                continue;
            baselines.all[key].weeks.fill(slot, one.count);
        }
    }
    find_learning();
    look_at_all();
}

void Machine::remember() {
    if (!remembers || *remembers > now) return;
    for (auto& [key, track] : past.all) {
        const Micros step = expect::step_of(key.change_over);
        if (now.time_since_epoch() % step != Micros{0} || !floor.view().find(key.queue)) continue;
        if (const auto value = threshold::figure_of(leaf_of(key), context(key.queue)))
            track.put(expect::step_at(now, step), *value);
    }
    find_learning();
}

void Machine::expect_of(const plan::Condition& condition, const std::string& queue) {
    for_leaves(condition, [&](const plan::Leaf& leaf) { expect_of(leaf, queue); });
    if (!learns || !remembers) find_learning();
}

void Machine::expect_of(const plan::Leaf& leaf, const std::string& queue) {
    if (is_learned(leaf)) {
        const expect::BaselineKey key{queue, expect::learned(leaf.measure), event_of(leaf)};
        const bool full = baselines.all.size() >= expect::Baselines::most;
        if (full && !baselines.all.contains(key))
            std::erase_if(baselines.all, [&](const auto& item) {
                return !floor.view().find(item.first.queue);
            });
        if (baselines.all.size() < expect::Baselines::most) baselines.all.try_emplace(key);
    }
    if (leaf.change_over > Micros{0} && past.all.size() < expect::Past::most) {
        past.all.try_emplace(expect::past_key(queue, leaf));
        steps.insert(expect::step_of(leaf.change_over));
    }
}

void Machine::forget_expectations() {
    std::set<std::pair<board::Measure, std::string>> learned;
    std::set<expect::PastKey> kept;
    for (const auto& [name, plan] : rules->plans)
        for (const plan::Trigger& trigger : plan.triggers)
            for_leaves(trigger.condition, [&](const plan::Leaf& leaf) {
                if (is_learned(leaf))
                    learned.emplace(expect::learned(leaf.measure), event_of(leaf));
                if (leaf.change_over > Micros{0}) kept.insert(expect::past_key("", leaf));
            });
    std::erase_if(baselines.all, [&](const auto& item) {
        return !learned.contains({item.first.measure, item.first.event});
    });
    std::erase_if(past.all, [&](const auto& item) {
        expect::PastKey of_any = item.first;
        of_any.queue.clear();
        return !kept.contains(of_any) || !floor.view().find(item.first.queue);
    });
    steps.clear();
    for (const auto& [key, track] : past.all) steps.insert(expect::step_of(key.change_over));
}

void Machine::forget_past(const std::string& queue) {
    std::erase_if(past.all, [&](const auto& item) { return item.first.queue == queue; });
}

void Machine::doubt(const std::string& queue, board::QueueIx index) {
    if (queue.empty() || baselines.all.empty() || floor.view().data_live(index)) return;
    for (auto it = baselines.all.lower_bound({queue, {}, {}});
         it != baselines.all.end() && it->first.queue == queue;
         ++it)
        if (board::info_of(it->first.measure.kpi).of_calls) it->second.doubtful = true;
}

void Machine::doubt_all() {
    for (auto& [key, baseline] : baselines.all) baseline.doubtful = true;
}

}  // namespace surged::engine
