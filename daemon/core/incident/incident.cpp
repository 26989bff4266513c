#include "core/incident/incident.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace surged::incident {
namespace {

constexpr std::array<std::string_view, 5> phase_names{
    "warned", "activated", "recovering", "ended", "reported"
};
constexpr std::array<std::string_view, 20> entry_names{
    "opened",      "raised",       "lowered",      "activated",    "recovering",
    "ended",       "acknowledged", "paged",        "page_failed",  "note",
    "reported",    "asked",        "declined",     "pinned",       "unpinned",
    "step_opened", "step_done",    "step_skipped", "step_overdue", "led"
};

std::string cause_text(const std::optional<Cause>& cause) {
    if (!cause) return {};
    return cause->queue.empty() ? cause->trigger : cause->trigger + " " + cause->queue;
}

Phase before_activation(const Incident& incident) {
    return incident.kinds.empty() ? Phase::warned : Phase::reported;
}

void ask(Incident& incident, const plan::ActivationRule& rule, bool confirm, Instant now) {
    if (incident.level <= incident.declined) return;
    incident.ask = Ask{rule.by, incident.level, now + rule.within, rule.then_activate, confirm};
    note(incident, {now, Entry::asked, incident.level, "surged", rule.by});
}

/// What the rule says of a level that was just reached.
void respond(Incident& incident, const plan::ActivationRule& rule, Instant now) {
    if (incident.activated >= incident.level) return;
    switch (rule.mode) {
        case plan::Activation::warn:
            return;
        case plan::Activation::automatic:
            if (incident.phase == Phase::activated) {
                incident.activated = incident.level;
                return;
            }
            return activate(incident, "surged", {}, false, now);
        case plan::Activation::ask:
            return ask(incident, rule, false, now);
        case plan::Activation::start_then_confirm:
            activate(incident, "surged", {}, false, now);
            return ask(incident, rule, true, now);
    }
}

}  // namespace

std::string_view name_of(Phase phase) { return phase_names[static_cast<std::size_t>(phase)]; }
std::string_view name_of(Entry entry) { return entry_names[static_cast<std::size_t>(entry)]; }

void note(Incident& incident, TimelineItem item) {
    auto& items = incident.timeline;
    if (items.size() == timeline_items_max) {
        // The story's beginning matters as much as its end: drop from the middle.
        items.erase(items.begin() + static_cast<std::ptrdiff_t>(timeline_items_max / 2));
    }
    items.push_back(std::move(item));
}

Change apply_level(
    Incident& incident,
    plan::Level top,
    const std::optional<Cause>& cause,
    const plan::ActivationRule& activation,
    Instant now
) {
    if (top == plan::Level::none) {
        if (incident.clear_since) return Change::none;
        incident.clear_since = now;
        incident.ask.reset();
        if (incident.phase == Phase::activated) incident.phase = Phase::recovering;
        note(incident, {now, Entry::recovering, incident.level, "surged", {}});
        return Change::cleared;
    }
    const bool again = incident.clear_since.has_value();
    const bool opening = incident.rise == 0;
    if (!again && !opening && top == incident.level) return Change::none;
    // Firing again after all was clear counts as a rise: somebody must hear of the second wave.
    const bool up = opening || again || top > incident.level;
    incident.clear_since.reset();
    incident.previous_level = again ? plan::Level::none : incident.level;
    incident.level = top;
    incident.level_since = now;
    incident.highest = std::max(incident.highest, top);
    if (cause) incident.cause = cause;
    if (!up) {
        incident.activated = std::min(incident.activated, top);
        if (incident.ask && incident.ask->level > top) incident.ask.reset();
        note(incident, {now, Entry::lowered, top, "surged", cause_text(cause)});
        return Change::lowered;
    }
    ++incident.rise;
    const Entry entry = opening ? Entry::opened : Entry::raised;
    note(incident, {now, entry, top, "surged", cause_text(cause)});
    // What recovered and fires again was activated before: it is so again unless only warned of.
    if (again) incident.activated = incident.declined = plan::Level::none;
    if (opening || incident.phase == Phase::recovering)
        incident.phase = before_activation(incident);
    respond(incident, activation, now);
    return Change::raised;
}

void activate(Incident& incident, std::string by, std::string why, bool as_rise, Instant now) {
    incident.ask.reset();
    incident.phase = Phase::activated;
    incident.activated = std::max(incident.activated, incident.level);
    if (as_rise) ++incident.rise;
    note(incident, {now, Entry::activated, incident.level, std::move(by), std::move(why)});
}

void decline(Incident& incident, std::string by, std::string why, Instant now) {
    const bool started = incident.ask && incident.ask->confirm;
    incident.declined = incident.level;
    incident.ask.reset();
    if (started) {
        incident.phase = before_activation(incident);
        incident.activated = plan::Level::none;
    }
    note(incident, {now, Entry::declined, incident.level, std::move(by), std::move(why)});
}

void end(Incident& incident, std::string by, std::string why, Instant now) {
    incident.phase = Phase::ended;
    incident.ask.reset();
    incident.pin.reset();
    incident.ended_at = now;
    incident.ended_by = by;
    note(incident, {now, Entry::ended, incident.level, std::move(by), std::move(why)});
}

}  // namespace surged::incident
