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
    for (auto& item : rules.plans)
        std::erase_if(item.second.triggers, [&](const plan::Trigger& trigger) {
            const bool blind = is_blind(trigger.condition, feeds);
            if (blind) out.push_back(item.first + "/" + trigger.id);
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
    out_.from = at;
    std::vector<engine::Effect> early;  // of the loading itself
    time_.emplace(
        out_.rules,
        out_.rules_hash,
        to_wall(at, Micros{0}),
        [this, &early](const engine::Effect& effect) {
            if (time_)
                note(effect);  // then `early` is gone
            else
                early.push_back(effect);
        }
    );
    for (const engine::Effect& effect : early) note(effect);
    for (const std::string& feed : options_.feeds)
        time_->give(engine::SourceState{true, true, ""}, feed);
    if (options_.series) keeper_.begin(at);
}

void Runner::take(engine::Input input) {
    if (!out_.from) begin(input.instant);
    if (!options_.knows_sources && !options_.feeds.empty()) notice_silence(input.instant);
    advance(input.instant);
    const engine::Step done = time_->give(std::move(input.body), std::move(input.source));
    out_.events += done.applied.accepted + done.applied.rejected.size();
    for (const acd::Rejected& one : done.applied.rejected)
        ++out_.refused[std::string{acd::name_of(one.reason)}];
}

void Runner::notice_silence(Instant until) {
    const Instant stale = time_->now() + options_.stale_after;  // now: of the last input
    if (stale >= until) return;
    advance(stale);
    for (const std::string& feed : options_.feeds)
        time_->give(engine::SourceState{false, true, "silent"}, feed);
    advance(until);
    for (const std::string& feed : options_.feeds)
        time_->give(engine::SourceState{true, true, ""}, feed);
}

/// From one thing that is due to the next, so that an answer comes when it is due.
void Runner::advance(Instant to) {
    const auto due = [&](Instant until) { return !acks_.empty() && acks_.front().first <= until; };
    for (Instant next = time_->now();;) {
        next = to;
        const auto wake = time_->engine().next_wake();
        if (wake) next = std::min(next, *wake);
        const auto look = keeper_.next();
        if (look) next = std::min(next, *look);
        if (due(next)) next = acks_.front().first;
        next = std::max(next, time_->now());
        const bool nothing =
            next == to && !due(to) && !(look && *look <= to) && !(wake && *wake <= to);
        if (nothing) return time_->pass(to);
        time_->advance(next);
        if (look && *look <= next) keeper_.look(time_->engine(), *out_.rules);
        const bool answers = due(next);
        while (due(next)) answer();
        if (next >= to && !answers && !due(to)) return;
    }
}

void Runner::answer() {
    const std::string page = std::move(acks_.front().second);
    acks_.pop_front();
    const auto at = page_index_.find(page);
    if (at != page_index_.end())
        time_->give(engine::Acknowledge{page, out_.pages[at->second].person});
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
    const auto now = time_->engine().incidents().find(change.incident);
    if (now != time_->engine().incidents().end())
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
    if (now != time_->engine().incidents().end()) one.cause = now->second.cause;
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
    if (!time_) return std::move(out_);
    out_.to = time_->now();
    out_.wall_offset = time_->engine().wall_offset();
    for (IncidentSeen& one : out_.incidents) {
        const auto now = time_->engine().incidents().find(one.id);
        if (now == time_->engine().incidents().end()) continue;
        one.queues.insert(now->second.queues.begin(), now->second.queues.end());
    }
    out_.every = keeper_.every();
    out_.series_from = out_.from.value_or(Instant{});
    out_.series = keeper_.take();
    return std::move(out_);
}

}  // namespace surged::app::backtest
