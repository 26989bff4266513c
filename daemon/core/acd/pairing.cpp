// Pairing: which entry of which call an event is about, and what it changes.
//
// offered = answered + abandoned + exited + waiting, per queue and at every instant: an outcome
// without a known offer brings its offer along, and nothing is counted as left twice.
#include "core/acd/floor_state.hpp"

#include <algorithm>
#include <tuple>

namespace surged::acd {
namespace {

constexpr Micros whole_second = 1s;

Micros waited(const Call& call, Instant at, std::optional<Micros> given) {
    return given ? *given : std::max(Micros{0}, at - call.joined);
}

}  // namespace

Floor::State::Entries Floor::State::entries_of(const Happening& h, board::QueueIx queue) const {
    Entries found;
    const auto newer = [&](CallIx a, CallIx b, auto time) {
        return b == nowhere || std::tie(calls.at(a).*time, calls.at(a).entry) >
                                   std::tie(calls.at(b).*time, calls.at(b).entry);
    };
    calls.for_entries(h.source, h.event.call, h.call_hash, [&](CallIx i) {
        const Call& call = calls.at(i);
        if (call.queue != queue) return;
        if (call.phase == Phase::connected) {
            if (newer(i, found.connected, &Call::connected)) found.connected = i;
        } else if (call.phase != Phase::closed) {
            found.pending = i;
        } else {
            if (newer(i, found.closed, &Call::ended)) found.closed = i;
            if (!call.offer_seen && h.at <= call.ended &&
                (found.unoffered == nowhere || !newer(i, found.unoffered, &Call::ended)))
                found.unoffered = i;
        }
    });
    return found;
}

Reject Floor::State::offered(const Happening& h, board::QueueIx queue) {
    if (h.event.call.empty()) return Reject::missing_field;
    const Entries known = entries_of(h, queue);
    const Reject fine = h.late ? Reject::late : Reject::none;
    if (known.pending != nowhere) {
        Call& call = calls.at(known.pending);
        if (!call.offer_seen) {  // inferred from a snapshot or an outcome: this is it
            leave(known.pending);
            call.offer_seen = true;
            if (call.klass.empty()) call.klass = h.event.klass;
            enter(known.pending);
            offered_at(known.pending, h.at);
            be_written(known.pending, h.event.channel);
            return fine;
        }
        if (h.at <= call.joined || (call.rejoined && *call.rejoined == h.at))
            return Reject::duplicate;
        // Of two that tell the same, one may be slow: who waits has not come again.
        if (h.companion || (call.phase == Phase::waiting && h.at <= call.joined + slack_of(h)))
            return Reject::duplicate;
        if (h.late) return Reject::late;
        call.rejoined = call.rejoined ? std::min(*call.rejoined, h.at) : h.at;
        return Reject::none;
    }
    if (known.connected != nowhere) {
        // A feed that gives whole seconds may tell the connect first.
        Call& call = calls.at(known.connected);
        const Micros slack = std::max(slack_of(h), call.offer_seen ? Micros{0} : whole_second);
        if (h.at <= call.connected + slack) {
            if (std::exchange(call.offer_seen, true)) return Reject::duplicate;
            offered_at(known.connected, h.at);
            be_written(known.connected, h.event.channel);
            return fine;
        }
    }
    if (known.unoffered != nowhere) {
        Call& call = calls.at(known.unoffered);
        call.offer_seen = true;
        if (!call.counted) {  // all we saw was its completion: it had been answered before
            call.joined = h.at;
            count_offered(call, h.event.caller);
            call.counted = true;
            count_answered(call, std::max(h.at, call.connected), std::nullopt, h.late);
        }
        return fine;
    }
    if (known.closed != nowhere) {
        const Call& call = calls.at(known.closed);
        const Micros slack = h.companion ? slack_of(h) : Micros{0};
        if (h.at <= call.joined || h.at < call.ended + slack) return Reject::duplicate;
    }
    if (h.late) return Reject::late;
    if (calls.open_count() >= site.limits.open_calls) return Reject::limit;
    new_call(h, queue, h.at, true);
    return Reject::none;
}

// answered, abandoned, exited, left
Reject Floor::State::left_queue(const Happening& h, board::QueueIx queue) {
    const Event& e = h.event;
    if (e.call.empty()) return Reject::missing_field;
    Entries known = entries_of(h, queue);
    // A `left` of a caller whose outcome is known already says nothing new, and is no mistake.
    const Reject stale = h.late                      ? Reject::late
                         : e.type == EventType::left ? Reject::none
                                                     : Reject::duplicate;
    if (known.pending != nowhere) {
        const Call& call = calls.at(known.pending);
        const auto before = [&](CallIx i, auto time) {
            return i != nowhere && calls.at(i).*time >= h.at;
        };
        if (h.at < call.joined && call.offer_seen &&
            (before(known.closed, &Call::ended) || before(known.connected, &Call::connected)))
            return stale;  // about an earlier entry, which is over
        if (call.rejoined && h.at >= *call.rejoined) {
            exit(known.pending, *call.rejoined, std::nullopt, ExitReason::unknown, false);
            known = entries_of(h, queue);
        }
        if (known.pending != nowhere) return outcome(known.pending, h);
    }
    if (e.type == EventType::answered && known.closed != nowhere &&
        !calls.at(known.closed).counted && h.at <= calls.at(known.closed).ended) {
        // Its completion came first.
        Call& call = calls.at(known.closed);
        call.joined = h.at - e.wait.value_or(Micros{0});
        count_offered(call, e.caller);
        call.counted = true;
        count_answered(call, h.at, e.wait, h.late);
        return h.late ? Reject::late : Reject::none;
    }
    if (known.connected != nowhere || known.closed != nowhere) {
        Instant last{};
        if (known.closed != nowhere) last = calls.at(known.closed).ended;
        if (known.connected != nowhere) last = std::max(last, calls.at(known.connected).connected);
        const bool again = e.wait && h.at > last && h.at - *e.wait >= last + slack_of(h);
        if (!again) return stale;
    }
    if (h.late) return Reject::late;
    if (calls.open_count() >= site.limits.open_calls) return Reject::limit;
    return outcome(new_call(h, queue, h.at - e.wait.value_or(Micros{0}), false), h);
}

Reject Floor::State::outcome(CallIx call, const Happening& h) {
    const Event& e = h.event;
    be_written(call, e.channel);
    if (e.type == EventType::answered) {
        answer(call, h.at, e.wait, e.agent, h.late);
    } else if (e.type == EventType::exited) {
        exit(call, h.at, e.wait, e.exit.value_or(ExitReason::unknown), h.late);
    } else if (const Reject reject = gone(call, h); reject != Reject::none) {
        return reject;
    }
    return h.late ? Reject::late : Reject::none;
}

CallIx Floor::State::serving(board::QueueIx queue, SourceIx source, std::string_view agent) const {
    CallIx call = calls.first_connected(queue);
    while (call != nowhere && (calls.at(call).source != source || calls.at(call).agent != agent))
        call = calls.after(call);
    return call;
}

// completed, transferred
Reject Floor::State::finished(const Happening& h, board::QueueIx queue) {
    const Event& e = h.event;
    const Reject fine = h.late ? Reject::late : Reject::none;
    if (e.call.empty()) {
        if (e.agent.empty()) return Reject::missing_field;
        const CallIx call = serving(queue, h.source, e.agent);
        if (call == nowhere) return finished_unknown(h, queue, nowhere);
        complete(call, h);
        return fine;
    }
    const Entries known = entries_of(h, queue);
    if (known.connected != nowhere) {
        complete(known.connected, h);
        return fine;
    }
    const bool earlier = known.closed != nowhere && known.pending != nowhere &&
                         h.at < calls.at(known.pending).joined;
    if (known.pending != nowhere && !earlier) {  // its `answered` is lost or still to come
        const Instant joined = calls.at(known.pending).joined;
        const Instant connected = std::max(joined, h.at - e.talk.value_or(Micros{0}));
        answer(known.pending, connected, e.wait, e.agent, h.late);
        complete(known.pending, h);
        return fine;
    }
    return finished_unknown(h, queue, known.closed);
}

// A completion without a connect counts as completed, never as answered or offered: its caller
// joined before we began to listen. Remembered, so that it counts once.
Reject Floor::State::finished_unknown(const Happening& h, board::QueueIx queue, CallIx known) {
    const Event& e = h.event;
    if (known != nowhere && calls.at(known).completed) return Reject::duplicate;
    if (h.late) return Reject::late;
    count_handled(queue, e, kind_of(e), h.at, e.talk.value_or(Micros{0}), false);
    roster.wrap(board, queue, e.agent, h.at + board.at(queue).wrap);
    note_end(h.source);
    if (known != nowhere) {
        calls.at(known).completed = true;
    } else if (!e.call.empty()) {
        Call call;
        call.id = e.call;
        call.agent = e.agent;
        call.source = h.source;
        call.queue = queue;
        call.klass = e.klass;
        call.completed = true;
        call.born = now();
        call.ended = h.at;
        call.connected = h.at - e.talk.value_or(Micros{0});
        call.joined = call.connected;
        calls.close(calls.add(std::move(call), h.call_hash));
    }
    touch(queue);
    return Reject::none;
}

CallIx Floor::State::new_call(const Happening& h, board::QueueIx queue, Instant joined, bool seen) {
    Call call;
    call.id = h.event.call;
    call.klass = h.event.klass;
    call.source = h.source;
    call.queue = queue;
    call.offer_seen = seen;
    call.counted = true;
    call.mark = sources[h.source].snapshot;
    call.born = now();
    call.joined = std::max(joined, Instant{});
    count_offered(call, h.event.caller);
    ++queues[queue]->open;
    const CallIx at = calls.add(std::move(call), h.call_hash);
    enter(at);
    be_written(at, h.event.channel);
    return at;
}

void Floor::State::reenter(CallIx was) {
    if (!calls.at(was).rejoined || calls.open_count() >= site.limits.open_calls) return;
    const Call& before = calls.at(was);
    Event event;
    const std::string id = before.id;
    const std::string klass = before.klass;
    event.call = id;
    event.klass = klass;
    event.channel = before.channel;
    const Instant joined = *before.rejoined;
    const board::QueueIx queue = before.queue;
    const SourceIx source = before.source;
    calls.at(was).rejoined.reset();
    new_call({event, source, joined, CallBook::hash_of(source, id)}, queue, joined, true);
}

void Floor::State::enter(CallIx i) {
    const Call& call = calls.at(i);
    board::Figures& figures = board.at(call.queue);
    if (call.phase == Phase::waiting) {
        board.for_slices(figures, kind_of(call), [&](board::Slice& s) { s.joined(call.joined); });
        ++sources[call.source].open;
    } else if (call.phase == Phase::connected) {
        calls.connect(i);
        if (!call.stale) serve(call);
    } else {
        board.for_slices(figures, kind_of(call), [](board::Slice& s) { s.settle(1); });
        calls.settle_later(i);
    }
    touch(call.queue);
}

void Floor::State::leave(CallIx i) {
    const Call& call = calls.at(i);
    board::Figures& figures = board.at(call.queue);
    if (call.phase == Phase::waiting) {
        board.for_slices(figures, kind_of(call), [&](board::Slice& s) { s.gone(call.joined); });
        --sources[call.source].open;
    } else if (call.phase == Phase::connected) {
        calls.disconnect(i);
        if (!call.stale) serve_no_more(call);
    } else {
        board.for_slices(figures, kind_of(call), [](board::Slice& s) { s.settle(-1); });
        calls.settle_no_more(i);
    }
}

// A contact is with an agent, as far as is known.
void Floor::State::serve(const Call& call) {
    board::Figures& figures = board.at(call.queue);
    ++figures.connected;
    figures.changed |= board::changes::connected;
    ++sources[call.source].open;
    if (!is_written(call.channel)) return;
    if (is_session(call.channel)) ++figures.chats;
    board.for_slices(figures, kind_of(call), [&](board::Slice& s) { s.taken(call.joined); });
}

void Floor::State::serve_no_more(const Call& call) {
    board::Figures& figures = board.at(call.queue);
    --figures.connected;
    figures.changed |= board::changes::connected;
    --sources[call.source].open;
    if (!is_written(call.channel)) return;
    if (is_session(call.channel)) --figures.chats;
    board.for_slices(figures, kind_of(call), [&](board::Slice& s) { s.given_up(call.joined); });
}

void Floor::State::close(CallIx i) {
    Call& call = calls.at(i);
    call.phase = Phase::connected;  // in no list by now, whatever it was
    calls.close(i);
    --queues[call.queue]->open;
    touch(call.queue);
}

void Floor::State::answer(
    CallIx i, Instant at, std::optional<Micros> given, std::string_view agent, bool late
) {
    leave(i);
    Call& call = calls.at(i);
    count_answered(call, at, given, late);
    call.agent = agent;
    call.phase = Phase::connected;
    enter(i);
    reenter(i);
}

void Floor::State::abandon(CallIx i, Instant at, std::optional<Micros> given, bool late) {
    leave(i);
    Call& call = calls.at(i);
    if (call.phase != Phase::held && call.phase != Phase::stopping) note_end(call.source);
    count_abandoned(call, at, waited(call, at, given), late);
    call.outcome = Outcome::abandoned;
    call.ended = at;
    close(i);
    reenter(i);
}

void Floor::State::exit(
    CallIx i, Instant at, std::optional<Micros> given, ExitReason reason, bool late
) {
    leave(i);
    Call& call = calls.at(i);
    if (call.phase != Phase::held && call.phase != Phase::stopping) note_end(call.source);
    count_exited(call, at, waited(call, at, given), reason, late);
    call.outcome = Outcome::exited;
    call.ended = at;
    close(i);
    reenter(i);
}

void Floor::State::complete(CallIx i, const Happening& h) {
    const Event& e = h.event;
    leave(i);
    Call& call = calls.at(i);
    const Micros talk = e.talk ? *e.talk : std::max(Micros{0}, h.at - call.connected);
    count_handled(call.queue, e, kind_of(call), h.at, talk, h.late);
    const std::string_view agent = e.agent.empty() ? std::string_view{call.agent} : e.agent;
    roster.wrap(board, call.queue, agent, h.at + board.at(call.queue).wrap);
    note_end(call.source);
    call.completed = true;
    call.ended = std::max(h.at, call.connected);
    close(i);
}

void Floor::State::note_end(SourceIx source) {
    ++sources[source].ends;
    sources[source].last_end = now();
}

}  // namespace surged::acd
