#include "core/acd/ticket.hpp"

#include <algorithm>

namespace surged::acd {
namespace {

// 1 is critical, 4 low; 0 was not told.
bool graver(std::int32_t a, std::int32_t b) { return a != 0 && (b == 0 || a < b); }

// Events may come in any order, so it is their own time that counts, and within the same instant
// the way on. `opened` after `assigned` is a repeat; after `closed` it is a reopening.
bool is_news(const Ticket& ticket, const TicketNews& news) {
    if (news.at < ticket.changed) return false;
    if (news.at == ticket.changed && news.status < ticket.status) return false;
    return news.status != TicketStatus::opened || ticket.status != TicketStatus::assigned;
}

}  // namespace

bool TicketBook::waits_for_due(const Ticket& ticket) const {
    return ticket.status != TicketStatus::closed && ticket.due && !ticket.overdue;
}

void TicketBook::count(board::Board& board, const Ticket& ticket, int by) {
    if (ticket.status == TicketStatus::closed) return;
    board::Figures& figures = board.at(ticket.queue);
    figures.complaints_open += static_cast<std::uint32_t>(by);
    if (ticket.overdue) figures.complaints_overdue += static_cast<std::uint32_t>(by);
    figures.changed |= board::changes::complaints;
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
    board::Board& board, board::QueueIx queue, const TicketNews& news
) {
    auto row = tickets_.find(news.id);
    TicketChange change;
    change.first = row == tickets_.end();
    if (change.first) {
        if (tickets_.size() >= tickets_max) {
            if (closed_.empty()) return std::nullopt;
            forget_oldest_closed();
        }
        row = tickets_.emplace(news.id, Ticket{}).first;
        row->second.queue = queue;
        row->second.severity = news.severity;
        enter(board, row->first, row->second);
    }
    Ticket& ticket = row->second;
    leave(board, row->first, ticket);
    if (change.first || is_news(ticket, news)) {
        const bool begins = change.first || ticket.status == TicketStatus::closed;
        change.closed = news.status == TicketStatus::closed &&
                        (change.first || ticket.status != TicketStatus::closed);
        if (change.closed) ticket.closed = board.now();
        ticket.status = news.status;
        ticket.changed = news.at;
        const auto limit = board.at(ticket.queue).complaint_limit;
        if (begins && !ticket.due_told && limit) ticket.due = news.at + *limit;
    }
    if (news.due && (news.at >= ticket.changed || !ticket.due_told)) {
        ticket.due = news.due;
        ticket.due_told = true;
    }
    if (graver(news.severity, ticket.severity)) {
        change.was = ticket.severity;
        ticket.severity = news.severity;
    }
    ticket.overdue =
        ticket.status != TicketStatus::closed && ticket.due && *ticket.due <= board.now();
    enter(board, row->first, ticket);
    change.queue = ticket.queue;
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

bool TicketBook::stands_on(const board::Board& board) const {
    return std::all_of(tickets_.begin(), tickets_.end(), [&](const auto& item) {
        return board.exists(item.second.queue);
    });
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
