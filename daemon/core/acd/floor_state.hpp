// The inside of a Floor, in parts: input (floor.cpp), pairing of calls (pairing.cpp), what
// they add to the figures (counting.cpp), outcomes that are not sure at once (settling.cpp), rounds
// of written contacts (replies.cpp), complaints and surveys (caring.cpp), a PBX's own view against
// ours (reconcile.cpp), a second source of the same calls (companion.cpp).
#pragma once

#include "core/acd/agent.hpp"
#include "core/acd/call.hpp"
#include "core/acd/floor.hpp"
#include "core/acd/ids.hpp"
#include "core/acd/ticket.hpp"
#include "core/board/board.hpp"
#include "core/board/box.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace surged::acd {

/// What the floor knows of one source beyond its counters.
struct Source {
    std::string name;
    bool stopping{false};  // the PBX said that it is going down
    bool in_snapshot{false};
    std::uint32_t snapshot{0};  // number of the last snapshot begun
    std::uint64_t ends{0};      // calls ended
    Instant last_end;
    Wall newest;            // newest time given by the source itself; zero if it gives none
    std::uint32_t open{0};  // calls waiting or surely connected; derived from the calls
    IdMemory ids;
    std::string cursor;  // how far it had read; its own words
    void write(codec::Writer& out) const {
        out(name, stopping, in_snapshot, snapshot, ends, last_end, newest);
        ids.write(out);
        out(cursor);
    }
    void read(codec::Reader& in) {
        in(name, stopping, in_snapshot, snapshot, ends, last_end, newest);
        ids.read(in);
        if (in.version() >= 2) in(cursor);
    }
};

/// Who called a queue within the last half hour.
struct Callers {
    static constexpr std::size_t most = 65'536;
    static constexpr Micros span = 30min;
    std::map<std::string, Instant, std::less<>> last;
    std::set<std::pair<Instant, std::string>> order;
    /// True if this caller was here within the half hour before `at`.
    bool again(std::string_view caller, Instant at, Instant now);
    void forget(Instant before);
};

/// What the floor knows of one queue beyond its figures.
struct QueueState {
    SourceIx owner{nowhere};       // the source of its calls and agents
    Instant heard;                 // last event
    std::optional<Instant> check;  // when to see whether the queue is idle for good
    std::uint32_t open{0};         // calls; derived from the calls
    bool touched{false};           // since the floor was last asked
    board::Box<Callers> callers;   // only where a rule measures repeats
};

/// One event on its way: who sent it, when it counts.
struct Happening {
    const Event& event;
    SourceIx source;  // a companion's main source: whose calls and queues these are
    Instant at;
    std::uint32_t call_hash;  // CallBook's, of `source` and the event's call
    bool late{false};         // older than `lateness`: closes what is open, counts in no window
    bool companion{false};    // said by the companion of `source`
};

/// What a contact is like, for the slices it counts in.
[[nodiscard]] inline board::Kind kind_of(const Call& call) {
    return {call.klass, {}, 0, call.channel};
}
[[nodiscard]] inline board::Kind kind_of(const Event& event) {
    return {event.klass, {}, 0, event.channel};
}

struct Floor::State {
    board::Board board;
    CallBook calls;
    Roster roster;
    TicketBook tickets;
    std::map<std::string, SourceCounts> counts;
    std::vector<Source> sources;                          // in order of first appearance
    std::vector<board::Box<QueueState>> queues;           // by QueueIx
    std::set<std::pair<Instant, board::QueueIx>> checks;  // derived from QueueState::check
    std::vector<board::QueueIx> touched, taken;           // taken: what take_touched() gave last
    std::vector<Counted> counted;
    // By the rules in force.
    plan::Site site;
    std::map<std::string, std::string> companions;

    // floor_state.cpp
    void load(const plan::RuleSet& rules, const std::vector<board::Measure>& measures);
    void rebuild_gauges();
    void write(codec::Writer& out) const;
    void read(codec::Reader& in);

    // floor.cpp
    SourceIx source_of(std::string_view name);
    [[nodiscard]] std::string_view main_of(const std::string& source) const;
    Applied apply(const Batch& batch, const std::string& source, Micros offset);
    /// Of what an event is about: IdMemory's of its id, CallBook's of its call; 0 where it has
    /// none.
    struct Hashes {
        std::uint32_t id{0}, call{0};
    };
    Reject take(const Event& event, Hashes hashes, SourceIx own, SourceIx main, Wall ts);
    Reject apply(const Happening& h);
    Reject apply_to_queue(const Happening& h);
    Reject agent_state(const Happening& h);
    Reject refused(const Happening& h, board::QueueIx queue);
    Reject gauge(const Happening& h);
    Reject expected(const Happening& h);
    Reject was_counted(const Happening& h);
    /// The queue of an event; created if it is new. `owned`: it is about calls or agents.
    struct Place {
        board::QueueIx queue{nowhere};
        Reject reject{Reject::none};
    };
    Place place_of(std::string_view name, SourceIx source, bool owned);
    void own(board::QueueIx queue, SourceIx source);
    /// The queue has changed: its life goes on, and it is to be looked at again.
    void touch(board::QueueIx queue);
    void check_later(board::QueueIx queue, Instant at);
    [[nodiscard]] Instant now() const { return board.now(); }

    // pairing.cpp
    Reject offered(const Happening& h, board::QueueIx queue);
    Reject left_queue(const Happening& h, board::QueueIx queue);
    Reject finished(const Happening& h, board::QueueIx queue);
    Reject finished_unknown(const Happening& h, board::QueueIx queue, CallIx known);
    [[nodiscard]] CallIx serving(board::QueueIx queue, SourceIx source, std::string_view agent)
        const;
    /// The entries of a call into a queue.
    struct Entries {
        CallIx pending{nowhere};    // waiting or settling
        CallIx connected{nowhere};  // the newest
        CallIx closed{nowhere};     // the newest
        CallIx unoffered{nowhere};  // closed, and its `offered` may still come: the first to end
    };  // at or after the event
    [[nodiscard]] Entries entries_of(const Happening& h, board::QueueIx queue) const;
    CallIx new_call(const Happening& h, board::QueueIx queue, Instant joined, bool seen);
    void reenter(CallIx call);
    Reject outcome(CallIx call, const Happening& h);
    void complete(CallIx call, const Happening& h);
    void enter(CallIx call);
    void leave(CallIx call);
    void serve(const Call& call);
    void serve_no_more(const Call& call);
    void close(CallIx call);
    void answer(
        CallIx call, Instant at, std::optional<Micros> wait, std::string_view agent, bool late
    );
    void abandon(CallIx call, Instant at, std::optional<Micros> wait, bool late);
    void exit(CallIx call, Instant at, std::optional<Micros> wait, ExitReason reason, bool late);
    void note_end(SourceIx source);

    // replies.cpp
    Reject reply(const Happening& h, board::QueueIx queue);
    void be_written(CallIx call, Channel channel);
    void offered_at(CallIx call, Instant at);
    void asked(CallIx call, Instant at);
    void replied(CallIx call, Instant at, bool late);
    void answered(const Call& call, Instant at, bool late);
    void miss(CallIx call);
    [[nodiscard]] std::optional<Instant> next_miss() const;
    void count_first_response(const Call& call, Instant at, Micros after);
    void count_round(const Call& call, Instant at, bool round, bool in_time);

    // caring.cpp
    Reject complaint(const Happening& h);
    Reject survey(const Happening& h);

    // counting.cpp
    void count_offered(const Call& call, std::string_view caller);
    void count_answered(Call& call, Instant at, std::optional<Micros> wait, bool late);
    void count_abandoned(const Call& call, Instant at, Micros wait, bool late);
    void count_exited(const Call& call, Instant at, Micros wait, ExitReason reason, bool late);
    void count_handled(
        board::QueueIx queue,
        const Event& event,
        const board::Kind& kind,
        Instant at,
        Micros talk,
        bool late
    );

    // settling.cpp
    Reject gone(CallIx call, const Happening& h);
    void hold(CallIx call, Phase phase, Micros span, const Happening& h);
    void hold_unnamed(CallIx call);
    void decide_at(CallIx call, Instant deadline);
    void conclude(CallIx call);
    Reject settled(const Happening& h);
    void stopping(SourceIx source);
    [[nodiscard]] bool went_down_together(const Call& call) const;
    void advance(Instant now);
    [[nodiscard]] std::optional<Instant> next_wake() const;
    void run_due();
    [[nodiscard]] std::optional<Instant> next_expiry(Pace pace) const;
    void expire(CallIx call);
    void check_idle(board::QueueIx queue);
    void remove(board::QueueIx queue);

    // reconcile.cpp
    void source_up(const std::string& name, bool exits_known);
    void source_down(const std::string& name, std::optional<Instant> resumes);
    void settle_lost(SourceIx source, std::optional<Instant> resumes);
    void expire_old(SourceIx source);
    [[nodiscard]] bool exits_known(SourceIx source);
    void own_all(SourceIx source);
    void started(const Happening& h);
    Reject snapshot(const Happening& h);
    Reject snapshot_call(const Happening& h, board::QueueIx queue);
    void end_snapshot(SourceIx source);
    void refresh_rule(board::QueueIx queue);

    // companion.cpp
    [[nodiscard]] bool has_companion(SourceIx main) const;
    [[nodiscard]] bool companion_up(SourceIx main) const;
    [[nodiscard]] Micros slack_of(const Happening& h) const;
    Reject companion(const Happening& h);
    Reject word_of_companion(const Happening& h);
};

}  // namespace surged::acd
