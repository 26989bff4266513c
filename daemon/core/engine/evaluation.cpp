// Which triggers are evaluated when: a touched queue at once, a waiting one at its own instant.
#include "core/engine/machine.hpp"

#include <algorithm>
#include <utility>

namespace surged::engine {
namespace {

bool has(const plan::Condition& condition, plan::ConditionKind kind) {
    if (condition.kind == kind) return true;
    return std::any_of(condition.members.begin(), condition.members.end(), [&](const auto& member) {
        return has(member, kind);
    });
}

/// It reads no figure: it is of no queue. With a figure beside an absence it is of every queue.
bool watches_source(const plan::Condition& condition) {
    return !has(condition, plan::ConditionKind::leaf);
}

ScopeKey scope_for(const Slot& slot) {
    return {
        slot.rule->plan->name, slot.rule->plan->scope == plan::Scope::queue ? slot.key().queue : ""
    };
}

Firing firing_of(const Slot& slot, plan::Level level, std::optional<Instant> since) {
    return {
        -static_cast<int>(level), since.value_or(Instant{}), slot.key().queue, slot.key().trigger
    };
}

}  // namespace

threshold::Context Machine::context(const std::string& queue) const {
    return context(queue, floor.view().find(queue).value_or(0));
}

threshold::Context Machine::context(const std::string& queue, board::QueueIx index) const {
    return {
        &floor.view(),
        index,
        queue,
        now,
        &floor.sources(),
        &rules->site,
        &in_force,
        wall_offset,
        &outside,
        {},
        nullptr,
        &baselines,
        &past
    };
}

Watched& Machine::watch(const std::string& queue) {
    const auto [it, fresh] = watched.try_emplace(queue);
    if (!fresh) return it->second;
    it->second.name = &it->first;
    const plan::Plan* asked = nullptr;
    bool applies = false;
    it->second.slots.reserve(watching.size());
    for (const Rule& rule : watching) {
        const plan::Condition& condition = rule.trigger->condition;
        const auto& globs = rule.plan->queues;
        if (std::exchange(asked, rule.plan) != rule.plan)
            applies = queue.empty() || globs.empty() || plan::any_glob_matches(globs, queue);
        if (!applies || watches_source(condition) != queue.empty()) continue;
        auto& node = *triggers.try_emplace({rule.plan->name, rule.trigger->id, queue}).first;
        const Slot& slot = it->second.slots.emplace_back(Slot{&node, &rule, {}, {}, false, false});
        const threshold::State& state = slot.state();
        if (state.level != plan::Level::none)
            firing[scope_for(slot)].insert(firing_of(slot, state.level, state.since));
        if (has(condition, plan::ConditionKind::absent)) it->second.asks_sources = true;
        if (!queue.empty()) expect_of(condition, queue);
    }
    it->second.slots.shrink_to_fit();  // there are many queues, and it stays as it is
    return it->second;
}

void Machine::set_wake(Watched& entry, std::optional<Instant> at) {
    if (at && *at <= now) at = now + Micros{1};  // progress, whatever a rule says
    if (entry.wake == at) return;
    if (entry.wake) wakes.erase({*entry.wake, entry.name});
    entry.wake = at;
    if (at) wakes.insert({*at, entry.name});
}

void Machine::refire(const Slot& slot, plan::Level before, std::optional<Instant> since_before) {
    const threshold::State& state = slot.state();
    if (state.level == before && state.since == since_before) return;
    if (slot.inhibited) return;  // it stands nowhere; inhibit() puts it back
    const ScopeKey scope = scope_for(slot);
    auto& set = firing[scope];
    if (before != plan::Level::none) set.erase(firing_of(slot, before, since_before));
    // Who ended an incident by hand knew of what fired then. A queue that was well, or only to be
    // warned of, is news. All that fires is walked for it: never while nobody has ended one.
    const auto responds = [&](plan::Level level) {
        return level != plan::Level::none &&
               slot.rule->plan->activation.at(level).mode != plan::Activation::warn;
    };
    const auto fired_there = [&] {
        return std::any_of(set.begin(), set.end(), [&](const Firing& one) {
            return one.queue == slot.key().queue &&
                   responds(static_cast<plan::Level>(-one.gravity));
        });
    };
    if (responds(state.level) && !responds(before) && suppressed.contains(scope) && !fired_there())
        suppressed.erase(scope);
    if (state.level != plan::Level::none) set.insert(firing_of(slot, state.level, state.since));
    if (set.empty()) firing.erase(scope);
    dirty.insert(scope);
}

bool Machine::is_inhibited(const Slot& slot) const {
    const auto fires = [&](const std::string& plan, const std::string& trigger) {
        for (const std::string& queue : {slot.key().queue, std::string{}}) {
            const auto other = triggers.find({plan, trigger, queue});
            if (other != triggers.end() && other->second.level != plan::Level::none) return true;
        }
        return false;
    };
    const auto& names = slot.rule->trigger->inhibited_by;
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        const std::size_t slash = name.find('/');
        return slash == std::string::npos ? fires(slot.key().plan, name)
                                          : fires(name.substr(0, slash), name.substr(slash + 1));
    });
}

void Machine::inhibit(Watched& entry) {
    for (Slot& slot : entry.slots) {
        if (slot.rule->trigger->inhibited_by.empty()) continue;
        const bool inhibited = is_inhibited(slot);
        if (inhibited == slot.inhibited) continue;
        slot.inhibited = inhibited;
        const threshold::State& state = slot.state();
        if (state.level == plan::Level::none) continue;
        const ScopeKey scope = scope_for(slot);
        auto& set = firing[scope];
        if (inhibited)
            set.erase(firing_of(slot, state.level, state.since));
        else
            set.insert(firing_of(slot, state.level, state.since));
        if (set.empty()) firing.erase(scope);
        dirty.insert(scope);
    }
}

/// The shortest of looks, at a trigger at which nothing happens: nothing of it is written.
bool Machine::rests(const Slot& slot, const threshold::Context& where, board::Changes changed) {
    return slot.steady.leaf != nullptr && slot.wake > where.now && !slot.sleeps &&
           (slot.rule->wake_reads & changed) == 0 &&
           threshold::stays(slot.steady, where, slot.state(), nullptr);
}

bool Machine::evaluate(Slot& slot, threshold::Context& where, board::Changes changed) {
    const plan::Condition& condition = slot.rule->trigger->condition;
    std::optional<Instant> wake;
    const bool leaf = slot.steady.leaf != nullptr;
    const bool wake_stands = slot.wake > now && (slot.rule->wake_reads & changed) == 0;
    // Of a leaf whose wake stands rests() has just said that it does not stay.
    if (leaf ? !wake_stands && threshold::stays(slot.steady, where, slot.state(), &wake)
             : threshold::all_stay(
                   condition,
                   where,
                   slot.state(),
                   {changed, slot.rule->node_reads},
                   wake_stands ? nullptr : &wake
               )) {
        if (!wake_stands) slot.wake = wake.value_or(Instant::max());
        slot.sleeps = !leaf && threshold::sleeps(condition, where);
        return false;
    }
    const plan::Level before = slot.state().level;
    const std::optional<Instant> since_before = slot.state().since;
    where.plan = slot.key().plan;
    plan::Ladder ladder;
    where.temporary = nullptr;
    if (const TemporaryRule* temporary = temporary_for(slot.key())) {
        ladder = {condition.leaf.ladder.below, temporary->at};
        where.temporary = &ladder;
    }
    const auto done = threshold::update(condition, where, slot.state());
    slot.wake = done.wake.value_or(Instant::max());
    slot.sleeps = done.sleeps;
    slot.steady = threshold::steady(condition, where, slot.state());
    refire(slot, before, since_before);
    return before != slot.state().level;
}

void Machine::evaluate(const std::string& queue) {
    Watched& entry = watch(queue);
    entry.queue = floor.view().find(queue).value_or(0);
    entry.whole = true;
    evaluate(entry);
}

// What is passed over is as it was: nothing that it reads has changed, and time alone will change
// it at its own instant at the earliest. A level that stands may be held up by who waits.
void Machine::evaluate(Watched& entry) {
    const std::string& queue = *entry.name;
    const bool whole = std::exchange(entry.whole, false);
    const bool on_board = !queue.empty() && floor.view().name(entry.queue) == queue;
    const board::Changes changed = on_board ? floor.take_changes(entry.queue) : board::changes::all;
    doubt(queue, entry.queue);
    threshold::Context where = context(queue, entry.queue);
    Instant wake = Instant::max();
    bool moved = false;
    for (Slot& slot : entry.slots) {
        const bool up = (slot.steady.leaf == nullptr || slot.steady.comes_down) &&
                        slot.state().level != plan::Level::none;
        const auto reads =
            static_cast<board::Changes>(slot.rule->reads | (up ? board::changes::waiting : 0));
        const bool due = slot.wake <= now || (!slot.sleeps && (reads & changed) != 0);
        if (whole) slot.steady = {};
        if (whole || (due && !rests(slot, where, changed)))
            moved = evaluate(slot, where, whole ? board::changes::all : changed) || moved;
        wake = std::min(wake, slot.wake);
    }
    set_wake(entry, wake == Instant::max() ? std::nullopt : std::optional{wake});
    if (whole || moved) inhibit(entry);
    if (!queue.empty() || !moved) return;
    for (auto& [other, watched_queue] : watched) inhibit(watched_queue);
}

void Machine::look_at_all() {
    for (auto& [queue, entry] : watched) entry.whole = true;
}

// A feed without a connection says by its first words that it is there, after our restart too. One
// with a connection says so itself, and not before its figures are whole.
void Machine::hear(const Input& input) {
    if (input.actor.kind == ActorKind::source) return;
    const auto source = floor.sources().find(input.source);
    const bool posted =
        input.actor.kind == ActorKind::token || input.actor.kind == ActorKind::person;
    if (source != floor.sources().end() && (source->second.up || !posted)) return;
    floor.source_up(input.source, source == floor.sources().end() || source->second.exits_known);
    sources_changed = true;
}

void Machine::evaluate_touched() {
    for (const board::QueueIx queue : floor.take_touched()) {
        const std::string& name = floor.view().name(queue);
        if (name.empty()) continue;  // the queue is gone by now
        if (watched_at.size() <= queue) watched_at.resize(queue + 1);
        if (watched_at[queue] == nullptr) watched_at[queue] = &watch(name);
        Watched& entry = *watched_at[queue];
        if (std::exchange(entry.queue, queue) != queue) entry.whole = true;  // another of that name
        evaluate(entry);
    }
    if (!std::exchange(sources_changed, false)) return;
    for (const auto& [queue, entry] : watched)
        if (entry.asks_sources) evaluate(queue);
}

void Machine::evaluate_due() {
    while (!wakes.empty() && wakes.begin()->at <= now) {
        const std::string& queue = *wakes.begin()->queue;
        const auto entry = watched.find(queue);
        if (queue.empty() || floor.view().find(queue) == entry->second.queue)
            evaluate(entry->second);
        else if (floor.view().find(queue))  // gone, and there again
            evaluate(queue);
        else
            forget(std::string{queue});
    }
}

void Machine::forget(const std::string& queue) {
    const auto it = watched.find(queue);
    if (it == watched.end()) return;
    for (const Slot& slot : it->second.slots) {
        const ScopeKey scope = scope_for(slot);
        if (slot.state().level != plan::Level::none && !slot.inhibited) {
            firing[scope].erase(firing_of(slot, slot.state().level, slot.state().since));
            if (firing[scope].empty()) firing.erase(scope);
            dirty.insert(scope);
        }
        triggers.erase(triggers.find(slot.key()));
    }
    set_wake(it->second, std::nullopt);
    if (it->second.queue < watched_at.size()) watched_at[it->second.queue] = nullptr;
    forget_past(queue);
    watched.erase(it);
}

void Machine::sweep_gone_queues() {
    if (watched.size() <= floor.view().queues().size() + 1) return;
    std::vector<std::string> gone;
    for (const auto& [queue, entry] : watched)
        if (!queue.empty() && !floor.view().find(queue)) gone.push_back(queue);
    for (const std::string& queue : gone) forget(queue);
}

}  // namespace surged::engine
