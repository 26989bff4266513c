#include "core/acd/ticket.hpp"

namespace surged::acd {

bool TicketBook::waits_for_due(const Ticket& ticket) const {
    return ticket.status != TicketStatus::closed && ticket.due && !ticket.overdue;
}

void TicketBook::count(board::Board& board, const Ticket& ticket, int by) {
    if (ticket.status == TicketStatus::closed) return;
    board::Figures& figures = board.at(ticket.queue);
    figures.complaints_open += static_cast<std::uint32_t>(by);
    if (ticket.overdue) figures.complaints_overdue += static_cast<std::uint32_t>(by);
}

void TicketBook::enter(board::Board& board, const std::string& id, const Ticket& ticket) {
    count(board, ticket, 1);
    if (waits_for_due(ticket)) due_.emplace(*ticket.due, id);
    if (ticket.status == TicketStatus::closed) closed_.emplace(ticket.closed, id);
}

void TicketBook::leave(board::Board& board, const std::string& id, const Ticket& ticket) {
    count(board, ticket, -1);
    if (waits_for_due(ticket)) due_.erase({*ticket.due, id});
    if (ticket.status == TicketStatus::closed) closed_.erase({ticket.closed, id});
}

std::optional<TicketChange> TicketBook::apply(
    board::Board& board,
    board::QueueIx queue,
    std::string_view id,
    TicketStatus status,
    std::optional<Instant> due
) {
    auto row = tickets_.find(id);
    TicketChange change;
    change.first = row == tickets_.end();
    if (change.first) {
        if (tickets_.size() >= tickets_max) {
            if (closed_.empty()) return std::nullopt;
            forget_oldest_closed();
        }
        row = tickets_.emplace(id, Ticket{}).first;
        row->second.queue = queue;
        enter(board, row->first, row->second);
    }
    Ticket& ticket = row->second;
    leave(board, row->first, ticket);
    change.closed = status == TicketStatus::closed && ticket.status != TicketStatus::closed;
    if (change.closed) ticket.closed = board.now();
    // `opened` after `assigned` is a repeat that came late; after `closed` it is a reopening.
    const bool repeat = status == TicketStatus::opened && ticket.status == TicketStatus::assigned;
    if (!repeat) ticket.status = status;
    if (due) ticket.due = due;
    ticket.overdue =
        ticket.status != TicketStatus::closed && ticket.due && *ticket.due <= board.now();
    enter(board, row->first, ticket);
    return change;
}

void TicketBook::forget_queue(board::Board& board, board::QueueIx queue) {
    for (auto row = tickets_.begin(); row != tickets_.end();) {
        if (row->second.queue != queue) {
            ++row;
            continue;
        }
        leave(board, row->first, row->second);
        row = tickets_.erase(row);
    }
}

void TicketBook::forget_oldest_closed() {
    tickets_.erase(closed_.begin()->second);
    closed_.erase(closed_.begin());
}

std::optional<Instant> TicketBook::next_wake() const {
    std::optional<Instant> at;
    if (!due_.empty()) at = due_.begin()->first;
    if (!closed_.empty() && (!at || closed_.begin()->first + remembered < *at))
        at = closed_.begin()->first + remembered;
    return at;
}

void TicketBook::read(codec::Reader& in) {
    *this = {};
    in(tickets_);
    for (const auto& [id, ticket] : tickets_) {
        if (waits_for_due(ticket)) due_.emplace(*ticket.due, id);
        if (ticket.status == TicketStatus::closed) closed_.emplace(ticket.closed, id);
    }
}

}  // namespace surged::acd
