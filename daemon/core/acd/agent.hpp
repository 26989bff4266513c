// Agents by queue: what the feed calls them, and the wrap-up it does not speak of.
#pragma once

#include "base/codec.hpp"
#include "base/flat_map.hpp"
#include "base/time.hpp"
#include "core/acd/event.hpp"
#include "core/board/board.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace surged::acd {

/// One agent in one queue.
struct Agent {
    AgentState feed{AgentState::offline};
    Instant changed;     // when the feed last spoke of it, by its own clock; epoch if it has none
    Instant wrap_until;  // available by the feed, but not before this instant
    std::uint32_t mark{0};  // number of the snapshot that last named it
    template <class A>
    void fields(A& a) {
        a(feed, changed, wrap_until, mark);
    }
    /// What counts: available turns into wrap until the wrap-up is over.
    [[nodiscard]] AgentState state(Instant now) const {
        return feed == AgentState::available && wrap_until > now ? AgentState::wrap : feed;
    }
};

/// Who works where. Keeps the agent gauges of the board, and through them the agent time.
class Roster {
public:
    static constexpr std::size_t rows_max = 200'000;  // (queue, agent) pairs

    /// True if the state counts from now on: false if the feed has said something newer already.
    /// `at`: by the feed's own clock, if it gave one; two clocks are never compared.
    bool set(
        board::Board& board,
        board::QueueIx queue,
        std::string_view agent,
        AgentState state,
        std::optional<Instant> at,
        std::uint32_t mark
    );
    /// The agent has finished a contact at `at`: wrap-up until `until`.
    void wrap(board::Board& board, board::QueueIx queue, std::string_view agent, Instant until);
    /// Those of a queue whom the snapshot `mark` did not name are no longer of it.
    void keep_only(board::Board& board, board::QueueIx queue, std::uint32_t mark);
    void forget_queue(board::Board& board, board::QueueIx queue);

    [[nodiscard]] bool full() const { return rows_ >= rows_max; }
    [[nodiscard]] bool knows(board::QueueIx queue, std::string_view agent) const;
    /// The queues an agent is known in, in order.
    [[nodiscard]] std::vector<board::QueueIx> queues_of(std::string_view agent) const;

    [[nodiscard]] std::optional<Instant> next_wrap_end() const;
    /// Ends the wrap-ups due at the board's now; calls `touched(queue)` for each.
    template <class F>
    void end_wraps(board::Board& board, F&& touched) {
        while (!wraps_.empty() && wraps_.begin()->until <= board.now()) {
            const Wrap due = *wraps_.begin();
            wraps_.erase(wraps_.begin());
            count(board, due.queue, AgentState::wrap, AgentState::available);
            touched(due.queue);
        }
    }

    void write(codec::Writer& out) const;
    /// `now`: as when it was written. The board's gauges are its own.
    void read(codec::Reader& in, Instant now);
    /// All its queues are on the board.
    [[nodiscard]] bool stands_on(const board::Board& board) const;

private:
    /// Looked up with every event. Whoever walks them does it by `in_order`.
    using Rows = FlatMap<Agent>;
    struct Wrap {
        Instant until;
        board::QueueIx queue;
        std::string agent;
        auto operator<=>(const Wrap&) const = default;
    };
    // Moves an agent from one counted state to another.
    void change(
        board::Board& board,
        board::QueueIx queue,
        const std::string& name,
        Agent& agent,
        const Agent& to
    );
    static void count(
        board::Board& board, board::QueueIx queue, AgentState before, AgentState after
    );
    static void count_row(board::Board& board, board::QueueIx queue, int by);  // of one offline
    void unlink(board::QueueIx queue, std::string_view agent);

    std::map<board::QueueIx, Rows> queues_;
    std::set<Wrap> wraps_;  // exactly the rows that count as wrap by wrap_until
    std::size_t rows_{0};
    FlatMap<std::vector<board::QueueIx>> by_name_;
};

}  // namespace surged::acd
