#include "core/paging/ladder.hpp"

#include <algorithm>

namespace surged::paging {
namespace {

constexpr Micros last_resort_wait{5min};

void page_person(
    Ladder& ladder,
    const plan::RuleSet& rules,
    const std::string& name,
    Instant now,
    std::vector<Due>& out
) {
    const auto it = rules.people.find(name);
    if (it == rules.people.end()) return;  // cannot be: names are checked at load
    for (std::uint32_t m = 0; m < it->second.contact.size(); ++m) {
        const Micros after = it->second.contact[m].after;
        if (after == Micros{0}) {
            out.push_back({name, m, ladder.rung, ladder.round});
        } else {
            ladder.waiting.push_back({name, m, ladder.rung, ladder.round, now + after});
        }
    }
}

// Steps on until somebody is paged; at most one pass over all that is left.
void climb(
    Ladder& ladder,
    const plan::RuleSet& rules,
    const plan::InForce& in_force,
    Instant now,
    std::vector<Due>& out
) {
    ladder.escalate_at.reset();
    const auto it = rules.teams.find(ladder.team);
    if (it == rules.teams.end()) return;  // cannot be: names are checked at load
    const plan::Team& team = it->second;
    const std::vector<plan::Rung>& rungs = on_call(team, in_force);
    while (!ladder.last_resort) {
        if (ladder.rung >= rungs.size()) {
            ladder.rung = 0;
            ladder.last_resort = ++ladder.round >= team.repeat || rungs.empty();
            continue;
        }
        const plan::Rung& rung = rungs[ladder.rung];
        for (const std::string& person : rung.page) page_person(ladder, rules, person, now, out);
        if (!rung.page.empty()) {
            ladder.escalate_at = now + rung.wait;
            return;
        }
        ++ladder.rung;
    }
    ladder.rung = static_cast<std::uint32_t>(rungs.size());
    if (team.last_resort.empty()) return;
    page_person(ladder, rules, team.last_resort, now, out);
    ladder.escalate_at = now + (rungs.empty() ? last_resort_wait : rungs.back().wait);
}

void take_waiting(Ladder& ladder, Instant now, std::vector<Due>& out) {
    auto& waiting = ladder.waiting;
    std::stable_sort(waiting.begin(), waiting.end(), [](const Waiting& a, const Waiting& b) {
        return a.at < b.at;
    });
    const auto later =
        std::find_if(waiting.begin(), waiting.end(), [&](const Waiting& w) { return w.at > now; });
    for (auto it = waiting.begin(); it != later; ++it)
        out.push_back({it->person, it->method, it->rung, it->round});
    waiting.erase(waiting.begin(), later);
}

}  // namespace

const std::vector<plan::Rung>& on_call(const plan::Team& team, const plan::InForce& in_force) {
    for (auto shift = team.shifts.rbegin(); shift != team.shifts.rend(); ++shift)
        if (in_force.contains(shift->when)) return shift->escalation;
    return team.escalation;
}

std::vector<Due> start(
    Ladder& ladder, const plan::RuleSet& rules, const plan::InForce& in_force, Instant now
) {
    std::vector<Due> out;
    climb(ladder, rules, in_force, now, out);
    // Ways that must wait are all that somebody may have: they are due in their time.
    take_waiting(ladder, now, out);
    return out;
}

std::vector<Due> run(
    Ladder& ladder, const plan::RuleSet& rules, const plan::InForce& in_force, Instant now
) {
    std::vector<Due> out;
    take_waiting(ladder, now, out);
    if (!ladder.escalate_at || *ladder.escalate_at > now) return out;
    if (ladder.last_resort) {
        ++ladder.round;  // again: a page is owed until somebody answers
    } else {
        ++ladder.rung;
    }
    climb(ladder, rules, in_force, now, out);
    return out;
}

void postpone(Ladder& ladder, Instant until) {
    if (ladder.escalate_at) ladder.escalate_at = std::max(*ladder.escalate_at, until);
    for (Waiting& w : ladder.waiting) w.at = std::max(w.at, until);
}

std::vector<Due> hurry(Ladder& ladder, const std::string& person) {
    std::vector<Due> out;
    auto next = ladder.waiting.end();
    for (auto it = ladder.waiting.begin(); it != ladder.waiting.end(); ++it) {
        if (it->person != person) continue;
        if (next == ladder.waiting.end() || it->at < next->at) next = it;
    }
    if (next == ladder.waiting.end()) return out;
    out.push_back({next->person, next->method, next->rung, next->round});
    ladder.waiting.erase(next);
    return out;
}

std::optional<Instant> next_wake(const Ladder& ladder) {
    std::optional<Instant> at = ladder.escalate_at;
    for (const Waiting& w : ladder.waiting)
        if (!at || w.at < *at) at = w.at;
    return at;
}

}  // namespace surged::paging
