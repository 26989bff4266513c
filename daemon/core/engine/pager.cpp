// Paging: ladders run, pages are made, sent, retried, acknowledged; nothing owed is forgotten.
#include "core/delivery/delivery.hpp"
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
    if (it == incidents.end()) return false;
    return incident::wants_pages(it->second) && page.rise == it->second.rise &&
           delivery::open(page);
}

void Machine::start_paging(Incident& incident, const Firing& top) {
    stop_paging(incident.id, "superseded");
    const plan::RuleSet& own = rules_of(incident);
    const auto plan = own.plans.find(incident.plan);
    if (plan == own.plans.end()) return;
    std::vector<std::string> roles = plan->second.page.at(incident.level);
    for (const plan::Trigger& trigger : plan->second.triggers)
        if (trigger.id == top.trigger && !trigger.page.empty()) roles = trigger.page;
    std::set<std::string> teams;
    for (const std::string& role : roles) {
        const auto named = plan->second.teams.find(role);
        teams.insert(named == plan->second.teams.end() ? role : named->second);
    }
    for (const std::string& team : teams) {
        paging::Ladder ladder;
        ladder.incident = incident.id;
        ladder.team = team;
        ladder.rise = incident.rise;
        const auto due = paging::start(ladder, own, now);
        if (due.empty() && !paging::next_wake(ladder))
            emit(Trouble{"nobody to page", fmt::format("team {} for {}", team, incident.id)});
        const auto [it, fresh] = ladders.insert_or_assign({incident.id, team}, std::move(ladder));
        page(it->second, due);
    }
}

void Machine::stop_paging(const std::string& incident, std::string_view why) {
    std::erase_if(ladders, [&](const auto& item) { return item.first.first == incident; });
    for (auto& [id, page] : pages) {
        if (page.incident != incident || page.state != State::due) continue;
        page.state = State::over;  // owed, but not for what is over, taken or superseded
        page.retry_at.reset();
        open_pages.erase(id);
        emit(PageChanged{id, page.state, std::string{why}});
    }
}

void Machine::page(const paging::Ladder& ladder, const std::vector<paging::Due>& due) {
    Incident& incident = incidents.at(ladder.incident);
    const plan::RuleSet& own = rules_of(incident);
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
        page.id = fmt::format(
            "{}.{}.{}.{}.{}.{}",
            incident.id,
            ladder.rise,
            one.rung,
            one.round,
            one.person,
            method.channel
        );
        // Two ways over one channel are two methods; all other keys are names.
        for (std::uint32_t m = 0; m < one.method; ++m)
            if (person.contact[m].channel == method.channel)
                page.id += fmt::format(".{}", one.method);
        if (pages.contains(page.id)) continue;  // on two teams, paged once
        make_room(incident.id);
        page.incident = incident.id;
        page.rise = ladder.rise;
        page.rung = one.rung;
        page.round = one.round;
        page.method = one.method;
        page.person = one.person;
        page.channel = method.channel;
        page.to = method.to;
        page.created_at = now;
        page.content = compose(incident, person);
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
        if (open_pages.contains(it->first)) continue;
        if (oldest == pages.end() || it->second.created_at < oldest->second.created_at) oldest = it;
    }
    if (oldest != pages.end()) pages.erase(oldest);
}

void Machine::send(Page& page) {
    delivery::release(page, now);
    open_pages.insert(page.id);
    emit(SendPage{page});
}

void Machine::run_ladders() {
    for (auto& [key, ladder] : ladders) {
        const auto wake = paging::next_wake(ladder);
        if (!wake || *wake > now) continue;
        if (!incident::wants_pages(incidents.at(key.first))) continue;
        page(ladder, paging::run(ladder, rules_of(incidents.at(key.first)), now));
    }
}

void Machine::run_pages() {
    std::vector<std::string> due;
    for (const std::string& id : open_pages) {
        const auto wake = delivery::next_wake(pages.at(id));
        if (!wake || *wake <= now) due.push_back(id);
    }
    for (const std::string& id : due) {
        Page& page = pages.at(id);
        if (page.in_flight) {
            if (!delivery::next_wake(page)) continue;
            delivery::doubt(page, now);  // no receipt in time: it may have arrived
        }
        if (page.state == State::due && page.retry_at && wants(page)) {
            send(page);
            continue;
        }
        open_pages.erase(id);
        page.retry_at.reset();
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
    if (!delivery::next_wake(page)) open_pages.erase(page.id);
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
    if (!stuck || !wants_pages(incident)) return;
    const std::string person = page.person;  // a new page may push this one out
    for (auto& [key, ladder] : ladders) {
        if (key.first != incident.id) continue;
        this->page(ladder, paging::hurry(ladder, person));
        const bool nobody_left = std::none_of(pages.begin(), pages.end(), [&](const auto& other) {
            const Page& p = other.second;
            return p.incident == ladder.incident && p.rise == ladder.rise &&
                   p.rung == ladder.rung && p.round == ladder.round && delivery::open(p);
        });
        // A rung that cannot be reached at all is left at once; the last resort keeps its pace.
        if (nobody_left && ladder.waiting.empty() && !ladder.last_resort) ladder.escalate_at = now;
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
    if (!page.in_flight) open_pages.erase(page.id);
    emit(PageChanged{page.id, page.state, receipt.detail});
}

void Machine::acknowledge(const Acknowledge& ack, Step& step) {
    const auto it = pages.find(ack.page);
    if (it == pages.end()) {
        step.verdict = Verdict::not_found;
        step.detail = "no such page";
        return;
    }
    Page& page = it->second;
    Incident& incident = incidents.at(page.incident);
    if (page.state == State::acknowledged) {
        step.detail = fmt::format("already acknowledged by {}", page.acked_by);
        return;
    }
    if (incident.phase == Phase::ended || page.state == State::over) {
        step.verdict = Verdict::conflict;
        step.detail =
            incident.phase == Phase::ended ? "the incident has ended" : "the page is over";
        return;
    }
    page.state = State::acknowledged;
    page.acked_by = ack.by;
    page.acked_at = now;
    page.retry_at.reset();
    if (!page.in_flight) open_pages.erase(page.id);
    const std::size_t told = incident.timeline.size();
    incident::note(incident, {now, incident::Entry::acknowledged, incident.level, ack.by, page.id});
    incident_changed(incident, told);
    emit(PageChanged{page.id, page.state, ack.by});
    if (page.rise == incident.rise && incident.acked_rise < incident.rise) {
        incident.acked_rise = incident.rise;
        stop_paging(incident.id, "acknowledged");
    }
}

void Machine::restarted(Instant to) {
    to = std::max(to, now);
    // What became due while we were away is due once, when we are back: not once for each wait.
    for (const std::string& id : open_pages) {
        Page& page = pages.at(id);
        if (page.in_flight) delivery::doubt(page, to);
        if (page.retry_at) page.retry_at = std::max(*page.retry_at, to);
    }
    for (auto& [key, ladder] : ladders) paging::postpone(ladder, to);
    // No feed was heard since: its figures stand still, and a waiting caller grows no older.
    std::vector<std::string> up;
    for (const auto& [name, source] : floor.sources())
        if (source.up) up.push_back(name);
    for (const std::string& name : up) floor.source_down(name);
    for (const board::QueueIx queue : floor.view().queues()) evaluate(floor.view().name(queue));
    set_wake("", watch(""), std::nullopt);  // our own absence is not the feeds': forgive_absence
    settle();
}

void Machine::forgive_absence() {
    for (const Slot& slot : watch("").slots)
        if (slot.state->level == plan::Level::none) *slot.state = {};
    evaluate("");
}

}  // namespace surged::engine
