// Complaints by ticket: opened once, closed, overdue when their time has come.
#pragma once

#include "base/codec.hpp"
#include "base/time.hpp"
#include "core/acd/event.hpp"
#include "core/board/board.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace surged::acd {

struct Ticket {
    board::QueueIx queue{0};  // of its first mention
    TicketStatus status{TicketStatus::opened};
    bool overdue{false};
    std::optional<Instant> due;
    Instant closed;
    Instant changed;           // the newest event about its status
    std::int32_t severity{0};  // the gravest that was told; 0: none was
    bool due_told{false};      // else `due` is by the queue's limit
    template <class A>
    void fields(A& a) {
        a(queue, status, overdue, due, closed);
        if (a.version() >= 2) a(changed, severity, due_told);
    }
};

/// What an event says of a ticket, and when that was so.
struct TicketNews {
    std::string_view id;
    TicketStatus status;
    std::optional<Instant> due;
    std::int32_t severity{0};
    Instant at;
};

/// What one complaint event changed.
struct TicketChange {
    bool first{false};                // first we hear of it: a complaint to count
    bool closed{false};               // it was open and is closed now
    std::optional<std::int32_t> was;  // it is graver now than it was: its severity before
    board::QueueIx queue{0};          // where the ticket stands: the first that was named with it
};

/// Tickets of the site, whichever source told of them. A closed one is remembered for a week, so
/// that a reopened ticket does not count as a new complaint.
class TicketBook {
public:
    static constexpr std::size_t tickets_max = 200'000;
    static constexpr Micros remembered = std::chrono::days{7};

    /// nullopt: too many tickets are open. A closed one makes room where there is one.
    std::optional<TicketChange> apply(
        board::Board& board, board::QueueIx queue, const TicketNews& news
    );
    void forget_queue(board::Board& board, board::QueueIx queue);

    [[nodiscard]] std::optional<Instant> next_wake() const;
    /// Does what is due at the board's now; `touched(queue)` for what became overdue.
    template <class F>
    void advance(board::Board& board, F&& touched) {
        while (!due_.empty() && due_.begin()->first <= board.now()) {
            Ticket& ticket = tickets_.find(due_.begin()->second)->second;
            due_.erase(due_.begin());
            ticket.overdue = true;
            ++board.at(ticket.queue).complaints_overdue;
            board.at(ticket.queue).changed |= board::changes::complaints;
            touched(ticket.queue);
        }
        while (!closed_.empty() && closed_.begin()->first + remembered <= board.now())
            forget_oldest_closed();
    }

    void write(codec::Writer& out) const { out(tickets_); }
    void read(codec::Reader& in);
    /// All its queues are on the board.
    [[nodiscard]] bool stands_on(const board::Board& board) const;

private:
    using Tickets = std::map<std::string, Ticket, std::less<>>;
    using Times = std::set<std::pair<Instant, std::string>>;
    // Puts a ticket into the gauges and the time tables by its state, or takes it out.
    void enter(board::Board& board, const std::string& id, const Ticket& ticket);
    void leave(board::Board& board, const std::string& id, const Ticket& ticket);
    static void count(board::Board& board, const Ticket& ticket, int by);
    [[nodiscard]] bool waits_for_due(const Ticket& ticket) const;
    void forget_oldest_closed();

    Tickets tickets_;
    Times due_;     // of open tickets that are not overdue yet
    Times closed_;  // when closed tickets were closed
};

}  // namespace surged::acd
