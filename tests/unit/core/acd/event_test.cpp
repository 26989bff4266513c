#include "core/acd/event.hpp"

#include "base/codec.hpp"

#include <doctest/doctest.h>
#include <limits>
#include <string>
#include <vector>

namespace surged::acd {
namespace {

Event full() {
    Event e;
    e.type = EventType::gauge;  // the only type that carries a value
    e.ts = Wall{1'763'900'300'000'001};
    e.id = "7f3a-1";
    e.queue = "sales";
    e.call = "c-1";
    e.agent = "SIP/1001";
    e.caller = "p:9f";
    e.klass = "vip";
    e.ticket = "T-9";
    e.topic = "delivery";
    e.to = "vip";
    e.name = "crowd_density";
    e.reason = "午休";
    e.channel = Channel::chat;
    e.exit = ExitReason::unknown;
    e.refuse = RefuseReason::empty;
    e.state = AgentState::offline;
    e.status = TicketStatus::closed;
    e.by = ReplyBy::customer;
    e.wait = 12'400ms;
    e.talk = 187'500ms;
    e.wrap = 0s;
    e.target = 20s;
    e.due = Wall{1'763'986'700'000'000};
    e.severity = 2;
    e.score = -4;
    e.value = 3.2;
    e.provisional = true;
    e.queues = {"sales", "vip-1"};
    e.cursor = "17:4096";
    return e;
}

TEST_CASE("event: every member comes back from a batch as it went in") {
    Batch batch;
    batch.append(full());
    batch.append(Event{});
    REQUIRE(batch.size() == 2);
    CHECK(batch.well_formed());
    batch.for_each([](std::size_t index, const Event& got) {
        const Event want = index == 0 ? full() : Event{};
        CAPTURE(index);
        // Encoded again it must give the same bytes: no member is left out or swapped.
        Batch again;
        again.append(got);
        Batch expected;
        expected.append(want);
        CHECK(again == expected);
        CHECK(got.ts == want.ts);
        CHECK(got.reason == want.reason);
        CHECK(got.wrap == want.wrap);
        CHECK(got.score == want.score);
        CHECK(got.value == want.value);
        CHECK(got.queues == want.queues);
        CHECK(got.provisional == want.provisional);
        CHECK(got.cursor == want.cursor);
    });
}

TEST_CASE("event: the longest there is finds room, and what follows it is whole") {
    Event longest = full();
    const std::string text(300, 'x');
    for (std::string_view* member :
         {&longest.id,
          &longest.queue,
          &longest.call,
          &longest.agent,
          &longest.caller,
          &longest.klass,
          &longest.ticket,
          &longest.topic,
          &longest.to,
          &longest.name,
          &longest.reason,
          &longest.cursor})
        *member = text;
    longest.ts = longest.due = Wall{std::numeric_limits<std::int64_t>::min()};
    longest.wait = longest.talk = longest.wrap = longest.target = Micros::min();
    longest.severity = longest.score = std::numeric_limits<std::int32_t>::min();
    longest.queues = {text, "", text};
    longest.expected = Expected{*longest.ts, *longest.ts, longest.ts->us, -1, -1, Micros::min()};
    longest.expected->agents = longest.expected->lines = longest.severity;
    Batch batch;
    batch.append(longest);
    batch.append(full());
    CHECK(batch.well_formed());
    batch.for_each([&](std::size_t index, const Event& got) {
        if (index == 1) CHECK(got.cursor == full().cursor);
        if (index == 1) return;
        CHECK(got.cursor == text);
        CHECK(got.ts == longest.ts);
        CHECK(got.wrap == longest.wrap);
        CHECK(got.queues == longest.queues);
        CHECK(got.expected == longest.expected);
    });
}

TEST_CASE("event: of any size it comes back") {
    for (std::size_t size = 0; size < 2'000; size += size < 500 || size > 700 ? 37 : 1) {
        const std::string text(size, 'x');
        Event event;
        event.id = text;
        event.queues = {std::string_view{text}.substr(0, 3), "b"};
        Batch batch;
        batch.append(event);
        batch.append(full());
        CHECK(batch.well_formed());
        batch.for_each([&](std::size_t index, const Event& got) {
            CHECK(got.id == (index == 0 ? std::string_view{text} : full().id));
            if (index == 0) CHECK(got.queues == event.queues);
        });
    }
}

TEST_CASE("event: damaged bytes from a journal are told, never walked past their end") {
    Batch batch;
    batch.append(full());
    codec::Writer out;
    out(batch);
    const std::string good = out.bytes();
    std::size_t refused = 0;
    for (std::size_t cut = 0; cut < good.size(); ++cut) {
        codec::Reader in{std::string_view{good}.substr(0, cut)};
        Batch read;
        in(read);
        if (!in.ok() || !read.well_formed()) ++refused;
    }
    CHECK(refused == good.size());
    // A type that does not exist: the first byte after count and length.
    for (std::size_t at = 0; at < good.size(); ++at) {
        std::string bad = good;
        bad[at] = static_cast<char>(0x7f);
        codec::Reader in{bad};
        Batch read;
        in(read);
        if (in.ok() && read.well_formed()) {
            read.for_each([](std::size_t, const Event& e) { CHECK_FALSE(name_of(e.type).empty()); }
            );
        }
    }
}

TEST_CASE("event: who looks ahead visits the same, up to where the bytes are damaged") {
    for (std::size_t count = 0; count < 7; ++count) {
        Batch batch;
        for (std::size_t i = 0; i < count; ++i) {
            Event e = full();
            const std::string id = std::to_string(i);
            e.id = id;
            if (i % 2 == 1) e.queues.clear();
            batch.append(e);
        }
        codec::Writer out;
        out(batch);
        for (std::size_t at = 0; at <= out.bytes().size(); ++at) {
            std::string bytes = out.bytes();
            if (at < bytes.size()) bytes[at] = static_cast<char>(0x7f);
            codec::Reader in{bytes};
            Batch read;
            in(read);
            if (!in.ok()) continue;
            Batch plain, looking;
            read.for_each([&](std::size_t, const Event& e) { plain.append(e); });
            std::vector<std::string> ahead;
            std::size_t visited = 0;
            read.for_each(
                [&](std::size_t index, const Event& e) {
                    CHECK(index == ahead.size());
                    ahead.emplace_back(e.id);
                },
                [&](std::size_t index, const Event& e) {
                    CHECK(index == visited);
                    REQUIRE(index < ahead.size());
                    CHECK(ahead[index] == e.id);
                    CHECK(ahead.size() <= index + 3);
                    looking.append(e);
                    ++visited;
                }
            );
            CHECK(looking == plain);
            CHECK(ahead.size() == visited);
            if (at == out.bytes().size()) CHECK(visited == count);
        }
    }
}

TEST_CASE("event: each name parses to what it names") {
    for (std::size_t i = 0; i < event_types; ++i) {
        const auto type = static_cast<EventType>(i);
        CHECK(parse_name<EventType>(name_of(type)) == type);
    }
    for (std::size_t i = 0; i < exit_reasons; ++i) {
        const auto reason = static_cast<ExitReason>(i);
        CHECK(parse_name<ExitReason>(name_of(reason)) == reason);
    }
    for (std::size_t i = 0; i < agent_states; ++i) {
        const auto state = static_cast<AgentState>(i);
        CHECK(parse_name<AgentState>(name_of(state)) == state);
    }
    CHECK_FALSE(parse_name<EventType>("Offered").has_value());
    CHECK_FALSE(parse_name<ExitReason>("").has_value());
}

}  // namespace
}  // namespace surged::acd
