// What people say to an incident: yes, no, this level, a note. And what their silence means.
#include "core/engine/machine.hpp"

#include <fmt/format.h>

namespace surged::engine {

using incident::Entry;
using incident::Incident;
using incident::Phase;
using plan::Level;

Incident* Machine::standing(const std::string& id, Step& step) {
    const auto it = incidents.find(id);
    if (it == incidents.end()) {
        step.verdict = Verdict::not_found;
        step.detail = "no such incident";
        return nullptr;
    }
    if (it->second.phase != Phase::ended) return &it->second;
    step.verdict = Verdict::conflict;
    step.detail = fmt::format("it was ended by {}", it->second.ended_by);
    return nullptr;
}

// The first decision stands; who comes second is told of it.
void Machine::decide(const Decide& decide, Step& step) {
    Incident* found = standing(decide.incident, step);
    if (found == nullptr) return;
    Incident& incident = *found;
    const auto refuse = [&](std::string why) {
        step.verdict = Verdict::conflict;
        step.detail = std::move(why);
    };
    const auto decided = [&](Entry entry) {
        for (auto item = incident.timeline.rbegin(); item != incident.timeline.rend(); ++item)
            if (item->entry == entry) return item->by;
        return std::string{"surged"};
    };
    const std::size_t told = incident.timeline.size();
    if (decide.activate) {
        if (incident.activated >= incident.level && !incident.ask)
            return refuse(fmt::format("it was activated by {}", decided(Entry::activated)));
        if (incident.phase == Phase::recovering) return refuse("it is recovering");
        const bool started = incident.ask && incident.ask->confirm;
        const Level before = incident.activated;
        incident::activate(incident, decide.by, decide.why, !started, now);
        incident_changed(incident, told);
        if (!started || before < incident.activated) start_paging(incident);
    } else {
        if (!incident.ask) {
            const bool declined = incident.declined >= incident.level;
            return refuse(
                declined ? fmt::format("it was declined by {}", decided(Entry::declined))
                         : "no decision is asked for"
            );
        }
        incident::decline(incident, decide.by, decide.why, now);
        incident_changed(incident, told);
        stop_paging(incident.id, "declined");
    }
    run_tasks(incident);
    arm(incident);
}

void Machine::decide_by_time(Incident& incident) {
    const std::size_t told = incident.timeline.size();
    if (incident.ask->confirm) {  // nobody said no
        incident.ask.reset();
        return;
    }
    const bool yes = incident.ask->then_activate;
    const std::string asked = incident.ask->by;
    if (yes)
        incident::activate(incident, "surged", "no answer from " + asked, true, now);
    else
        incident::decline(incident, "surged", "no answer from " + asked, now);
    incident_changed(incident, told);
    if (yes)
        start_paging(incident);
    else
        stop_paging(incident.id, "declined");
}

void Machine::pin(const PinLevel& pin, Step& step) {
    Incident* incident = standing(pin.incident, step);
    if (incident == nullptr) return;
    if (pin.level == Level::none) {
        if (!incident->pin) {
            step.verdict = Verdict::conflict;
            step.detail = "no level is pinned";
            return;
        }
        return unpin(*incident, pin.by);
    }
    const std::size_t told = incident->timeline.size();
    incident->pin = incident::Pin{pin.level, now + pin.lasts, pin.by};
    incident::note(*incident, {now, Entry::pinned, pin.level, pin.by, pin.why});
    incident_changed(*incident, told);
    update_scope(scope_of(*incident));
}

void Machine::unpin(Incident& incident, std::string by) {
    const std::size_t told = incident.timeline.size();
    incident.pin.reset();
    incident::note(incident, {now, Entry::unpinned, incident.level, std::move(by), {}});
    incident_changed(incident, told);
    update_scope(scope_of(incident));
}

void Machine::add_note(const AddNote& note, Step& step) {
    const auto it = incidents.find(note.incident);  // an ended one may be written to as well
    if (it == incidents.end()) {
        step.verdict = Verdict::not_found;
        step.detail = "no such incident";
        return;
    }
    const std::size_t told = it->second.timeline.size();
    incident::note(it->second, {now, Entry::note, it->second.level, note.by, note.text});
    incident_changed(it->second, told);
}

}  // namespace surged::engine
