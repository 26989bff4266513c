// What people say to their pages: "I have it", "on my way", "somebody else".
#include "core/delivery/key.hpp"
#include "core/engine/machine.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace surged::engine {

using delivery::Page;
using delivery::State;
using incident::Entry;
using incident::Incident;
using incident::Phase;

namespace {

/// Who said so of this page before; nullptr: nobody.
const incident::TimelineItem* said_before(
    const Incident& incident, Entry entry, const std::string& detail
) {
    const auto& items = incident.timeline;
    const auto it = std::find_if(items.begin(), items.end(), [&](const auto& item) {
        return item.entry == entry && item.detail == detail;
    });
    return it == items.end() ? nullptr : &*it;
}

void refuse(Step& step, Verdict verdict, std::string_view why) {
    step.verdict = verdict;
    step.detail = why;
}

}  // namespace

/// It names somebody on the roster and, if it is about a step, one that has opened.
bool Machine::could_be_page_of(const Incident& incident, const delivery::Key& key) const {
    return rules_of(incident).people.contains(key.person) &&
           (key.step.empty() || incident.tasks.contains(key.step));
}

void Machine::acknowledge(const Acknowledge& ack, Step& step) {
    const auto it = pages.find(ack.page);
    if (it == pages.end()) return acknowledge_unknown(ack, step);
    Page& page = it->second;
    Incident& incident = incidents.at(page.incident);
    if (page.state == State::acknowledged) {
        step.detail = fmt::format("already acknowledged by {}", page.acked_by);
        return;
    }
    if (incident.phase == Phase::ended)
        return refuse(step, Verdict::conflict, "the incident has ended");
    if (page.state == State::over) return refuse(step, Verdict::conflict, "the page is over");
    page.state = State::acknowledged;
    page.acked_by = ack.by;
    page.acked_at = now;
    page.retry_at.reset();
    arm(page);
    taken(incident, ack, page.rise, page.step);
}

// A page that this engine does not know has gone out all the same: while the journal had a gap
// before a crash, or so long ago that it made room for others. Its key says what was taken.
void Machine::acknowledge_unknown(const Acknowledge& ack, Step& step) {
    const auto key = delivery::parse_key(ack.page);
    const auto it = key ? incidents.find(key->incident) : incidents.end();
    if (it == incidents.end() || !could_be_page_of(it->second, *key))
        return refuse(step, Verdict::not_found, "no such page");
    Incident& incident = it->second;
    if (incident.phase == Phase::ended)
        return refuse(step, Verdict::conflict, "the incident has ended");
    if (const auto* before = said_before(incident, Entry::acknowledged, ack.page)) {
        step.detail = fmt::format("already acknowledged by {}", before->by);
        return;
    }
    // The rise may be one that was forgotten with the page: what stands now is what he has.
    taken(incident, ack, std::min(key->rise, incident.rise), key->step);
}

void Machine::taken(
    Incident& incident, const Acknowledge& ack, std::uint32_t rise, const std::string& about_step
) {
    const std::size_t told = incident.timeline.size();
    incident::note(incident, {now, Entry::acknowledged, incident.level, ack.by, ack.page});
    incident_changed(incident, told);
    emit(PageChanged{ack.page, State::acknowledged, ack.by});
    if (!about_step.empty()) {
        stop_paging(incident.id, about_step, "acknowledged");
    } else if (rise == incident.rise && incident.acked_rise < incident.rise) {
        incident.acked_rise = incident.rise;
        stop_paging(incident.id, "acknowledged");
    }
}

void Machine::answer(const AnswerPage& answer, Step& step) {
    if (answer.answer == Answer::pass_on) return pass_on(answer, step);
    acknowledge({answer.page, answer.by}, step);
    if (step.verdict != Verdict::done) return;
    const auto key = delivery::parse_key(answer.page);
    const auto it = key ? incidents.find(key->incident) : incidents.end();
    if (it == incidents.end()) return;
    const std::string said =
        fmt::format("on_my_way {}m {}", answer.within / std::chrono::minutes{1}, answer.page);
    if (said_before(it->second, Entry::note, said) != nullptr) return;
    const std::size_t told = it->second.timeline.size();
    incident::note(it->second, {now, Entry::note, it->second.level, answer.by, said});
    incident_changed(it->second, told);
}

void Machine::pass_on(const AnswerPage& answer, Step& step) {
    const auto key = delivery::parse_key(answer.page);
    const auto it = key ? incidents.find(key->incident) : incidents.end();
    if (it == incidents.end() || !could_be_page_of(it->second, *key))
        return refuse(step, Verdict::not_found, "no such page");
    Incident& incident = it->second;
    if (incident.phase == Phase::ended)
        return refuse(step, Verdict::conflict, "the incident has ended");
    Page of;  // as far as it matters for whether it is owed
    of.incident = incident.id;
    of.rise = incident.rise;
    of.step = key->step;
    if (!wants(of) || (key->step.empty() && key->rise < incident.rise))
        return refuse(step, Verdict::conflict, "the page is over");
    const std::string said = "passed_on " + answer.page;
    if (said_before(incident, Entry::note, said) != nullptr) return;
    const std::size_t told = incident.timeline.size();
    incident::note(incident, {now, Entry::note, incident.level, answer.by, said});
    incident_changed(incident, told);
    for (auto at = ladders.lower_bound({incident.id, ""});
         at != ladders.end() && at->first.first == incident.id;
         ++at) {
        paging::Ladder& ladder = at->second;
        if (ladder.step != key->step) continue;
        std::erase_if(ladder.waiting, [&](const auto& w) { return w.person == key->person; });
        // Only the rung he stands on, or two people would skip a third; there is nobody after the
        // last resort, whom the ladder asks again in its time.
        if (ladder.rung == key->rung && ladder.round == key->round && !ladder.last_resort)
            ladder.escalate_at = now;
        arm(at->first);
    }
}

}  // namespace surged::engine
