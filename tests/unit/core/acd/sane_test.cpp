// What an event may say: to the bound, and one beyond it.
#include "core/acd/sane.hpp"

#include <array>
#include <doctest/doctest.h>
#include <limits>
#include <string>

using namespace surged;
using namespace surged::acd;

TEST_CASE("acd: texts of an event that are kept have 256 bytes at most") {
    using Text = std::string_view Event::*;
    constexpr std::array<Text, 11> texts{
        &Event::id,
        &Event::queue,
        &Event::call,
        &Event::agent,
        &Event::caller,
        &Event::klass,
        &Event::ticket,
        &Event::topic,
        &Event::to,
        &Event::name,
        &Event::cursor
    };
    const std::string longest(256, 'x');
    const std::string longer(257, 'x');
    CHECK(is_sane(Event{}));
    Event all;
    for (const Text text : texts) all.*text = longest;
    all.queues = {longest, longest};
    CHECK(is_sane(all));
    for (std::size_t i = 0; i < texts.size(); ++i) {
        CAPTURE(i);
        Event one = all;
        one.*(texts[i]) = longer;
        CHECK_FALSE(is_sane(one));
    }
    Event told = all;
    told.reason = longer;
    CHECK(is_sane(told));  // of a pause: it stands in the journal, and nowhere else
    all.queues.back() = longer;
    CHECK_FALSE(is_sane(all));
}

TEST_CASE("acd: times, spans and values of an event lie within their bounds") {
    const auto with = [](auto member, auto value) {
        Event event;
        event.*member = value;
        return is_sane(event);
    };
    constexpr Wall last{4'102'444'800'000'000};
    for (const auto time : {&Event::ts, &Event::due}) {
        CHECK(with(time, Wall{0}));
        CHECK(with(time, last));
        CHECK_FALSE(with(time, Wall{-1}));
        CHECK_FALSE(with(time, Wall{last.us + 1}));
    }
    constexpr Micros month = std::chrono::days{30};
    for (const auto span : {&Event::wait, &Event::talk, &Event::wrap, &Event::target}) {
        CHECK(with(span, Micros{0}));
        CHECK(with(span, month));
        CHECK_FALSE(with(span, Micros{-1}));
        CHECK_FALSE(with(span, month + Micros{1}));
    }
    CHECK(with(&Event::value, 1e12));
    CHECK(with(&Event::value, -1e12));
    for (const double value :
         {1.1e12,
          -1.1e12,
          std::numeric_limits<double>::infinity(),
          std::numeric_limits<double>::quiet_NaN()})
        CHECK_FALSE(with(&Event::value, value));
}

TEST_CASE("acd: an interval of the plan of the day runs forward, for a day at most") {
    constexpr std::int64_t day_us = 86'400'000'000;
    const auto with = [](auto&& change) {
        Event event;
        event.expected = Expected{Wall{0}, Wall{day_us}, 1'000'000, 1, 1, Micros{1}};
        change(*event.expected);
        return is_sane(event);
    };
    CHECK(with([](Expected&) {}));
    CHECK(with([](Expected& e) { e.offered = 1'000'000'000'000; }));
    CHECK(with([](Expected& e) { e.agents = e.lines = 1'000'000; }));
    CHECK_FALSE(with([](Expected& e) { e.to = e.from; }));
    CHECK_FALSE(with([](Expected& e) { e.to.us += 1; }));
    CHECK_FALSE(with([](Expected& e) { e.from.us = -1; }));
    CHECK_FALSE(with([](Expected& e) { e.offered = -1; }));
    CHECK_FALSE(with([](Expected& e) { e.offered = 1'000'000'000'001; }));
    CHECK_FALSE(with([](Expected& e) { e.agents = -1; }));
    CHECK_FALSE(with([](Expected& e) { e.agents = 1'000'001; }));
    CHECK_FALSE(with([](Expected& e) { e.lines = 1'000'001; }));
    CHECK_FALSE(with([](Expected& e) { e.lines = -1; }));
    CHECK_FALSE(with([](Expected& e) { e.handle = Micros{-1}; }));
    CHECK_FALSE(with([](Expected& e) { e.handle = Micros{std::chrono::days{30}} + Micros{1}; }));
    constexpr std::int64_t last_us = 4'102'444'800'000'000;
    CHECK(with([](Expected& e) { e.from = Wall{last_us - 1}, e.to = Wall{last_us}; }));
    CHECK_FALSE(with([](Expected& e) { e.from = Wall{last_us}, e.to = Wall{last_us + 1}; }));
}
