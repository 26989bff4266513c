// Which triggers are evaluated when: a touched queue at once, a waiting one at its own instant.
#include "core/engine/machine.hpp"

#include <algorithm>
#include <span>
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
    it->second.looks.reserve(watching.size());
    it->second.slots.reserve(watching.size());
    for (const Rule& rule : watching) {
        const plan::Condition& condition = rule.trigger->condition;
        const auto& globs = rule.plan->queues;
        if (std::exchange(asked, rule.plan) != rule.plan)
            applies = queue.empty() || globs.empty() || plan::any_glob_matches(globs, queue);
        if (!applies || watches_source(condition) != queue.empty()) continue;
        auto& node = *triggers.try_emplace({rule.plan->name, rule.trigger->id, queue}).first;
        Look& look = it->second.looks.emplace_back();
        const Slot& slot = it->second.slots.emplace_back(Slot{&node, &rule, {}});
        if (rule.is_composed) {
            auto& nodes = it->second.nodes;
            look.first_node = static_cast<std::uint32_t>(nodes.size());
            nodes.resize(nodes.size() + rule.node_reads.size());
        }
        const threshold::State& state = slot.state();
        if (state.level != plan::Level::none)
            firing[scope_for(slot)].insert(firing_of(slot, state.level, state.since));
        if (has(condition, plan::ConditionKind::absent)) it->second.asks_sources = true;
        if (!queue.empty()) expect_of(condition, queue);
    }
    it->second.looks.shrink_to_fit();  // there are many queues, and it stays as it is
    it->second.slots.shrink_to_fit();
    it->second.nodes.shrink_to_fit();
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
    for (std::size_t i = 0; i < entry.slots.size(); ++i) {
        const Slot& slot = entry.slots[i];
        if (slot.rule->trigger->inhibited_by.empty()) continue;
        const bool inhibited = is_inhibited(slot);
        const bool before = std::exchange(entry.looks[i].inhibited, inhibited);
        if (inhibited == before) continue;
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

/// The shortest of looks, at a trigger at which nothing happens, or nothing but a leaf's own step.
bool Machine::follow(
    Watched& entry, std::size_t number, const threshold::Context& where, const threshold::News& news
) {
    Look& look = entry.looks[number];
    Slot& slot = entry.slots[number];
    if (look.wake <= where.now || (slot.rule->wake_reads & news.changed) != 0) return false;
    if (slot.steady.leaf != nullptr) {
        const auto own = static_cast<board::Changes>(look.reads & news.changed);
        if (threshold::is_among(slot.steady, news.contacts, own)) return true;
        if (!threshold::stays(slot.steady, where, slot.state(), nullptr)) return false;
        if (!threshold::is_of_contacts(own)) threshold::tell_by_contacts(slot.steady, where);
        return true;
    }
    if (!look.composed) return false;
    const auto& reads = slot.rule->node_reads;
    const std::span nodes = std::span{entry.nodes}.subspan(look.first_node, reads.size());
    return threshold::all_follow(
        nodes, where, slot.state(), {news.changed, reads, news.contacts}, look.wake
    );
}

/// What tells it at the next looks whether it stays. Asleep it reads nothing until the calendars
/// turn; a level that stands may be held up by who waits longest.
void Machine::make_steady(Watched& entry, std::size_t number, const threshold::Context& where) {
    Look& look = entry.looks[number];
    Slot& slot = entry.slots[number];
    const Rule& rule = *slot.rule;
    const plan::Condition& condition = rule.trigger->condition;
    const threshold::State& state = slot.state();
    slot.steady = threshold::steady(condition, where, state);
    if (rule.is_composed) {
        const std::span nodes{entry.nodes};
        look.composed = threshold::steady_nodes(
            condition, where, state, nodes.subspan(look.first_node, rule.node_reads.size())
        );
    }
    look.reads = rule.reads;
    if (state.level != plan::Level::none && (slot.steady.leaf == nullptr || slot.steady.comes_down))
        look.reads |= board::changes::front;
    if (threshold::sleeps(condition, where)) look.reads = 0;
}

bool Machine::evaluate(
    Watched& entry, std::size_t number, threshold::Context& where, board::Changes changed
) {
    Look& look = entry.looks[number];
    const Slot& slot = entry.slots[number];
    const plan::Condition& condition = slot.rule->trigger->condition;
    const bool leaf = slot.steady.leaf != nullptr;
    const bool is_told = leaf || look.composed;
    // Of one whose wake stands follow() has just said that it does not stay.
    if (is_told && (look.wake <= now || (slot.rule->wake_reads & changed) != 0)) {
        std::optional<Instant> wake;
        if (leaf ? threshold::stays(slot.steady, where, slot.state(), &wake)
                 : threshold::all_stay(condition, where, slot.state(), wake)) {
            look.wake = wake.value_or(Instant::max());
            const auto own = static_cast<board::Changes>(look.reads & changed);
            if (slot.rule->is_timed || !threshold::is_of_contacts(own))
                make_steady(entry, number, where);
            return false;
        }
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
    look.wake = done.wake.value_or(Instant::max());
    make_steady(entry, number, where);
    where.temporary = nullptr;
    // Inhibited it stands nowhere; inhibit() puts it back.
    if (!look.inhibited) refire(slot, before, since_before);
    return before != slot.state().level;
}

void Machine::evaluate(const std::string& queue) {
    Watched& entry = watch(queue);
    entry.queue = floor.view().find(queue).value_or(0);
    entry.whole = true;
    evaluate(entry);
}

// What is passed over is as it was: nothing that it reads has changed, and time alone will change
// it at its own instant at the earliest.
void Machine::evaluate(Watched& entry) {
    const std::string& queue = *entry.name;
    const bool whole = std::exchange(entry.whole, false);
    const bool on_board = !queue.empty() && floor.view().name(entry.queue) == queue;
    const board::Changes changed = on_board ? floor.take_changes(entry.queue) : board::changes::all;
    doubt(queue, entry.queue);
    threshold::Context where = context(queue, entry.queue);
    threshold::News news{changed, {}, {}};
    using namespace board::changes;
    if ((changed & (waiting | connected | front)) != 0)  // else nobody asks who is there
        news.contacts = floor.view().contacts(entry.queue);
    Instant wake = Instant::max();
    bool moved = false;
    for (std::size_t i = 0; i < entry.looks.size(); ++i) {
        Look& look = entry.looks[i];
        if (whole) {
            entry.slots[i].steady = {};
            look.composed = false;
            moved = evaluate(entry, i, where, board::changes::all) || moved;
        } else if (look.wake <= now || (look.reads & changed) != 0) {
            if (!follow(entry, i, where, news)) moved = evaluate(entry, i, where, changed) || moved;
        }
        wake = std::min(wake, look.wake);
    }
    set_wake(entry, wake == Instant::max() ? std::nullopt : std::optional{wake});
    if (whole || moved) inhibit(entry);
    if (!queue.empty() || !moved) return;
    for (auto& [other, watched_queue] : watched) inhibit(watched_queue);
}

void Machine::evaluate_all() {
    for (const auto& [queue, entry] : watched) evaluate(queue);
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
    for (std::size_t i = 0; i < it->second.slots.size(); ++i) {
        const Slot& slot = it->second.slots[i];
        const ScopeKey scope = scope_for(slot);
        if (slot.state().level != plan::Level::none && !it->second.looks[i].inhibited) {
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
