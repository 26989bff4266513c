#include "io/source/csv/tell.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <string>

using namespace surged;
using namespace surged::io::csv;

namespace {

constexpr std::int64_t hour = 3'600'000'000;
constexpr Wall now{1'795'452'000'000'000};
Wall ago(std::int64_t hours) { return Wall{now.us - hours * hour}; }

std::string told(Orders& orders, std::vector<Order> table) {
    std::string out;
    for (const OrderNews& news : orders.news(std::move(table), now))
        out += fmt::format(
            "{} {} {};", news.order->ticket, acd::name_of(news.status), (now.us - news.at.us) / hour
        );
    return out;
}

Order order(std::string ticket, Wall opened) {
    Order out;
    out.ticket = std::move(ticket);
    out.queue = "q";
    out.opened = opened;
    return out;
}

std::string heads(Staffing& staffing, Wall at) {
    acd::Batch batch;
    staffing.tell(at, batch);
    std::string out;
    batch.for_each([&](std::size_t, const acd::Event& e) {
        CHECK(e.type == acd::EventType::gauge);
        CHECK(e.name == "agents_scheduled");
        out += fmt::format("{}={:g};", e.queue, e.value);
    });
    return out;
}

Slot slot(std::string queue, std::int64_t from, std::int64_t to, std::int32_t agents) {
    Slot out;
    out.queue = std::move(queue);
    out.from = Wall{now.us + from * hour};
    out.to = Wall{now.us + to * hour};
    out.agents = agents;
    return out;
}

}  // namespace

TEST_CASE("csv: of work orders only what is new is told, in the order in which it happened") {
    Orders orders;
    Order a = order("a", ago(5));
    Order b = order("b", ago(6));
    b.assigned = ago(4);
    Order old = order("old", ago(90));
    old.closed = ago(25);
    Order long_open = order("long", ago(90));
    CHECK(
        told(orders, {a, b, old, long_open}) == "long opened 90;b opened 6;a opened 5;b assigned 4;"
    );
    CHECK(orders.open() == 3);
    CHECK(told(orders, {a, b, old, long_open}).empty());
    b.closed = ago(1);
    a.assigned = ago(2);
    CHECK(told(orders, {b, a}) == "a assigned 2;b closed 1;");
    b.closed.reset();
    a.due = ago(-3);
    CHECK(told(orders, {b, a}) == "a assigned 2;b opened 0;");
    a.severity = 1;
    CHECK(told(orders, {b, a}) == "a assigned 2;");

    const OrderNews news{&a, acd::TicketStatus::assigned, ago(2)};
    const std::string id = id_of(news);
    const acd::Event event = event_of(news, id);
    CHECK(event.type == acd::EventType::complaint);
    CHECK(event.ticket == "a");
    CHECK(event.ts == ago(2));
    CHECK(event.due == a.due);
    CHECK(event.severity == 1);
    Order graver = a;
    graver.severity = 2;
    CHECK(id_of({&graver, news.status, news.at}) != id);
}

TEST_CASE("csv: an interval of the plan of the day, in the core's words") {
    Slot planned = slot("a", 0, 1, 12);
    planned.offered = 40.5;
    planned.handle = 180s;
    const acd::Event event = event_of(planned);
    CHECK(event.type == acd::EventType::expected);
    CHECK(event.queue == "a");
    REQUIRE(event.expected);
    CHECK(event.expected->from == planned.from);
    CHECK(event.expected->to == planned.to);
    CHECK(event.expected->offered == 40'500'000);
    CHECK(event.expected->agents == 12);
    CHECK_FALSE(event.expected->lines);
    CHECK(event.expected->handle == 180s);
}

TEST_CASE("csv: what was counted before is told in quarter hours, once it is over") {
    const Wall from = ago(2);
    Slot half{"a", from, Wall{from.us + 1'800'000'000}, 41, 38.0, {}, {}, {}, {}};
    const auto quarters = [&](const Slot& of) {
        acd::Batch batch;
        tell_counted(of, now, batch);
        std::string out;
        batch.for_each([&](std::size_t, const acd::Event& e) {
            CHECK(e.type == acd::EventType::counted);
            CHECK(e.queue == "a");
            out += fmt::format("{} {} {};", e.name, (e.ts->us - from.us) / 1'000'000, e.value);
        });
        return out;
    };
    CHECK(
        quarters(half) ==
        "calls_offered 0 20;calls_offered 900 21;calls_answered 0 19;calls_answered 900 19;"
    );
    half.to = Wall{now.us + 1};
    CHECK(quarters(half).empty());
    half.from = Wall{from.us - 50 * 86'400'000'000};
    half.to = Wall{half.from.us + 900'000'000};
    CHECK(quarters(half).empty());
}

TEST_CASE("csv: who is scheduled is told when it changes") {
    Staffing staffing;
    staffing.load({slot("a", 0, 1, 5), slot("a", 1, 2, 5), slot("a", 2, 3, 7), slot("b", 1, 2, 3)});
    CHECK(heads(staffing, ago(1)) == "a=0;b=0;");
    CHECK(heads(staffing, now) == "a=5;");
    CHECK(heads(staffing, ago(-1)) == "b=3;");
    CHECK(heads(staffing, ago(-1)).empty());
    CHECK(heads(staffing, ago(-2)) == "a=7;b=0;");
    CHECK(heads(staffing, ago(-3)) == "a=0;");
    CHECK(heads(staffing, now) == "a=5;");  // the clock went back
    staffing.load({slot("b", 0, 1, 2)});
    CHECK(heads(staffing, now) == "b=2;a=0;");
    CHECK(heads(staffing, now).empty());
}
