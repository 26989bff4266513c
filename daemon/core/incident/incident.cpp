#include "core/incident/incident.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace surged::incident {
namespace {

constexpr std::array<std::string_view, 4> phase_names{"warned", "activated", "recovering", "ended"};
constexpr std::array<std::string_view, 10> entry_names{
    "opened",
    "raised",
    "lowered",
    "activated",
    "recovering",
    "ended",
    "acknowledged",
    "paged",
    "page_failed",
    "note"
};

std::string cause_text(const std::optional<Cause>& cause) {
    if (!cause) return {};
    return cause->queue.empty() ? cause->trigger : cause->trigger + " " + cause->queue;
}

void activate(Incident& incident, plan::Activation activation, Instant now) {
    if (activation != plan::Activation::automatic || incident.phase == Phase::activated) return;
    incident.phase = Phase::activated;
    note(incident, {now, Entry::activated, incident.level, "surged", {}});
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
    plan::Activation activation,
    Instant now
) {
    if (top == plan::Level::none) {
        if (incident.clear_since) return Change::none;
        incident.clear_since = now;
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
        note(incident, {now, Entry::lowered, top, "surged", cause_text(cause)});
        return Change::lowered;
    }
    ++incident.rise;
    const Entry entry = opening ? Entry::opened : Entry::raised;
    note(incident, {now, entry, top, "surged", cause_text(cause)});
    // What recovered and fires again was activated before: it is so again unless only warned of.
    if (incident.phase == Phase::recovering) incident.phase = Phase::warned;
    activate(incident, activation, now);
    return Change::raised;
}

void end(Incident& incident, std::string by, std::string why, Instant now) {
    incident.phase = Phase::ended;
    incident.ended_at = now;
    incident.ended_by = by;
    note(incident, {now, Entry::ended, incident.level, std::move(by), std::move(why)});
}

}  // namespace surged::incident
