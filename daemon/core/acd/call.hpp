// Calls: one entry of one caller into one queue, from the join to the end, and for a while after.
#pragma once

#include "base/codec.hpp"
#include "base/time.hpp"
#include "core/acd/event.hpp"
#include "core/board/box.hpp"
#include "core/board/view.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace surged::acd {

using CallIx = std::uint32_t;
using SourceIx = std::uint32_t;
inline constexpr std::uint32_t nowhere = 0xffff'ffff;

/// waiting → (left | held | stopping) → connected or closed. A closed call is remembered so that
/// what comes late or twice is known for what it is.
enum class Phase : std::uint8_t {
    waiting,
    left,      // gone from the queue; nobody has said why yet
    held,      // abandoned, but the PBX may still say otherwise
    stopping,  // abandoned together with all others: perhaps the PBX is going down
    connected,
    closed,
};
inline constexpr std::size_t settling_phases = 3;  // left, held, stopping

enum class Outcome : std::uint8_t { none, answered, abandoned, exited };

/// A contact in writing stays open, and its customer waits, beyond the first answer.
[[nodiscard]] constexpr bool is_written(Channel channel) {
    return channel == Channel::chat || channel == Channel::email || channel == Channel::social;
}
/// In writing, at the same time as others: several such contacts are with one agent.
[[nodiscard]] constexpr bool is_session(Channel channel) {
    return channel == Channel::chat || channel == Channel::social;
}
/// How long a contact may be open is a matter of hours, or of days.
enum class Pace : std::uint8_t { hours, days };
[[nodiscard]] constexpr Pace pace_of(Channel channel) {
    return channel == Channel::email || channel == Channel::social ? Pace::days : Pace::hours;
}

/// The rounds of a written contact: the customer asks, a person answers.
struct Rounds {
    bool open{true};                // the customer waits for a person
    bool met{false};                // a person has replied at all
    Instant asked;                  // when the round began that is open, or else the last one
    Instant answered;               // when the last one ended; epoch: none has
    std::optional<Instant> missed;  // the open round counted as a miss then
    std::optional<Instant> spare;   // a reply since, to nothing that we know of
    template <class A>
    void fields(A& a) {
        a(open, met, asked, answered, missed, spare);
    }
};

struct Call {
    // What is asked of a call that an event may be about stands together.
    std::string id;
    SourceIx source{0};
    board::QueueIx queue{0};
    Phase phase{Phase::waiting};
    Outcome outcome{Outcome::none};
    Channel channel{Channel::voice};
    ExitReason exit{ExitReason::key};
    bool offer_seen{false};  // its `offered` came; else it was inferred or is still to come
    bool counted{false};     // counted as offered; not if all we saw was its completion
    bool completed{false};
    bool stale{false};  // connected when the connection was lost: it may be over by now
    Instant joined, connected, ended;
    std::uint64_t entry{0};     // order of entry, over all calls
    board::Box<Rounds> rounds;  // of a written contact
    std::string agent, klass;
    bool late{false};                 // settling: its outcome is late and stays out of the windows
    bool company{false};              // settling: another call of the source had ended just before
    std::optional<bool> settled;      // the PBX's own word came: true if it is an exit
    std::uint32_t mark{0};            // number of the snapshot that last named it
    std::uint64_t end_number{0};      // settling: how many calls of the source had ended by then
    Instant born;                     // when we first heard of it
    std::optional<Micros> wait;       // settling: as given with the outcome
    Instant deadline;                 // settling
    std::optional<Instant> rejoined;  // entered again before we heard that it had left

    template <class A>
    void fields(A& a) {
        a(id,
          agent,
          klass,
          source,
          queue,
          phase,
          outcome,
          offer_seen,
          counted,
          completed,
          stale,
          late,
          settled,
          exit,
          mark,
          entry,
          end_number,
          company,
          born,
          joined,
          connected,
          ended,
          wait,
          deadline,
          rejoined);
        if (a.version() < 2) return;
        bool written = static_cast<bool>(rounds);
        a(channel, written);
        if (!written) return;
        if (!rounds) rounds = board::Box<Rounds>{Rounds{}};
        a(*rounds);
    }
    [[nodiscard]] bool open() const { return phase != Phase::closed; }
    [[nodiscard]] bool settling() const {
        return phase == Phase::left || phase == Phase::held || phase == Phase::stopping;
    }
    /// Its customer waits for a person's reply, and that has not counted as a miss yet.
    [[nodiscard]] bool unanswered() const {
        return open() && rounds && rounds->open && !rounds->missed;
    }
};

/// All calls of a floor by number. Numbers are reused and mean nothing; order is Call::entry.
class CallBook {
public:
    [[nodiscard]] Call& at(CallIx call) { return calls_[call]; }
    [[nodiscard]] const Call& at(CallIx call) const { return calls_[call]; }
    [[nodiscard]] std::size_t open_count() const { return open_; }

    /// Takes a new open call; sets its entry number. `hash`: of its source and id.
    CallIx add(Call&& call, std::uint32_t hash);
    CallIx add(Call&& call) {
        const std::uint32_t hash = hash_of(call.source, call.id);
        return add(std::move(call), hash);
    }
    /// Closes a call that is in no list but by age: it stays known until forget().
    void close(CallIx call);
    /// Forgets closed calls of a source that ended before `before`, oldest first, and whatever is
    /// over `most` in all.
    void forget(SourceIx source, Instant before, std::size_t most);
    /// Forgets all calls of a queue; they are closed.
    void forget_queue(board::QueueIx queue);

    /// Made once of a call that is looked for several times.
    [[nodiscard]] static std::uint32_t hash_of(SourceIx source, std::string_view id);
    /// Calls `each(CallIx)` for every entry of a call id, open or closed, in no particular order.
    /// `hash`: of the two.
    template <class F>
    void for_entries(SourceIx source, std::string_view id, std::uint32_t hash, F&& each) const {
        if (heads_.empty()) return;
        for (CallIx i = heads_[hash & (heads_.size() - 1)]; i != nowhere; i = links_[i].next)
            if (links_[i].hash == hash && calls_[i].source == source && calls_[i].id == id) each(i);
    }
    // What for_entries will read, to be asked for from memory in time:
    [[nodiscard]] const void* place_of(std::uint32_t hash) const {
        return heads_.empty() ? nullptr : &heads_[hash & (heads_.size() - 1)];
    }
    /// The call it is most likely to be; nowhere: none. Hash 0 stands for no id.
    [[nodiscard]] CallIx likely(std::uint32_t hash) const {
        return hash == 0 || heads_.empty() ? nowhere : heads_[hash & (heads_.size() - 1)];
    }
    [[nodiscard]] const void* links_of(CallIx call) const { return &links_[call]; }
    /// Open calls, of each pace the oldest first. `each` may not close or add calls.
    template <class F>
    void for_open(F&& each) const {
        for (const List& list : by_age_)
            for (CallIx i = list.head; i != nowhere; i = links_[i].age.after) each(i);
    }
    [[nodiscard]] CallIx oldest(Pace pace) const {
        return by_age_[static_cast<std::size_t>(pace)].head;
    }
    /// An open or closed call turns out to be of this channel.
    void set_channel(CallIx call, Channel channel);

    /// The next in the list of its phase: those settling, or those connected of its queue.
    [[nodiscard]] CallIx after(CallIx call) const { return links_[call].place.after; }
    /// Settling calls by (deadline, entry), a list per phase.
    void settle_later(CallIx call);
    void settle_no_more(CallIx call);
    [[nodiscard]] CallIx next_to_settle(Phase phase) const { return settling(phase).head; }

    /// Connected calls of a queue by (connected, entry).
    void connect(CallIx call);
    void disconnect(CallIx call);
    [[nodiscard]] CallIx first_connected(board::QueueIx queue) const {
        return queue < connected_.size() ? connected_[queue].head : nowhere;
    }

    /// Unanswered calls by (asked, entry). A call is in that list while it is unanswered: take it
    /// out before that changes, put it in (it is if it is unanswered) after.
    void await_reply(CallIx call);
    void reply_no_more(CallIx call);
    [[nodiscard]] CallIx next_unanswered() const { return unanswered_.head; }

    void write(codec::Writer& out) const;
    /// Restores the calls and the lists they are in.
    /// `queues`: a call of a queue from there on is a fault.
    void read(codec::Reader& in, board::QueueIx queues);

private:
    struct List {
        CallIx head{nowhere}, tail{nowhere};
    };
    struct Link {
        CallIx before{nowhere}, after{nowhere};
    };
    /// A call's places in its bucket and in the lists, apart from the call: who comes and goes
    /// writes to its neighbours, and two of these share a cache line.
    struct alignas(32) Links {
        std::uint32_t hash{0};
        CallIx next{nowhere};
        Link age, place, reply;
    };
    static_assert(sizeof(Links) == 32);
    void link(CallIx call);
    [[nodiscard]] const List& settling(Phase phase) const;
    [[nodiscard]] List& settling(Phase phase);
    template <class Before>
    void insert(List& list, Link Links::* link, CallIx call, Before&& before);
    void unlink(List& list, Link Links::* link, CallIx call);
    [[nodiscard]] List& ages_of(const Call& call);
    void insert_by_age(CallIx call);
    CallIx place(Call&& call, std::uint32_t hash);
    void erase(CallIx call);
    void grow();

    std::vector<Call> calls_;
    std::vector<Links> links_;  // beside calls_
    std::vector<CallIx> free_;
    std::vector<CallIx> heads_;  // buckets by source and id; a power of two
    std::size_t used_{0};
    std::size_t open_{0};
    std::size_t closed_count_{0};
    std::uint64_t entries_{0};
    std::array<List, 2> by_age_;  // by pace
    List unanswered_;
    std::array<List, settling_phases> settling_;
    std::vector<List> connected_;             // by queue
    std::vector<std::deque<CallIx>> closed_;  // by source, in the order of closing
};

}  // namespace surged::acd
