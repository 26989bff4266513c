// Replies: the rounds of a written contact, in which a customer asks and a person answers.
//
// A round begins with the offer, and later with the customer's first message that nobody has
// answered; a person's reply ends it, a robot's does not. It counts once: when it is answered, or
// as a miss when its time is over. An answer within that time that is told only afterwards makes
// the miss good.
#include "core/acd/floor_state.hpp"

#include <algorithm>
#include <utility>

namespace surged::acd {
namespace {

constexpr Micros round_span = 180s;  // @source glossary, "3-minute response ratio"

}  // namespace

Reject Floor::State::reply(const Happening& h, board::QueueIx queue) {
    const Event& e = h.event;
    if (e.call.empty() || !e.by) return Reject::missing_field;
    const Entries known = entries_of(h, queue);
    CallIx call = known.connected != nowhere ? known.connected : known.closed;
    if (known.pending != nowhere && (call == nowhere || h.at >= calls.at(known.pending).joined))
        call = known.pending;
    if (call == nowhere) return Reject::unknown_call;
    be_written(call, e.channel == Channel::voice ? Channel::chat : e.channel);
    if (!calls.at(call).rounds) return Reject::none;  // at a desk: nobody waits for a message
    if (*e.by == ReplyBy::customer && !h.late) asked(call, h.at);
    if (*e.by == ReplyBy::agent) replied(call, h.at, h.late);
    return h.late ? Reject::late : Reject::none;
}

// The feed has said that the contact is written, perhaps only now.
void Floor::State::be_written(CallIx i, Channel channel) {
    if (!is_written(channel) || calls.at(i).rounds) return;
    const bool open = calls.at(i).open();
    if (open) leave(i);
    calls.set_channel(i, channel);
    Call& call = calls.at(i);
    call.rounds = board::Box<Rounds>{Rounds{}};
    call.rounds->asked = call.joined;
    board.at(call.queue).written = true;
    board.at(call.queue).changed = board::changes::all;
    if (!open) return;
    enter(i);
    calls.await_reply(i);
}

// The contact was offered at `at`: perhaps earlier than we had thought.
void Floor::State::offered_at(CallIx i, Instant at) {
    const Instant before = calls.at(i).joined;
    if (at >= before) return;
    leave(i);
    calls.reply_no_more(i);
    Call& call = calls.at(i);
    call.joined = at;
    if (call.rounds && call.rounds->asked == before) call.rounds->asked = at;
    calls.await_reply(i);
    enter(i);
}

// The customer has written.
void Floor::State::asked(CallIx i, Instant at) {
    const Call& call = calls.at(i);
    Rounds& rounds = *call.rounds;
    if (!call.open() || at < call.joined || at <= rounds.answered) return;
    if (!rounds.open && rounds.spare && at <= *rounds.spare) {  // answered before we heard of it
        rounds.asked = at;
        return answered(call, *std::exchange(rounds.spare, std::nullopt), false);
    }
    const bool sooner = rounds.open && !rounds.missed && at < rounds.asked;
    if (rounds.open && !sooner) return;
    calls.reply_no_more(i);
    rounds.asked = at;
    rounds.missed.reset();
    rounds.spare.reset();
    rounds.open = true;
    calls.await_reply(i);
}

// A person has written.
void Floor::State::replied(CallIx i, Instant at, bool late) {
    const Call& call = calls.at(i);
    Rounds& rounds = *call.rounds;
    if (!call.open() && at > call.ended) return;
    if (!std::exchange(rounds.met, true) && !late)
        count_first_response(call, at, std::max(Micros{0}, at - call.joined));
    if (rounds.open && at >= rounds.asked) {
        calls.reply_no_more(i);
        rounds.open = false;
        answered(call, at, late);
    } else if (!rounds.open && at > rounds.answered) {
        rounds.spare = at;
    }
}

// The round that began at `asked` has ended.
void Floor::State::answered(const Call& call, Instant at, bool late) {
    Rounds& rounds = *call.rounds;
    rounds.answered = at;
    const auto missed = std::exchange(rounds.missed, std::nullopt);
    if (late) return;
    const Instant end = rounds.asked + round_span;
    if (missed)
        count_round(call, *missed, false, at <= end);
    else
        count_round(call, std::min(at, end), true, at <= end);
}

// Nobody has answered in time.
void Floor::State::miss(CallIx i) {
    const Call& call = calls.at(i);
    calls.reply_no_more(i);
    call.rounds->missed = call.rounds->asked + round_span;
    count_round(call, *call.rounds->missed, true, false);
    touch(call.queue);
}

std::optional<Instant> Floor::State::next_miss() const {
    const CallIx i = calls.next_unanswered();
    if (i == nowhere) return std::nullopt;
    return calls.at(i).rounds->asked + round_span;
}

void Floor::State::count_first_response(const Call& call, Instant at, Micros after) {
    board.for_slices(board.at(call.queue), kind_of(call), [&](board::Slice& slice) {
        slice.replied_after(at, now(), board.today(at), after);
    });
}

// `round`: it counts now; `in_time`: it was answered in time.
void Floor::State::count_round(const Call& call, Instant at, bool round, bool in_time) {
    if (!round && !in_time) return;
    board.for_slices(board.at(call.queue), kind_of(call), [&](board::Slice& slice) {
        slice.responses(at, now(), board.today(at), [&](auto& r) {
            if (round) ++r.rounds;
            if (in_time) ++r.in_time;
        });
    });
}

}  // namespace surged::acd
