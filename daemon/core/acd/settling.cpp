// Settling: outcomes that are not sure at once, and everything else that time alone decides.
//
// A PBX says "gone" before it says why, and calls many things an abandon. So a caller who has left
// settles for a moment: he still counts as waiting (the books balance at every instant), but waits
// no longer.
#include "core/acd/floor_state.hpp"

#include <algorithm>
#include <array>

namespace surged::acd {
namespace {

constexpr Micros left_span = 1s;      // for `answered` or the reason to follow a `left`
constexpr Micros held_span = 50ms;    // for the PBX's own word to follow an abandon
constexpr Micros stopping_span = 2s;  // for a shutdown to follow when all end together
constexpr Micros together = 50ms;
// For a companion to say how a caller left. Its word comes at once, but may come before the main
// source has told that the caller was there; its whole line is told up to three seconds later.
constexpr Micros companion_span = 4s;

constexpr std::array<Phase, settling_phases> settling_phases_in_order{
    Phase::left, Phase::held, Phase::stopping
};

}  // namespace

// abandoned, left
Reject Floor::State::gone(CallIx i, const Happening& h) {
    Call& call = calls.at(i);
    const Event& e = h.event;
    const bool abandoned = e.type == EventType::abandoned;
    if (abandoned && e.provisional && (call.phase == Phase::held || call.phase == Phase::stopping))
        return Reject::duplicate;
    if (call.settled && *call.settled) {
        exit(i, h.at, e.wait, call.exit, h.late);
    } else if (!abandoned && call.phase != Phase::waiting) {
        // The `left` that follows an abandon; or of a caller whom the PBX's snapshot had missed
        // already: with nothing else he left by key, as any other.
        if (call.phase == Phase::left && !call.settled) call.exit = ExitReason::key;
    } else if (sources[call.source].stopping) {
        exit(i, h.at, e.wait, ExitReason::shutdown, h.late);
    } else if (abandoned && !e.provisional) {
        abandon(i, h.at, e.wait, h.late);
    } else if (abandoned) {
        const bool asks = !call.settled && companion_up(call.source);
        hold(i, Phase::held, asks ? companion_span : held_span, h);
    } else {
        hold(i, Phase::left, left_span, h);
    }
    return Reject::none;
}

// A waiting caller whom the PBX's snapshot does not name. Who left just before it was made has his
// own events still on the way, behind it.
void Floor::State::hold_unnamed(CallIx i) {
    leave(i);
    Call& call = calls.at(i);
    call.phase = Phase::left;
    call.exit = ExitReason::unknown;
    call.ended = now();
    call.wait.reset();
    call.late = false;
    call.deadline = now() + (companion_up(call.source) ? companion_span : left_span);
    enter(i);
}

void Floor::State::decide_at(CallIx i, Instant deadline) {
    calls.settle_no_more(i);
    calls.at(i).deadline = deadline;
    calls.settle_later(i);
}

void Floor::State::hold(CallIx i, Phase phase, Micros span, const Happening& h) {
    leave(i);
    Call& call = calls.at(i);
    Source& source = sources[call.source];
    if (phase == Phase::held) {
        call.company = source.ends > 0 && now() - source.last_end <= together;
        note_end(call.source);
        call.end_number = source.ends;
    }
    call.phase = phase;
    call.ended = h.at;
    call.wait = h.event.wait;
    call.late = h.late;
    call.deadline = now() + span;
    enter(i);
}

// True if another call of the source ended with this one, as when a PBX goes down, and none is open
// now. For a companion's word it may have been held for longer than a shutdown takes.
bool Floor::State::went_down_together(const Call& call) const {
    const Source& source = sources[call.source];
    const bool followed =
        source.ends > call.end_number && source.last_end <= call.ended + stopping_span;
    return source.open == 0 && (call.company || followed);
}

// Nothing more was said in time.
void Floor::State::conclude(CallIx i) {
    Call& call = calls.at(i);
    if (call.phase == Phase::left) {
        if (call.settled && !*call.settled) return abandon(i, call.ended, call.wait, call.late);
        return exit(i, call.ended, call.wait, call.exit, call.late);
    }
    // A shutdown follows soon, or not: who was held for a companion's word has waited long enough.
    if (call.phase == Phase::held && call.deadline < call.ended + stopping_span &&
        went_down_together(call)) {
        leave(i);
        call.phase = Phase::stopping;
        call.deadline += stopping_span - held_span;
        return enter(i);
    }
    abandon(i, call.ended, call.wait, call.late);
}

Reject Floor::State::settled(const Happening& h) {
    const Event& e = h.event;
    if (e.call.empty()) return Reject::missing_field;
    CallIx found = nowhere;
    bool known = false;
    calls.for_entries(h.source, e.call, h.call_hash, [&](CallIx i) {
        const Call& call = calls.at(i);
        if (!e.queue.empty() && board.name(call.queue) != e.queue) return;
        known = true;
        if (call.phase != Phase::waiting && !call.settling()) return;
        if (found == nowhere || call.entry > calls.at(found).entry) found = i;
    });
    if (found == nowhere) return known ? Reject::none : Reject::unknown_call;
    Call& call = calls.at(found);
    call.settled = e.exit.has_value();
    if (e.exit) call.exit = *e.exit;
    if (call.phase == Phase::waiting) {
        hold(found, Phase::left, left_span, h);  // came before the abandon or the `left`
    } else if (e.exit) {
        exit(found, call.ended, call.wait, *e.exit, call.late);
    } else {
        abandon(found, call.ended, call.wait, call.late);
    }
    return h.late ? Reject::late : Reject::none;
}

// The PBX is going down: what looked like abandons was its own doing.
void Floor::State::stopping(SourceIx source) {
    sources[source].stopping = true;
    for (const Phase phase : settling_phases_in_order) {
        for (CallIx i = calls.next_to_settle(phase); i != nowhere;) {
            const Call& call = calls.at(i);
            const CallIx next = calls.after(i);
            const bool abandoned = phase != Phase::left || (call.settled && !*call.settled);
            if (call.source == source && abandoned)
                exit(i, call.ended, call.wait, ExitReason::shutdown, call.late);
            i = next;
        }
    }
}

std::optional<Instant> Floor::State::next_wake() const {
    std::optional<Instant> at;
    const auto sooner = [&](std::optional<Instant> candidate) {
        if (candidate && (!at || *candidate < *at)) at = candidate;
    };
    for (const Phase phase : settling_phases_in_order)
        if (const CallIx i = calls.next_to_settle(phase); i != nowhere)
            sooner(calls.at(i).deadline);
    sooner(next_expiry(Pace::hours));
    sooner(next_expiry(Pace::days));
    sooner(next_miss());
    sooner(roster.next_wrap_end());
    sooner(tickets.next_wake());
    if (!checks.empty()) sooner(checks.begin()->first);
    return at;
}

void Floor::State::advance(Instant to) {
    for (auto due = next_wake(); due && *due <= to; due = next_wake()) {
        board.advance(std::max(*due, now()));
        run_due();
    }
    board.advance(to);
}

void Floor::State::run_due() {
    for (const Phase phase : settling_phases_in_order) {
        for (CallIx i = calls.next_to_settle(phase); i != nowhere && calls.at(i).deadline <= now();
             i = calls.next_to_settle(phase))
            conclude(i);
    }
    for (auto at = next_miss(); at && *at <= now(); at = next_miss()) miss(calls.next_unanswered());
    for (const Pace pace : {Pace::hours, Pace::days})
        for (auto at = next_expiry(pace); at && *at <= now(); at = next_expiry(pace))
            expire(calls.oldest(pace));
    roster.end_wraps(board, [this](board::QueueIx queue) { touch(queue); });
    tickets.advance(board, [this](board::QueueIx queue) { touch(queue); });
    while (!checks.empty() && checks.begin()->first <= now()) {
        const board::QueueIx queue = checks.begin()->second;
        checks.erase(checks.begin());
        queues[queue]->check.reset();
        check_idle(queue);
    }
}

std::optional<Instant> Floor::State::next_expiry(Pace pace) const {
    const CallIx i = calls.oldest(pace);
    if (i == nowhere) return std::nullopt;
    return calls.at(i).born + (pace == Pace::days ? site.limits.mail_ttl : site.limits.call_ttl);
}

// Open for longer than any call lasts: its end was lost.
void Floor::State::expire(CallIx i) {
    Call& call = calls.at(i);
    call.rejoined.reset();
    if (call.phase != Phase::connected)
        return exit(i, now(), std::nullopt, ExitReason::unknown, false);
    leave(i);
    call.ended = now();
    close(i);
}

void Floor::State::check_later(board::QueueIx queue, Instant at) {
    queues[queue]->check = at;
    checks.emplace(at, queue);
}

void Floor::State::check_idle(board::QueueIx queue) {
    const QueueState& state = *queues[queue];
    const board::Figures& figures = board.at(queue);
    if (state.heard + site.limits.queue_ttl > now())
        return check_later(queue, state.heard + site.limits.queue_ttl);
    // Still in use, or complaints to answer: looked at again when something happens.
    if (state.open > 0 || figures.staffed() > 0 || figures.complaints_open > 0) return;
    remove(queue);
}

void Floor::State::remove(board::QueueIx queue) {
    touch(queue);
    if (const auto check = queues[queue]->check) checks.erase({*check, queue});
    roster.forget_queue(board, queue);
    tickets.forget_queue(board, queue);
    calls.forget_queue(queue);
    board.remove(queue);
    queues[queue] = {};
}

}  // namespace surged::acd
