// Paging: ladders run, pages are made, sent and retried; nothing owed is forgotten.
#include "core/delivery/delivery.hpp"
#include "core/delivery/key.hpp"
#include "core/engine/machine.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace surged::engine {

using delivery::Page;
using delivery::State;
using incident::Incident;
using incident::Phase;

namespace {

/// Pages kept of one incident: a week in which nobody answers must not fill the memory.
constexpr std::size_t pages_kept = 500;

}  // namespace

bool Machine::wants(const Page& page) const {
    const auto it = incidents.find(page.incident);
    if (it == incidents.end() || !delivery::open(page)) return false;
    const Incident& incident = it->second;
    if (page.step.empty()) return incident::wants_pages(incident) && page.rise == incident.rise;
    const auto task = incident.tasks.find(page.step);
    if (incident.phase == Phase::ended || task == incident.tasks.end()) return false;
    if (task->second.state != incident::TaskState::open) return false;
    // Its ladder goes when somebody takes the step.
    const auto first = ladders.lower_bound({page.incident, ""});
    for (auto at = first; at != ladders.end() && at->first.first == page.incident; ++at)
        if (at->second.step == page.step) return true;
    return false;
}

void Machine::arm(const Page& page) { page_wakes.set(page.id, delivery::next_wake(page)); }

void Machine::arm(const LadderKey& key) {
    const auto ladder = ladders.find(key);
    ladder_wakes.set(
        key, ladder == ladders.end() ? std::nullopt : paging::next_wake(ladder->second)
    );
}

void Machine::start_paging(Incident& incident) {
    stop_paging(incident.id, "superseded");
    incident.quiet = false;
    const plan::Plan* plan = plan_of(incident);
    if (plan == nullptr || !incident::wants_pages(incident)) return;
    const bool active = incident.phase == Phase::activated;
    const bool asks = incident.ask && !incident.ask->confirm;
    if (!asks && in_force.contains(plan->quiet.during) && incident.level < plan->quiet.below) {
        incident.quiet = true;  // what still stands at the end of the quiet hours is paged then
        return;
    }
    std::vector<std::string> roles;
    if (active && incident.activated != plan::Level::none) {
        roles = plan->page.at(incident.activated);
        for (const plan::Trigger& trigger : plan->triggers)
            if (incident.cause && trigger.id == incident.cause->trigger && !trigger.page.empty())
                roles = trigger.page;
    }
    if (incident.ask) roles.push_back(incident.ask->by);
    std::set<std::string> teams;
    for (const std::string& role : roles) {
        const auto named = plan->teams.find(role);
        teams.insert(named == plan->teams.end() ? role : named->second);
    }
    for (const std::string& team : teams) start_ladder(incident, team, {});
}

void Machine::start_ladder(Incident& incident, const std::string& team, const std::string& step) {
    paging::Ladder ladder;
    ladder.incident = incident.id;
    ladder.team = team;
    ladder.rise = incident.rise;
    ladder.step = step;
    const auto due = paging::start(ladder, rules_of(incident), in_force, now);
    if (due.empty() && !paging::next_wake(ladder))
        emit(Trouble{"nobody to page", fmt::format("team {} for {}", team, incident.id)});
    const LadderKey key{incident.id, step.empty() ? team : team + "/" + step};
    const auto [it, fresh] = ladders.insert_or_assign(key, std::move(ladder));
    arm(key);
    page(it->second, due);
}

void Machine::stop_paging(const std::string& incident, std::string_view why) {
    stop_paging(incident, std::string{}, why);
}

void Machine::stop_paging(
    const std::string& incident, const std::string& step, std::string_view why
) {
    for (auto it = ladders.lower_bound({incident, ""});
         it != ladders.end() && it->first.first == incident;) {
        if (it->second.step != step) {
            ++it;
            continue;
        }
        ladder_wakes.set(it->first, std::nullopt);
        it = ladders.erase(it);
    }
    const std::string prefix = incident + ".";
    for (auto it = pages.lower_bound(prefix); it != pages.end() && it->first.starts_with(prefix);
         ++it) {
        Page& page = it->second;
        if (page.state != State::due || page.step != step) continue;
        page.state = State::over;  // owed, but not for what is over, taken or superseded
        page.retry_at.reset();
        arm(page);
        emit(PageChanged{page.id, page.state, std::string{why}});
    }
}

void Machine::page(const paging::Ladder& ladder, const std::vector<paging::Due>& due) {
    Incident& incident = incidents.at(ladder.incident);
    const plan::RuleSet& own = rules_of(incident);
    const std::uint32_t turn = ladder.step.empty() ? 0 : incident.tasks.at(ladder.step).turn;
    for (const paging::Due& one : due) {
        const auto found = own.people.find(one.person);
        if (found == own.people.end() || one.method >= found->second.contact.size()) {
            // Only if the incident's own rules are lost, and those in force do not know him.
            emit(Trouble{"nobody to page", fmt::format("{} for {}", one.person, incident.id)});
            continue;
        }
        const plan::Person& person = found->second;
        const plan::Method& method = person.contact[one.method];
        Page page;
        delivery::Key key;
        key.incident = incident.id;
        key.rise = ladder.rise;
        key.step = ladder.step;
        key.turn = turn;
        key.rung = one.rung;
        key.round = one.round;
        key.person = one.person;
        key.channel = method.channel;
        // Two ways over one channel are two methods; all other keys are names.
        for (std::uint32_t m = 0; m < one.method; ++m)
            if (person.contact[m].channel == method.channel) key.method = one.method;
        page.id = delivery::text_of(key);
        if (pages.contains(page.id)) continue;  // on two teams, paged once
        make_room(incident.id);
        page.incident = incident.id;
        page.rise = ladder.rise;
        page.step = ladder.step;
        page.rung = one.rung;
        page.round = one.round;
        page.method = one.method;
        page.person = one.person;
        page.channel = method.channel;
        page.to = method.to;
        page.created_at = now;
        page.content = compose(incident, ladder.step, person.language);
        incident::note(
            incident,
            {now,
             incident::Entry::paged,
             incident.level,
             "surged",
             one.person + " " + method.channel}
        );
        send(pages.emplace(page.id, std::move(page)).first->second);
    }
}

bool Machine::is_full(const std::string& incident) const {
    if (pages.size() < pages_kept) return false;
    const std::string prefix = incident + ".";
    std::size_t count = 0;
    for (auto it = pages.lower_bound(prefix);
         it != pages.end() && it->first.starts_with(prefix) && count < pages_kept;
         ++it)
        ++count;
    return count >= pages_kept;
}

// The oldest that waits for nothing goes.
void Machine::make_room(const std::string& incident) {
    if (!is_full(incident)) return;
    const std::string prefix = incident + ".";
    auto oldest = pages.end();
    for (auto it = pages.lower_bound(prefix); it != pages.end() && it->first.starts_with(prefix);
         ++it) {
        if (page_wakes.contains(it->first)) continue;
        if (oldest == pages.end() || it->second.created_at < oldest->second.created_at) oldest = it;
    }
    if (oldest != pages.end()) pages.erase(oldest);
}

void Machine::send(Page& page) {
    delivery::release(page, now);
    arm(page);
    emit(SendPage{page});
}

void Machine::run_ladders() {
    for (const LadderKey& key : ladder_wakes.due(now)) {
        const auto it = ladders.find(key);
        if (it == ladders.end()) continue;  // the one before it has ended this one
        Incident& incident = incidents.at(key.first);
        const auto task = incident.tasks.find(it->second.step);
        const bool owed =
            it->second.step.empty()
                ? incident::wants_pages(incident)
                : task != incident.tasks.end() && task->second.state == incident::TaskState::open;
        if (owed) {
            const auto due = paging::run(it->second, rules_of(incident), in_force, now);
            page(it->second, due);
        } else {
            ladders.erase(it);
        }
        arm(key);
    }
}

void Machine::run_pages() {
    for (const std::string& id : page_wakes.due(now)) {
        Page& page = pages.at(id);
        if (page.in_flight) delivery::doubt(page, now);  // no receipt in time: it may have arrived
        if (page.state == State::due && page.retry_at && wants(page)) {
            send(page);
            continue;
        }
        page.retry_at.reset();
        arm(page);
        if (page.state != State::due) continue;
        page.state = State::over;
        emit(PageChanged{id, page.state, "no longer owed"});
    }
}

void Machine::receipt(const Receipt& receipt) {
    const auto it = pages.find(receipt.page);
    if (it == pages.end()) return;
    Page& page = it->second;
    if (!page.in_flight || page.attempts != receipt.attempt)
        return receipt_of_earlier(page, receipt);
    const bool failed =
        delivery::apply_answer(page, {receipt.outcome, receipt.retry_after, receipt.detail}, now);
    arm(page);
    emit(PageChanged{page.id, page.state, receipt.detail});
    Incident& incident = incidents.at(page.incident);
    if (failed) {
        incident::note(
            incident, {now, incident::Entry::page_failed, page.content.level, "surged", page.id}
        );
        emit(Trouble{"page failed", fmt::format("{}: {}", page.id, receipt.detail)});
    }
    // Meanwhile the person is tried by his next way.
    const bool stuck = failed || receipt.outcome == delivery::Outcome::rate_limited ||
                       (page.state == State::due && page.attempts >= 3);
    const std::string about = page.step;
    if (!stuck || (about.empty() && !wants_pages(incident))) return;
    const std::string person = page.person;  // a new page may push this one out
    for (auto at = ladders.lower_bound({incident.id, ""});
         at != ladders.end() && at->first.first == incident.id;
         ++at) {
        paging::Ladder& ladder = at->second;
        if (ladder.step != about) continue;
        this->page(ladder, paging::hurry(ladder, person));
        const bool nobody_left = std::none_of(pages.begin(), pages.end(), [&](const auto& other) {
            const Page& p = other.second;
            return p.incident == ladder.incident && p.rise == ladder.rise &&
                   p.step == ladder.step && p.rung == ladder.rung && p.round == ladder.round &&
                   delivery::open(p);
        });
        // A rung that cannot be reached at all is left at once; the last resort keeps its pace.
        if (nobody_left && ladder.waiting.empty() && !ladder.last_resort) ladder.escalate_at = now;
        arm(at->first);
    }
}

// It was given up for lost, and another attempt was made. If it has arrived after all, that will
// do.
void Machine::receipt_of_earlier(Page& page, const Receipt& receipt) {
    const bool owed = page.state == State::due || page.state == State::sent;
    if (!owed || receipt.attempt > page.attempts || receipt.outcome != delivery::Outcome::accepted)
        return;
    page.state = State::accepted;
    page.retry_at.reset();
    page.last_detail = receipt.detail;
    arm(page);
    emit(PageChanged{page.id, page.state, receipt.detail});
}

void Machine::restarted(Instant to) {
    to = std::max(to, now);
    away_until = to;
    // What became due while we were away is due once, when we are back: not once for each wait.
    for (auto& [id, page] : pages) {
        if (!delivery::next_wake(page)) continue;
        if (page.in_flight) delivery::doubt(page, to);
        if (page.retry_at) page.retry_at = std::max(*page.retry_at, to);
        arm(page);
    }
    for (auto& [key, ladder] : ladders) {
        paging::postpone(ladder, to);
        arm(key);
    }
    // No feed was heard since: its figures stand still, and a waiting caller grows no older.
    std::vector<std::string> up;
    for (const auto& [name, source] : floor.sources())
        if (source.up) up.push_back(name);
    for (const std::string& name : up) floor.source_down(name, to);
    for (const board::QueueIx queue : floor.view().queues()) evaluate(floor.view().name(queue));
    set_wake(watch(""), std::nullopt);  // our own absence is not the feeds': forgive_absence
    settle();
}

void Machine::forgive_absence() {
    doubt_all();
    for (const Slot& slot : watch("").slots)
        if (slot.state().level == plan::Level::none) slot.state() = {};
    evaluate("");
}

}  // namespace surged::engine
