// The life of a complaint: opened once, however often it is told.
#include "core/acd/ticket.hpp"

#include <doctest/doctest.h>

using namespace surged;
using namespace surged::acd;

TEST_CASE("acd: a ticket counts once, is overdue at its instant, and is forgotten a week later") {
    board::Board board;
    const Instant start{Seconds{1'763'900'000}};
    board.advance(start);
    const auto queue = board.add("sales");
    const board::Figures& figures = board.at(queue);
    TicketBook book;
    const auto tell = [&](std::string_view id, TicketStatus status, std::optional<Instant> due = {}
                      ) {
        const auto change = book.apply(board, queue, {id, status, due, 0, board.now()});
        REQUIRE(change);
        return *change;
    };
    CHECK(tell("T-1", TicketStatus::opened, start + 60s).first);
    CHECK_FALSE(tell("T-1", TicketStatus::opened).first);
    CHECK(tell("T-2", TicketStatus::assigned).first);  // its opening was lost
    CHECK(figures.complaints_open == 2);
    CHECK(book.next_wake() == start + 60s);
    board.advance(start + 60s);
    int touched = 0;
    const auto count_touched = [&](board::QueueIx) { ++touched; };
    book.advance(board, count_touched);
    CHECK(touched == 1);
    CHECK(figures.complaints_overdue == 1);
    CHECK(tell("T-1", TicketStatus::assigned, start + 90s).first == false);
    CHECK(figures.complaints_overdue == 0);  // given more time
    CHECK(tell("T-1", TicketStatus::closed).closed);
    CHECK_FALSE(tell("T-1", TicketStatus::closed).closed);
    CHECK(figures.complaints_open == 1);
    CHECK(figures.complaints_overdue == 0);

    codec::Writer out;
    book.write(out);
    TicketBook restored;
    codec::Reader in{out.bytes()};
    restored.read(in);
    CHECK(in.at_end());
    CHECK(restored.next_wake() == book.next_wake());

    board.advance(start + 61s);
    CHECK_FALSE(tell("T-1", TicketStatus::opened).first);  // reopened
    CHECK(figures.complaints_open == 2);
    CHECK(figures.complaints_overdue == 0);
    CHECK(book.next_wake() == start + 90s);
    tell("T-1", TicketStatus::closed);
    CHECK(book.next_wake() == start + 61s + TicketBook::remembered);
    board.advance(*book.next_wake());
    book.advance(board, count_touched);
    CHECK(tell("T-1", TicketStatus::opened).first);
    book.forget_queue(board, queue);
    CHECK(figures.complaints_open == 0);
    CHECK_FALSE(book.next_wake());
}
