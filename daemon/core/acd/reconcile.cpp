// Reconciling: a connection that comes and goes, and a PBX's whole view against what we believed.
#include "core/acd/floor_state.hpp"

#include <algorithm>
#include <utility>

namespace surged::acd {

void Floor::State::source_up(const std::string& name, bool known) {
    SourceCounts& count = counts[name];
    count.up = true;
    count.exits_known = known;
    count.heard = now();
    const SourceIx source = source_of(name);
    sources[source].stopping = false;
    if (!sources[source].cursor.empty()) expire_old(source);
    own_all(source_of(main_of(name)));
}

// A source that reads on from where it was has now told all there is: what began longer ago than
// any call lasts and is still open has lost its end.
void Floor::State::expire_old(SourceIx source) {
    const Instant before = now() - site.limits.call_ttl;
    std::vector<CallIx> old;
    calls.for_open([&](CallIx i) {
        const Call& call = calls.at(i);
        const Instant begun = call.phase == Phase::connected ? call.connected : call.joined;
        if (call.source == source && begun <= before) old.push_back(i);
    });
    for (const CallIx i : old) expire(i);
}

void Floor::State::source_down(const std::string& name, std::optional<Instant> resumes) {
    // Said again while it is down (another attempt failed), it tells nothing new.
    const bool news = std::exchange(counts[name].up, false) || resumes.has_value();
    const SourceIx source = source_of(name);
    if (news) settle_lost(source, resumes);
    // Whether connected calls go on is not known from here on; callers who wait are asked after
    // by the next snapshot.
    std::vector<CallIx> connected;
    calls.for_open([&](CallIx i) {
        const Call& call = calls.at(i);
        if (call.source == source && call.phase == Phase::connected && !call.stale)
            connected.push_back(i);
    });
    for (const CallIx i : connected) {
        leave(i);
        calls.at(i).stale = true;
        if (sources[source].stopping) {
            calls.at(i).ended = now();
            close(i);
        } else {
            enter(i);
        }
    }
    sources[source].stopping = false;
    sources[source].in_snapshot = false;
    own_all(source_of(main_of(name)));
}

// All callers went at once and then the connection: the PBX stopped, they gave up nothing. An
// abandon that was still held on its own is what the PBX called it, unless a companion knows
// better.
void Floor::State::settle_lost(SourceIx source, std::optional<Instant> resumes) {
    constexpr Micros reading_span = 10s;  // for a companion to read what came meanwhile
    std::vector<CallIx> unsure;
    for (const Phase phase : {Phase::left, Phase::held, Phase::stopping})
        for (CallIx i = calls.next_to_settle(phase); i != nowhere; i = calls.after(i))
            if (calls.at(i).source == source) unsure.push_back(i);
    for (const CallIx i : unsure) {
        const Call& call = calls.at(i);
        const bool abandoned = call.phase != Phase::left;
        // With `resumes` it was we who stopped: callers who left together before that gave up.
        const bool together =
            call.phase == Phase::stopping || (abandoned && went_down_together(call));
        if (together && (!resumes || sources[source].stopping))
            exit(i, call.ended, call.wait, ExitReason::shutdown, call.late);
        else if (has_companion(source) && !call.settled)
            decide_at(i, std::max(call.deadline, resumes.value_or(now()) + reading_span));
        else if (abandoned)
            abandon(i, call.ended, call.wait, call.late);
    }
}

bool Floor::State::exits_known(SourceIx source) {
    return counts[sources[source].name].exits_known || companion_up(source);
}

void Floor::State::own_all(SourceIx source) {
    for (const board::QueueIx queue : board.queues())
        if (queues[queue]->owner == source) own(queue, source);
}

void Floor::State::own(board::QueueIx queue, SourceIx source) {
    queues[queue]->owner = source;
    board::Figures& figures = board.at(queue);
    board.accrue(figures);  // agent time runs only while the data is live
    figures.live = counts[sources[source].name].up;
    figures.exits_known = exits_known(source);
    figures.changed = board::changes::all;
    touch(queue);
}

// Whoever waited or talked does so no more, and how it ended is not known: no wait is counted.
void Floor::State::started(const Happening& h) {
    std::vector<CallIx> open;
    calls.for_open([&](CallIx i) {
        if (calls.at(i).source == h.source) open.push_back(i);
    });
    for (const CallIx i : open) {
        Call& call = calls.at(i);
        call.rejoined.reset();
        if (call.phase == Phase::connected) {
            leave(i);
            call.ended = std::max(h.at, call.connected);
            close(i);
        } else if (call.settling()) {
            conclude(i);
        } else {
            exit(i, h.at, Micros{0}, ExitReason::unknown, h.late);
        }
    }
}

Reject Floor::State::snapshot(const Happening& h) {
    const Event& e = h.event;
    Source& source = sources[h.source];
    if (e.type == EventType::snapshot_begin) {
        ++source.snapshot;
        source.in_snapshot = true;
        return Reject::none;
    }
    if (e.type == EventType::snapshot_end) {
        if (source.in_snapshot) end_snapshot(h.source);
        return Reject::none;
    }
    const Place place = place_of(e.queue, h.source, true);
    if (place.reject != Reject::none) return place.reject;
    touch(place.queue);
    if (e.type == EventType::snapshot_queue) {
        if (e.target) board.at(place.queue).pbx_target = e.target;
        refresh_rule(place.queue);
        return Reject::none;
    }
    if (e.type == EventType::snapshot_call) return snapshot_call(h, place.queue);
    if (e.agent.empty() || !e.state) return Reject::missing_field;
    if (roster.full() && !roster.knows(place.queue, e.agent)) return Reject::limit;
    roster.set(
        board,
        place.queue,
        e.agent,
        *e.state,
        e.ts ? std::optional{h.at} : std::nullopt,
        source.snapshot
    );
    return Reject::none;
}

Reject Floor::State::snapshot_call(const Happening& h, board::QueueIx queue) {
    if (h.event.call.empty()) return Reject::missing_field;
    const Entries known = entries_of(h, queue);
    const Instant joined = h.at - h.event.wait.value_or(Micros{0});
    if (known.pending != nowhere) {  // keeps the join that we saw
        calls.at(known.pending).mark = sources[h.source].snapshot;
        return Reject::none;
    }
    if (known.connected != nowhere && calls.at(known.connected).connected > joined)
        return Reject::none;
    if (known.closed != nowhere && calls.at(known.closed).ended > joined) return Reject::none;
    if (calls.open_count() >= site.limits.open_calls) return Reject::limit;
    new_call(h, queue, joined, false);
    return Reject::none;
}

void Floor::State::end_snapshot(SourceIx source) {
    const std::uint32_t mark = sources[source].snapshot;
    sources[source].in_snapshot = false;
    std::vector<CallIx> gone;
    calls.for_open([&](CallIx i) {
        const Call& call = calls.at(i);
        if (call.source == source && call.phase == Phase::waiting && call.mark != mark)
            gone.push_back(i);
    });
    // After a lost connection there is nothing more to come: only the companion may know.
    const bool more = counts[sources[source].name].up || companion_up(source);
    for (const CallIx i : gone) {
        if (more)
            hold_unnamed(i);
        else
            exit(i, now(), std::nullopt, ExitReason::unknown, false);
    }
    for (const board::QueueIx queue : board.queues()) {
        if (queues[queue]->owner != source) continue;
        roster.keep_only(board, queue, mark);
        touch(queue);
    }
}

void Floor::State::refresh_rule(board::QueueIx queue) {
    const auto rule = site.queues.find(board.name(queue));
    board.set_rule(queue, rule == site.queues.end() ? plan::QueueRule{} : rule->second);
}

}  // namespace surged::acd
