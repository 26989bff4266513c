// What must hold in every world, whatever goes wrong in it. The first thing that does not is kept.
//
// The checkers keep books of their own: what the receivers got, what people took, what the feed
// told. They look at the engine only as its readers do.
#pragma once

#include "core/engine/engine.hpp"
#include "simulation/worlds/agenda.hpp"
#include "simulation/worlds/rules.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace surged::worlds {

/// Exit codes of the program.
enum class Verdict : std::uint8_t { fine = 0, crash = 10, wrong = 11, stuck = 12 };
struct Failure {
    Verdict verdict{Verdict::fine};
    std::string check, what;
};

/// What the world knows at the moment at which it asks.
struct Moment {
    Micros now{0};                  // the world's time
    Instant engine_now;             // the daemon's, as its sequencer has it
    std::optional<Micros> well;     // since when nothing has been wrong; none: something is
    std::optional<Micros> trusted;  // since when the feed has told all and the rules have stood
    int rules{0};                   // their version
};

class Checks {
public:
    void fail(Verdict verdict, std::string check, std::string what);
    [[nodiscard]] const std::optional<Failure>& failure() const { return failure_; }

    // Delivery; the channels and people tell.
    /// An attempt leaves for its channel.
    void sending(
        const engine::Engine& engine,
        const delivery::Page& page,
        Micros now,
        std::optional<Micros> well
    );
    /// A person tries to take the page.
    void taking(const std::string& page);
    /// The person can read it.
    void arrived(const delivery::Page& page, Micros now);
    /// The channel has answered the running daemon, or never will (nullopt).
    void answered(const delivery::Page& page, std::optional<delivery::Outcome> outcome, Micros now);
    /// A person took the page, and the daemon said so.
    void taken(const std::string& page, bool durable);
    /// The attempt is in the journal.
    void recorded(const std::string& page, std::uint32_t attempt);
    /// The daemon died. `well`: since when the store has been well.
    void died(Micros now, std::optional<Micros> well);

    // The state, looked at between steps.
    /// offered = answered + abandoned + exited + waiting.
    void identity(const board::View& board);
    /// So many wait on each queue, and the feed has told all of it.
    void counts(const board::View& board, const std::array<std::size_t, queues.size()>& waiting);
    /// The same, and what must come of it.
    void waiting(
        const engine::Engine& engine,
        const std::array<std::size_t, queues.size()>& waiting,
        const Moment& moment
    );
    /// No deadline is overdue, and none is missing of those that the state calls for.
    void deadlines(const engine::Engine& engine, const Moment& moment);
    void same_deadlines(const engine::Engine& engine);
    /// Whoever must know has been told, or there is a reason why not.
    void paging(const engine::Engine& engine, const Moment& moment);
    /// Nothing is owed after so long without a fault.
    void drained(const engine::Engine& engine);
    /// Two roads to one state.
    void same_state(const engine::Engine& one, const engine::Engine& other, std::string road);
    void same_effects(std::uint64_t seq, std::uint64_t live, std::uint64_t replayed);
    void bounded(const engine::Engine& engine, std::size_t backlog, std::size_t store_bytes);

    [[nodiscard]] std::uint64_t pages_sent() const { return sent_; }
    [[nodiscard]] std::uint64_t repeats() const { return repeats_; }

private:
    /// What is known of one page, across the daemon's lives.
    struct Known {
        std::uint32_t arrivals{0};  // attempts that the person got
        std::uint32_t reasons{0};   // answers that left it in doubt, and deaths since it was sent
        std::uint32_t repeats{0};   // got again although it had arrived
        bool unjournaled{false};    // some attempt left without its record
        bool settled{false};        // its acceptance is in the journal
        std::optional<Micros> accepted;
    };
    /// An incident that somebody must know, and since when that was seen.
    struct Wanted {
        std::uint32_t rise{0};
        Instant since;
    };
    struct Breach {
        std::deque<std::pair<Micros, std::size_t>> seen;  // callers waiting, as told, a while back
        std::array<std::optional<Micros>, 4> over;        // since when, from IV to I
    };

    void opened_rightly(const incident::Incident& incident, const Moment& moment);
    void tried_again(
        const engine::Engine& engine, const incident::Incident& incident, const Moment& moment
    );
    void looked_after(
        const engine::Engine& engine,
        const incident::Incident& incident,
        Instant since,
        const Moment& moment
    );

    std::optional<Failure> failure_;
    std::map<std::string, Known> pages_;
    std::set<std::pair<std::string, std::uint32_t>> recorded_;
    std::map<std::string, bool> taken_;  // by incident and rise or step; whether that is durable
    std::set<std::string> tried_;        // the same, of those whom somebody has tried to take
    std::map<std::string, Wanted> wanted_;
    std::array<Breach, queues.size()> breaches_;
    std::set<std::string> judged_;  // incidents whose opening was looked at
    std::uint64_t sent_{0}, repeats_{0};
};

}  // namespace surged::worlds
