// Complaints and surveys: what customers say of the service, from whichever source.
#include "core/acd/floor_state.hpp"

namespace surged::acd {

Reject Floor::State::complaint(const Happening& h) {
    const Event& e = h.event;
    const Place place = place_of(e.queue, h.source, false);
    if (place.reject != Reject::none) return place.reject;
    const TicketStatus status = e.status.value_or(TicketStatus::opened);
    // Nothing ties events without a ticket together: of those only the opening is a complaint.
    TicketChange change{
        .first = status == TicketStatus::opened,
        .closed = status == TicketStatus::closed,
        .was = std::nullopt,
        .queue = place.queue
    };
    if (!e.ticket.empty()) {
        const auto due = e.due ? std::optional{to_instant(*e.due, board.offset())} : std::nullopt;
        const auto applied =
            tickets.apply(board, place.queue, {e.ticket, status, due, e.severity, h.at});
        if (!applied) return Reject::limit;
        change = *applied;
    }
    touch(place.queue);
    touch(change.queue);  // what is open is counted where the ticket stands
    board::Figures& figures = board.at(place.queue);
    if (change.first) {
        constexpr std::size_t kinds_max = 256;  // each is a series in /metrics
        board::ComplaintKey kind{std::string{e.topic}, e.severity};
        if (figures.complaints.size() >= kinds_max && !figures.complaints.contains(kind))
            kind = {"other", 0};
        ++figures.complaints[kind];
    }
    if (h.late) return Reject::late;
    const board::Kind kind{e.klass, e.topic, e.severity, e.channel};
    const auto count = [&](board::Slice& slice, bool complaint, bool closed) {
        slice.care(h.at, now(), board.today(h.at), [&](auto& care) {
            if (complaint) ++care.complaints;
            if (closed) ++care.closed;
        });
    };
    if (change.first || change.closed)
        board.for_slices(figures, kind, [&](board::Slice& slice) {
            count(slice, change.first, change.closed);
        });
    if (change.was)
        board.for_graver_slices(figures, kind, *change.was, [&](board::Slice& slice) {
            count(slice, true, false);
        });
    return Reject::none;
}

Reject Floor::State::survey(const Happening& h) {
    if (h.event.score < 1 || h.event.score > 5) return Reject::out_of_range;
    const Place place = place_of(h.event.queue, h.source, false);
    if (place.reject != Reject::none) return place.reject;
    if (h.late) return Reject::late;
    touch(place.queue);
    const bool good = h.event.score >= 4;
    board.for_slices(board.at(place.queue), kind_of(h.event), [&](board::Slice& slice) {
        slice.care(h.at, now(), board.today(h.at), [&](auto& care) {
            ++care.scores;
            if (good) ++care.good_scores;
        });
    });
    return Reject::none;
}

}  // namespace surged::acd
