#include "core/delivery/delivery.hpp"
#include "core/engine/engine.hpp"
#include "support/engine_driver.hpp"

#include <doctest/doctest.h>
#include <map>

using namespace surged;
using plan::Level;
using test::EngineDriver;

namespace {

EngineDriver center() {
    EngineDriver d;
    d.load(test::small_center());
    d.source_up();
    return d;
}

delivery::State state_of(const EngineDriver& d, const delivery::Page& page) {
    return d.engine.pages().at(page.id).state;
}

}  // namespace

TEST_CASE("paging: II, III, II pages at both rises and not on the way down") {
    EngineDriver d;
    plan::RuleSet rules = test::small_center();
    rules.site.queues["sales"].target = Micros{1h};  // nobody waits so long that nothing clears
    d.load(std::move(rules));
    d.source_up();
    d.join(6);
    CHECK(d.incident().level == Level::II);
    const auto rises = [&] {
        std::map<std::uint32_t, int> by_level_two;
        for (const delivery::Page& page : d.sent())
            if (page.content.level == Level::II) ++by_level_two[page.rise];
        return by_level_two.size();
    };
    CHECK(rises() == 1);
    d.step(engine::Acknowledge{d.sent().back().id, "wang"});
    const std::size_t before = d.sent().size();
    d.answer(2);  // 4 waiting: inside the clear threshold of II (4.8), still III
    d.advance(61s);
    CHECK(d.incident().level == Level::III);
    d.advance(10min);
    CHECK(d.sent().size() == before);
    d.join(2);
    CHECK(d.incident().level == Level::II);
    CHECK(rises() == 2);
    CHECK(d.sent().size() > before);
}

TEST_CASE("paging: nobody answers, then somebody does") {
    EngineDriver d = center();
    d.join(4);
    REQUIRE(d.sent().size() == 1);
    d.accept(d.sent()[0]);
    d.advance(60s);
    REQUIRE(d.sent().size() == 2);  // wang's second way
    CHECK(d.sent()[1].channel == "sms");
    d.accept(d.sent()[1]);
    d.advance(4min);
    REQUIRE(d.sent().size() == 3);
    CHECK(d.sent()[2].person == "li");
    d.accept(d.sent()[2]);
    CHECK(d.engine.pages_unacknowledged() == 3);
    CHECK(d.step(engine::Acknowledge{d.sent()[2].id, "li"}).verdict == engine::Verdict::done);
    CHECK(d.engine.pages_unacknowledged() == 0);
    CHECK(d.engine.pages().at(d.sent()[2].id).state == delivery::State::acknowledged);
    d.advance(2h);
    CHECK(d.sent().size() == 3);
    CHECK(d.step(engine::Acknowledge{"nonsense", "li"}).verdict == engine::Verdict::not_found);
}

TEST_CASE("paging: what cleared or ended is paged no more, and a late answer is told so") {
    EngineDriver d = center();
    d.join(4);
    const delivery::Page first = d.sent().at(0);
    d.step(engine::Receipt{first.id, 1, delivery::Outcome::retry, Micros{10min}, "503"});
    d.answer(4);
    d.advance(2min);
    d.advance(2min);
    CHECK(d.incident().phase == incident::Phase::recovering);
    CHECK(d.engine.pages().at(first.id).state == delivery::State::over);
    const std::size_t before = d.sent().size();
    d.advance(16min);
    CHECK(d.incident().phase == incident::Phase::ended);
    CHECK(d.sent().size() == before);
    CHECK(d.step(engine::Acknowledge{first.id, "wang"}).verdict == engine::Verdict::conflict);
}

TEST_CASE("delivery: a failed way is replaced by the next, a failed rung by the next rung") {
    EngineDriver d = center();
    d.join(4);
    d.step(engine::Receipt{d.sent()[0].id, 1, delivery::Outcome::bad_channel, {}, "410"});
    REQUIRE(d.sent().size() == 2);
    CHECK(d.sent()[1].channel == "sms");
    d.step(engine::Receipt{d.sent()[1].id, 1, delivery::Outcome::bad_message, {}, "400"});
    d.advance(1us);
    REQUIRE(d.sent().size() == 3);
    CHECK(d.sent()[2].person == "li");
}

TEST_CASE("delivery: after a restart an attempt in flight goes out again, marked") {
    EngineDriver d = center();
    d.join(4);
    d.now += 3s;
    d.step(engine::Restarted{"test"}, "");
    REQUIRE(d.sent().size() == 2);
    CHECK(d.sent()[1].id == d.sent()[0].id);
    CHECK(d.sent()[1].attempts == 2);
    CHECK(d.sent()[1].possible_repeat);
    CHECK_FALSE(d.engine.wants(d.sent()[0].id, 1));
    CHECK(d.engine.wants(d.sent()[1].id, 2));
}

TEST_CASE("paging: a night's stop is one step of escalation, not one for each wait") {
    EngineDriver d = center();
    d.join(4);
    d.accept(d.sent()[0]);
    d.advance(70s);  // his second way is in flight when we stop
    REQUIRE(d.sent().size() == 2);
    d.now += Micros{20h};
    d.step(engine::Restarted{"test"}, "");
    // What was in flight, marked, and the next rung; nobody else.
    REQUIRE(d.sent().size() == 4);
    CHECK(d.sent()[2].person == "li");
    CHECK(d.sent()[2].created_at == d.now);
    CHECK(d.sent()[3].id == d.sent()[1].id);
    CHECK(d.sent()[3].attempts == 2);
    CHECK(d.sent()[3].possible_repeat);
    d.accept(d.sent()[2]);
    d.accept(d.sent()[3]);
    d.advance(5min);  // from here on the ladder has its usual pace
    REQUIRE(d.sent().size() == 5);
    CHECK(d.sent()[4].person == "wang");
    CHECK(d.sent()[4].round == 1);
}

TEST_CASE("paging: a retry that fell into our stop goes out once") {
    EngineDriver d = center();
    d.join(4);
    d.step(engine::Receipt{d.sent()[0].id, 1, delivery::Outcome::retry, Micros{30s}, "503"});
    d.now += 10min;
    d.step(engine::Restarted{"test"}, "");
    int times = 0;
    for (const delivery::Page& page : d.sent())
        if (page.id == d.sent()[0].id) ++times;
    CHECK(times == 2);
    CHECK_FALSE(d.engine.pages().at(d.sent()[0].id).possible_repeat);
}

TEST_CASE("delivery: an answer changes nothing about a page that is over") {
    using delivery::Outcome;
    for (const Outcome outcome :
         {Outcome::accepted, Outcome::retry, Outcome::unknown, Outcome::bad_channel}) {
        CAPTURE(delivery::name_of(outcome));
        EngineDriver d = center();
        d.join(4);
        d.step(engine::EndIncident{d.incident().id, "wang", "known"});
        d.step(engine::Receipt{d.sent()[0].id, 1, outcome, {}, ""});
        CHECK(state_of(d, d.sent()[0]) == delivery::State::over);
        d.advance(10min);
        CHECK(d.sent().size() == 1);
    }
}

TEST_CASE("delivery: an attempt given up for lost that arrived after all is enough") {
    EngineDriver d = center();
    d.join(4);
    d.advance(delivery::receipt_wait);
    const auto first = d.sent().at(0);
    REQUIRE(d.engine.pages().at(first.id).attempts == 2);
    d.step(engine::Receipt{first.id, 1, delivery::Outcome::accepted, {}, "slow"});
    CHECK(state_of(d, first) == delivery::State::accepted);
    d.step(engine::Receipt{first.id, 2, delivery::Outcome::unknown, {}, "cut off"});
    CHECK(state_of(d, first) == delivery::State::accepted);
    d.advance(3min);
    CHECK(d.engine.pages().at(first.id).attempts == 2);
}

TEST_CASE("paging: an incident that nobody takes keeps a bounded number of pages") {
    EngineDriver d;
    plan::RuleSet rules = test::small_center();
    rules.site.limits.call_ttl = std::chrono::days{30};
    d.load(std::move(rules));
    d.source_up();
    d.join(4);
    for (int i = 0; i < 700; ++i) {
        for (const delivery::Page& page : d.sent()) d.accept(page);
        d.effects.clear();
        d.inputs.clear();
        d.advance(5min);
    }
    CHECK(d.engine.pages().size() <= 500);
    CHECK(d.engine.pages_unacknowledged() > 0);
    CHECK(d.sent().size() == 1);  // the last resort, still
}

TEST_CASE("paging: the answer to an earlier attempt says nothing of the one in flight") {
    EngineDriver d = center();
    d.join(4);
    const delivery::Page first = d.sent_to("wang");
    d.advance(delivery::receipt_wait);  // nobody answered: it is in doubt, and goes out again
    const delivery::Page second = d.engine.pages().at(first.id);
    REQUIRE(second.attempts == 2);
    REQUIRE(second.in_flight);
    d.step(engine::Receipt{first.id, 1, delivery::Outcome::bad_channel, {}, "late"});
    CHECK(state_of(d, first) == delivery::State::sent);
    CHECK(d.engine.pages().at(first.id).in_flight);
    d.accept(second);
    CHECK(state_of(d, first) == delivery::State::accepted);
}

TEST_CASE("paging: a page in flight at the next rise is not tried again") {
    EngineDriver d = center();
    d.join(4);
    const delivery::Page first = d.sent_to("wang");
    d.join(2);  // II: the next rise, with a page of its own
    const delivery::Page next = d.sent_to("wang");
    REQUIRE(next.rise == first.rise + 1);
    d.accept(next);
    CHECK_FALSE(d.engine.wants(first.id, first.attempts));
    d.step(engine::Receipt{first.id, 1, delivery::Outcome::retry, {}, "busy"});
    const std::size_t before = d.sent().size();
    d.advance(30s);
    CHECK(d.sent().size() == before);
    CHECK(state_of(d, first) == delivery::State::over);
}

TEST_CASE("paging: what waits to be tried again is tried after a reload too") {
    EngineDriver d = center();
    d.join(4);
    const delivery::Page page = d.sent_to("wang");
    d.step(engine::Receipt{page.id, 1, delivery::Outcome::retry, {}, "busy"});
    REQUIRE(state_of(d, page) == delivery::State::due);
    plan::RuleSet rules = test::small_center();
    rules.public_url = "https://other.invalid";
    d.load(std::move(rules), "h2");
    d.advance(2s);
    CHECK(d.engine.pages().at(page.id).attempts == 2);
}
