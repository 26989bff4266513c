// A companion: a second source that tells of the same calls, such as the log beside the manager.
//
// It says everything the main source says, in its own time and to the second, and some things that
// the main source cannot tell: how a caller left, and what happened while that was away. What the
// main source has told already is no news and no mistake.
#include "core/acd/floor_state.hpp"

#include <algorithm>

namespace surged::acd {
namespace {

constexpr Micros held_span = 50ms;  // as for an abandon that nobody else speaks of
constexpr Micros left_span = 1s;    // for the main source to follow the companion's word
constexpr Micros slack = 5s;        // between two clocks that tell of the same

}  // namespace

bool Floor::State::has_companion(SourceIx main) const {
    return std::any_of(companions.begin(), companions.end(), [&](const auto& pair) {
        return pair.second == sources[main].name;
    });
}

bool Floor::State::companion_up(SourceIx main) const {
    return std::any_of(companions.begin(), companions.end(), [&](const auto& pair) {
        if (pair.second != sources[main].name) return false;
        const auto count = counts.find(pair.first);
        return count != counts.end() && count->second.up;
    });
}

// While the main source is silent its companion is the only one that tells: nothing to compare.
Micros Floor::State::slack_of(const Happening& h) const {
    const Source& main = sources[h.source];
    if (!h.companion) return companion_up(h.source) ? slack : Micros{0};
    const auto count = counts.find(main.name);
    const bool speaks = main.in_snapshot || (count != counts.end() && count->second.up);
    return speaks ? slack : Micros{0};
}

Reject Floor::State::companion(const Happening& h) {
    const Event& e = h.event;
    const auto main = counts.find(sources[h.source].name);
    switch (e.type) {
        case EventType::settled:
            return word_of_companion(h);
        case EventType::agent_state:
        case EventType::snapshot_begin:
        case EventType::snapshot_queue:
        case EventType::snapshot_agent:
        case EventType::snapshot_call:
        case EventType::snapshot_end:
            return Reject::none;  // who is there and who waits, the main source knows better
        case EventType::started:
            if (slack_of(h) > Micros{0}) return Reject::none;  // it has come back by itself
            break;
        default:
            break;
    }
    // The main source told of this, so long ago that its calls are forgotten by now.
    const Micros remembered = std::max(Micros{0}, site.limits.lateness - slack);
    if (main != counts.end() && e.ts && e.ts->us < main->second.newest.us - remembered.count())
        return Reject::none;
    const Reject reject = apply(h);
    const bool known = reject == Reject::duplicate || reject == Reject::unknown_call;
    return known ? Reject::none : reject;
}

// How a caller left, as soon as the companion knows it. "Abandoned" may still turn out to be the
// PBX's own stop, so the usual time goes by.
Reject Floor::State::word_of_companion(const Happening& h) {
    if (h.event.exit) {
        const Reject reject = settled(h);
        return reject == Reject::unknown_call ? Reject::none : reject;
    }
    const auto queue = board.find(h.event.queue);
    if (!queue) return Reject::none;
    const CallIx i = entries_of(h, *queue).pending;
    if (i == nowhere) return Reject::none;
    Call& call = calls.at(i);
    call.settled = false;
    if (call.phase == Phase::waiting)
        hold(i, Phase::left, left_span, h);
    else if (call.phase == Phase::held)
        decide_at(i, std::min(call.deadline, now() + held_span));
    return Reject::none;
}

}  // namespace surged::acd
