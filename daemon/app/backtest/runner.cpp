#include "app/backtest/runner.hpp"

#include "base/overloaded.hpp"

#include <algorithm>
#include <variant>

namespace surged::app::backtest {
namespace {

using incident::Entry;
using plan::Condition;
using plan::ConditionKind;

/// Asks about a source of which the history does not tell.
bool is_blind(const Condition& condition, const std::set<std::string>& feeds) {
    if (condition.kind == ConditionKind::absent) return !feeds.contains(condition.source);
    return std::any_of(
        condition.members.begin(),
        condition.members.end(),
        [&](const Condition& member) { return is_blind(member, feeds); }
    );
}

void add_absent(const Condition& condition, std::set<std::string>& out) {
    if (condition.kind == ConditionKind::absent) out.insert(condition.source);
    for (const Condition& member : condition.members) add_absent(member, out);
}

/// Takes such triggers out: a source that was never heard would be lost from the first second on.
std::vector<std::string> take_out_blind(plan::RuleSet& rules, const std::set<std::string>& feeds) {
    std::vector<std::string> out;
    for (auto& [name, plan] : rules.plans)
        std::erase_if(plan.triggers, [&, &name = name](const plan::Trigger& trigger) {
            const bool blind = is_blind(trigger.condition, feeds);
            if (blind) out.push_back(name + "/" + trigger.id);
            return blind;
        });
    return out;
}

}  // namespace

Runner::Runner(plan::RuleSet rules, std::string hash, RunOptions options)
    : options_{std::move(options)} {
    if (options_.knows_sources)
        for (const auto& [name, plan] : rules.plans)
            for (const plan::Trigger& trigger : plan.triggers)
                add_absent(trigger.condition, options_.feeds);
    out_.untested = take_out_blind(rules, options_.feeds);
    out_.rules = std::make_shared<const plan::RuleSet>(std::move(rules));
    out_.rules_hash = std::move(hash);
}

void Runner::begin(Instant at) {
    out_.from = now_ = at;
    engine::Input load;
    load.instant = at;
    load.body = engine::RulesLoaded{out_.rules_hash, out_.rules};
    step(load);
    for (const std::string& feed : options_.feeds) {
        sources_.insert(feed);
        engine::Input up;
        up.instant = at;
        up.source = feed;
        up.actor = {engine::ActorKind::source, feed, "backtest"};
        up.body = engine::SourceState{true, true, ""};
        step(up);
    }
    if (options_.series) keeper_.begin(at);
}

void Runner::take(const engine::Input& input) {
    if (!out_.from) begin(input.instant);
    advance(input.instant);
    if (std::holds_alternative<engine::Restarted>(input.body)) {
        for (const std::string& feed : options_.feeds) sources_.insert(feed);
    } else if (sources_.insert(input.source).second &&
               std::holds_alternative<engine::Events>(input.body)) {
        engine::Input up;
        up.instant = now_;
        up.source = input.source;
        up.actor = {engine::ActorKind::source, input.source, "backtest"};
        up.body = engine::SourceState{true, true, ""};
        step(up);
    }
    step(input);
}

void Runner::advance(Instant to) {
    for (;;) {
        const auto wake = engine_.next_wake();
        Instant next = wake.value_or(Instant::max());
        if (!acks_.empty()) next = std::min(next, acks_.front().first);
        const auto look = keeper_.next();
        if (look) next = std::min(next, *look);
        if (next > to) break;
        next = std::max(next, now_);
        if (!acks_.empty() && acks_.front().first <= next) {
            const auto [due, page] = acks_.front();
            acks_.pop_front();
            const auto at = page_index_.find(page);
            if (at == page_index_.end()) continue;
            step(next, engine::Acknowledge{page, out_.pages[at->second].person});
            continue;
        }
        step(next, engine::Tick{});
        if (look && *look <= next) keeper_.look(engine_, *out_.rules);
    }
    now_ = std::max(now_, to);
}

void Runner::step(Instant at, engine::Body body) {
    engine::Input input;
    input.instant = at;
    input.actor = {engine::ActorKind::system, "backtest", "backtest"};
    input.body = std::move(body);
    step(input);
}

void Runner::step(const engine::Input& input) {
    ++out_.steps;
    now_ = std::max(now_, input.instant);
    const engine::Step done = engine_.step(input);
    out_.events += done.applied.accepted + done.applied.rejected.size();
    for (const acd::Rejected& one : done.applied.rejected)
        ++out_.refused[std::string{acd::name_of(one.reason)}];
    for (const engine::Effect& effect : done.effects) note(effect);
    // What has been sent has arrived.
    for (const engine::Effect& effect : done.effects)
        if (const auto* send = std::get_if<engine::SendPage>(&effect.body))
            step(
                now_,
                engine::Receipt{
                    send->page.id, send->page.attempts, delivery::Outcome::accepted, {}, ""
                }
            );
}

void Runner::note(const engine::Effect& effect) {
    std::visit(
        Overloaded{
            [&](const engine::SendPage& send) { sent(effect.at, send.page); },
            [&](const engine::IncidentChanged& change) { changed(effect.at, change); },
            [&](const engine::PageChanged& change) {
                const auto page = page_index_.find(change.page);
                if (page == page_index_.end()) return;
                if (change.state == delivery::State::acknowledged)
                    out_.pages[page->second].acked = effect.at;
                if (change.state == delivery::State::acknowledged ||
                    change.state == delivery::State::over)
                    page_index_.erase(page);
            },
            [&](const engine::Trouble& trouble) { ++out_.troubles[trouble.what]; },
        },
        effect.body
    );
}

IncidentSeen& Runner::seen(const std::string& id) {
    const auto [at, fresh] = index_.emplace(id, out_.incidents.size());
    if (fresh) out_.incidents.emplace_back().id = id;
    return out_.incidents[at->second];
}

void Runner::changed(Instant at, const engine::IncidentChanged& change) {
    IncidentSeen& one = seen(change.incident);
    const auto now = engine_.incidents().find(change.incident);
    if (now != engine_.incidents().end())
        one.queues.insert(now->second.queues.begin(), now->second.queues.end());
    if (one.plan.empty()) {
        one.plan = change.plan;
        one.opened = at;
    }
    const auto move_to = [&](plan::Level level) {
        if (one.stages.empty() || one.stages.back().level != level)
            one.stages.push_back({at, level});
    };
    switch (change.item.entry) {
        case Entry::opened:
        case Entry::raised:
        case Entry::lowered:
        case Entry::reported:
            move_to(change.item.level);
            break;
        case Entry::activated:
            one.activated = true;
            break;
        case Entry::recovering:
            move_to(plan::Level::none);
            break;
        case Entry::ended:
            move_to(plan::Level::none);
            one.ended = at;
            if (change.item.detail.starts_with("led by ")) one.ended_why = change.item.detail;
            break;
        default:
            break;
    }
    if (change.item.level <= one.highest) return;
    one.highest = change.item.level;
    if (now != engine_.incidents().end()) one.cause = now->second.cause;
}

void Runner::sent(Instant at, const delivery::Page& page) {
    if (page.attempts > 1) return;
    page_index_[page.id] = out_.pages.size();
    out_.pages.push_back(
        {at,
         page.incident,
         page.person,
         page.channel,
         page.content.level,
         page.rise,
         page.rung,
         page.round,
         page.step,
         std::nullopt}
    );
    IncidentSeen& one = seen(page.incident);
    ++(page.step.empty() ? one.pages : one.step_pages);
    if (page.step.empty()) one.people.insert(page.person);
    if (options_.ack_after) acks_.emplace_back(at + *options_.ack_after, page.id);
}

Outcome Runner::finish() {
    if (out_.from) out_.to = now_;
    out_.wall_offset = engine_.wall_offset();
    for (IncidentSeen& one : out_.incidents) {
        const auto now = engine_.incidents().find(one.id);
        if (now == engine_.incidents().end()) continue;
        one.queues.insert(now->second.queues.begin(), now->second.queues.end());
    }
    out_.every = keeper_.every();
    out_.series_from = out_.from.value_or(Instant{});
    out_.series = keeper_.take();
    return std::move(out_);
}

}  // namespace surged::app::backtest
