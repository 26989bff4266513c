// Rounds of written contacts: when one begins, who ends it, and that it counts once.
#include "floor_bench.hpp"

#include <algorithm>
#include <array>

using namespace surged;
using namespace surged::test;
using acd::Channel;
using acd::ReplyBy;

namespace {

Event chat(EventType type, std::string_view call = "c-1") {
    Event e = event(type, "sales", call);
    e.channel = Channel::chat;
    return e;
}
Event reply(ReplyBy by, std::string_view call = "c-1") {
    Event e = chat(EventType::reply, call);
    e.by = by;
    return e;
}
const auto customer = [](std::string_view call = "c-1") { return reply(ReplyBy::customer, call); };
const auto person = [](std::string_view call = "c-1") { return reply(ReplyBy::agent, call); };
const auto robot = [](std::string_view call = "c-1") { return reply(ReplyBy::robot, call); };

struct ChatBench : FloorBench {
    ChatBench() {
        measures = {
            {Kpi::first_response_p50, Window::m5,  {}, {},    {}},
            {Kpi::first_response_p90, Window::day, {}, {},    {}},
            {Kpi::response_ratio,     Window::m60, {}, "vip", {}}
        };
        load();
    }
    [[nodiscard]] std::optional<Quantity> answered_rounds() const {
        return quantity(Kpi::response_ratio, Window::m5);
    }
};

}  // namespace

TEST_CASE("acd: a person's first reply is the first response, a robot's is none") {
    ChatBench bench;
    bench.tell(0, chat(EventType::offered));
    bench.tell(1, robot());
    bench.tell(2, chat(EventType::answered));
    bench.tell(3, robot());
    CHECK(bench.value(Kpi::first_response_p50, Window::m5) == -1);
    CHECK_FALSE(bench.answered_rounds());
    bench.tell(30, person());
    bench.tell(31, person());
    CHECK(bench.value(Kpi::first_response_p50, Window::m5) == doctest::Approx(30).epsilon(0.04));
    CHECK(bench.value(Kpi::first_response_p90, Window::day) == doctest::Approx(30).epsilon(0.04));
    CHECK(bench.value(Kpi::first_response_p90, Window::m60) == -1);  // nobody asked for it
    CHECK(bench.answered_rounds() == Quantity{1, 1});
    const Measure first{Kpi::first_response_p50, Window::m5, {}, {}, {}};
    CHECK(bench.view().base_count(bench.queue(), first) == 1);
}

TEST_CASE("acd: a round counts once, answered or when its time is over") {
    ChatBench bench;
    bench.tell(0, chat(EventType::offered));
    bench.tell(1, chat(EventType::answered));
    bench.tell(2, customer());
    CHECK(bench.floor.next_wake() == at(180));
    bench.tell(20, person());  // the first round, from the offer on
    bench.tell(50, customer());
    bench.tell(60, customer());  // the same round still
    bench.tell(61, robot());
    CHECK(bench.answered_rounds() == Quantity{1, 1});
    CHECK(bench.floor.next_wake() == at(230));
    static_cast<void>(bench.floor.take_touched());
    bench.wait_until(229.999999);
    CHECK(bench.floor.take_touched().empty());
    bench.wait_until(230);
    CHECK(bench.floor.take_touched() == std::vector{bench.queue()});
    CHECK(bench.answered_rounds() == Quantity{1, 2});
    bench.tell(240, person());  // too late
    CHECK(bench.answered_rounds() == Quantity{1, 2});
    bench.tell(245, customer());
    bench.tell(250, chat(EventType::completed));  // a word of thanks wants no answer
    bench.wait_until(299);
    CHECK(bench.answered_rounds() == Quantity{1, 2});
    const Measure ratio{Kpi::response_ratio, Window::m5, {}, {}, {}};
    CHECK(bench.view().base_count(bench.queue(), ratio) == 2);
    CHECK(bench.view().next_change(bench.queue(), ratio) == at(320));  // the first leaves
}

TEST_CASE("acd: exactly 180 s are in time, and one microsecond more is not") {
    for (const bool late : {false, true}) {
        ChatBench bench;
        bench.tell(0, chat(EventType::offered));
        // Told in one batch, long after: the times of the events decide.
        bench.tell_all(200, {when(person(), late ? 180.000001 : 180)});
        CHECK(bench.answered_rounds() == Quantity{late ? 0 : 1, 1});
    }
}

TEST_CASE("acd: an answer in time that is told late makes the miss good") {
    ChatBench bench;
    bench.tell(0, chat(EventType::offered));
    bench.wait_until(200);
    CHECK(bench.answered_rounds() == Quantity{0, 1});
    CHECK(bench.tell(210, when(person(), 100)) == Reject::none);
    CHECK(bench.answered_rounds() == Quantity{1, 1});
    CHECK(bench.value(Kpi::first_response_p50, Window::m5) == doctest::Approx(100).epsilon(0.04));
    // Even when the contact is over already.
    bench.tell(220, chat(EventType::offered, "c-2"));
    bench.tell(260, chat(EventType::completed, "c-2"));
    bench.tell(261, when(person("c-2"), 230));
    CHECK(bench.answered_rounds() == Quantity{2, 2});
    bench.tell(262, when(person("c-2"), 261.5));  // after its end: nothing
    CHECK(bench.answered_rounds() == Quantity{2, 2});
}

TEST_CASE("acd: the messages of a round in any order") {
    std::array<int, 4> order{0, 1, 2, 3};
    do {
        ChatBench bench;
        bench.tell(0, when(chat(EventType::offered), 0));
        bench.tell(6, when(person(), 5));
        const std::array<Event, 4> events{
            when(customer(), 10), when(customer(), 12), when(person(), 20), when(robot(), 11)
        };
        double now = 30;
        for (const int i : order) bench.tell(now += 1, events.at(static_cast<std::size_t>(i)));
        for (const Event& e : events) bench.tell(now += 1, e);  // and all of them again
        CAPTURE(order[0]);
        CAPTURE(order[1]);
        CAPTURE(order[2]);
        CHECK(bench.answered_rounds() == Quantity{2, 2});
        bench.wait_until(299);
        CHECK(bench.answered_rounds() == Quantity{2, 2});
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("acd: replies that nothing is known of, and words that are missing") {
    ChatBench bench;
    CHECK(bench.tell(0, person()) == Reject::unknown_call);
    CHECK(bench.tell(0, chat(EventType::reply)) == Reject::missing_field);
    Event nameless = person("");
    nameless.agent = "1001";
    CHECK(bench.tell(0, nameless) == Reject::missing_field);
    bench.tell(1, when(chat(EventType::offered), 1));
    bench.tell(400, when(chat(EventType::offered, "c-2"), 400));
    CHECK(bench.tell(401, when(person(), 50)) == Reject::late);  // kept out of the windows
    CHECK(bench.value(Kpi::first_response_p50, Window::m5) == -1);
    Event desk = offered("c-3");
    desk.channel = Channel::front_desk;
    bench.tell(402, desk);
    Event word = person("c-3");
    word.channel = Channel::front_desk;
    CHECK(bench.tell(403, word) == Reject::none);  // nobody waits for a message there
    CHECK(bench.balanced());
}

TEST_CASE("acd: a contact is written once the feed says so") {
    ChatBench bench;
    bench.tell(0, agent("1001", AgentState::available));
    bench.tell(0, offered("c-1"));  // no channel given
    CHECK(bench.value(Kpi::concurrency) == -1);
    bench.tell(5, answered("c-1"));
    bench.tell(10, customer());
    CHECK(bench.quantity(Kpi::concurrency) == Quantity{1, 1});
    bench.tell(20, person());
    CHECK(bench.answered_rounds() == Quantity{1, 1});
    // An outcome that comes before its offer, which then says that it was a chat, and since when.
    bench.tell(30, when(answered("c-2", 8s), 28));
    bench.tell(31, when(chat(EventType::offered, "c-2"), 15));
    CHECK(bench.quantity(Kpi::concurrency) == Quantity{2, 1});
    CHECK(bench.value(Kpi::oldest) == 31);
    bench.tell(35, person("c-2"));
    CHECK(bench.value(Kpi::first_response_p50, Window::m5) == doctest::Approx(20).epsilon(0.06));
    CHECK(bench.balanced());
}

TEST_CASE("acd: what is open survives writing and reading, and mail lives longer than calls") {
    ChatBench bench;
    bench.rules.site.limits.mail_ttl = std::chrono::days{3};
    bench.load();
    Event mail = offered("m-1");
    mail.channel = Channel::email;
    bench.tell(0, mail);
    bench.tell(1, chat(EventType::offered));
    bench.tell(2, chat(EventType::answered));
    bench.tell(3, offered("v-1"));
    const std::string bytes = bench.bytes();
    ChatBench other;
    other.rules = bench.rules;
    std::string_view in = bytes;
    REQUIRE(other.floor.read(in));
    other.load(at(3));
    CHECK(other.bytes() == bytes);
    for (ChatBench* b : {&bench, &other}) {
        CHECK(b->floor.next_wake() == at(180));
        b->wait_until(200);
        CHECK(b->answered_rounds() == Quantity{0, 2});
        b->tell(201, person());
        b->wait_until(6 * 3600 + 10);
        CHECK(b->value(Kpi::calls_waiting) == 1);  // the mail
        CHECK(b->exits(ExitReason::unknown) == 1);
        b->wait_until(3 * 86'400 + 1);
        CHECK(b->value(Kpi::calls_waiting) == 0);
        CHECK(b->balanced());
    }
    CHECK(other.bytes() == bench.bytes());
}
