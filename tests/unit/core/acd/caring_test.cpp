// The life of complaints as the board sees it: counted once, in any order, graver, overdue.
#include "floor_bench.hpp"

#include <algorithm>
#include <array>

using namespace surged;
using namespace surged::test;
using acd::TicketStatus;

namespace {

Event complaint(
    std::string_view ticket, std::optional<TicketStatus> status = {}, std::int32_t severity = 3
) {
    Event e = event(EventType::complaint, "sales");
    e.ticket = ticket;
    e.status = status;
    e.severity = severity;
    e.topic = "delivery";
    return e;
}

}  // namespace

TEST_CASE("complaints: in any order a ticket is one complaint, closed once, and closed") {
    std::array<int, 3> order{0, 1, 2};
    do {
        FloorBench bench;
        const std::array<Event, 3> events{
            when(complaint("T-1", TicketStatus::opened), 10),
            when(complaint("T-1", TicketStatus::assigned), 20),
            when(complaint("T-1", TicketStatus::closed), 30)
        };
        double now = 40;
        for (const int i : order) bench.tell(now += 1, events.at(static_cast<std::size_t>(i)));
        for (const Event& e : events) bench.tell(now += 1, e);
        CAPTURE(order[0]);
        CAPTURE(order[1]);
        CHECK(bench.value(Kpi::complaints, Window::m5) == 1);
        CHECK(bench.value(Kpi::complaints_open) == 0);
        CHECK(bench.quantity(Kpi::complaints_overdue_ratio) == Quantity{0, 1});
        bench.tell(now += 1, when(complaint("T-1", TicketStatus::opened), 60));  // reopened
        CHECK(bench.value(Kpi::complaints, Window::m5) == 1);
        CHECK(bench.value(Kpi::complaints_open) == 1);
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("complaints: without a ticket only the opening is one") {
    FloorBench bench;
    bench.tell(1, complaint("", TicketStatus::opened));
    bench.tell(2, complaint("", TicketStatus::assigned));
    bench.tell(3, complaint("", TicketStatus::closed));
    bench.tell(4, complaint(""));
    CHECK(bench.value(Kpi::complaints, Window::m5) == 2);
    CHECK(bench.value(Kpi::complaints_open) == 0);
}

TEST_CASE("complaints: one limit for all that bring no due time") {
    FloorBench bench;
    bench.rules.site.queues["sales"].complaint_limit = 60s;
    bench.load();
    bench.tell(10, complaint("T-1", TicketStatus::opened));
    Event told = complaint("T-2", TicketStatus::opened);
    told.due = wall(300);
    bench.tell(10, told);
    CHECK(bench.floor.next_wake() == at(70));
    bench.wait_until(70);
    CHECK(bench.value(Kpi::complaints_overdue) == 1);
    bench.tell(80, complaint("T-1", TicketStatus::closed));
    CHECK(bench.value(Kpi::complaints_overdue) == 0);
    bench.tell(90, complaint("T-1", TicketStatus::opened));  // reopened: its time begins anew
    CHECK(bench.value(Kpi::complaints_overdue) == 0);
    bench.wait_until(150);
    CHECK(bench.value(Kpi::complaints_overdue) == 1);
    CHECK(bench.quantity(Kpi::complaints_overdue_ratio) == Quantity{1, 1});
    bench.wait_until(300);
    CHECK(bench.value(Kpi::complaints_overdue) == 2);
}

TEST_CASE("complaints: a major one counts as such, also when it becomes one") {
    FloorBench bench;
    const Measure major{Kpi::complaints, Window::m60, {}, {}, {}, 1};
    const Measure high{Kpi::complaints, Window::m60, {}, {}, "delivery", 2};
    bench.measures = {major, high};
    bench.load();
    const auto both = [&] {
        const auto a = bench.view().value(bench.queue(), major);
        const auto b = bench.view().value(bench.queue(), high);
        return std::pair{a->num, b->num};
    };
    bench.tell(1, complaint("T-1", TicketStatus::opened, 0));  // nobody has said how grave
    bench.tell(2, complaint("T-2", TicketStatus::opened, 1));
    CHECK(both() == std::pair<std::int64_t, std::int64_t>{1, 1});
    bench.tell(3, complaint("T-1", TicketStatus::assigned, 2));
    CHECK(both() == std::pair<std::int64_t, std::int64_t>{1, 2});
    bench.tell(4, complaint("T-1", TicketStatus::assigned, 1));
    CHECK(both() == std::pair<std::int64_t, std::int64_t>{2, 2});
    bench.tell(5, complaint("T-1", TicketStatus::assigned, 1));
    bench.tell(6, complaint("T-1", TicketStatus::assigned, 4));
    bench.tell(7, complaint("T-1", TicketStatus::assigned, 1));
    CHECK(both() == std::pair<std::int64_t, std::int64_t>{2, 2});
    CHECK(bench.value(Kpi::complaints, Window::m5) == 2);
}

TEST_CASE("complaints: a ratio of one class is to the contacts of that class") {
    FloorBench bench;
    const Measure vip{Kpi::complaint_ratio, Window::m5, {}, "vip", "delivery"};
    bench.measures = {vip};
    bench.load();
    for (const char* call : {"1", "2", "3"}) {
        Event e = offered(call);
        e.klass = call == std::string_view{"1"} ? "vip" : "";
        bench.tell_all(1, {e, answered(call), completed(call)});
    }
    Event e = complaint("T-1");
    e.klass = "vip";
    bench.tell(2, e);
    CHECK(bench.view().value(bench.queue(), vip) == Quantity{1, 1});
    CHECK(bench.view().base_count(bench.queue(), vip) == 1);
    CHECK(bench.view().next_change(bench.queue(), vip) == at(300));
    CHECK(bench.quantity(Kpi::complaint_ratio, Window::m5) == Quantity{1, 3});
}

TEST_CASE("complaints: their figures need no calls") {
    FloorBench bench;
    acd::Batch batch;
    Event e = complaint("T-1");
    e.queue = "desk";
    batch.append(e);
    bench.floor.advance(at(1));
    bench.floor.apply(batch, "crm", Micros{0});
    CHECK(bench.value(Kpi::complaints, Window::m5, "desk") == 1);
    CHECK(bench.value(Kpi::calls_waiting, Window::now, "desk") == -1);
}

TEST_CASE("complaints: what is open where the ticket stands is looked at, whoever tells of it") {
    FloorBench bench;
    bench.tell(1, complaint("T-1", TicketStatus::opened));
    bench.tell(2, offered("c-1", "support"));
    (void)bench.floor.take_touched();
    Event closed = complaint("T-1", TicketStatus::closed);
    closed.queue = "support";
    CHECK(bench.tell(3, closed) == Reject::none);
    CHECK(bench.value(Kpi::complaints_open) == 0);
    const auto touched = bench.floor.take_touched();
    CHECK(std::count(touched.begin(), touched.end(), bench.queue("sales")) == 1);
}
