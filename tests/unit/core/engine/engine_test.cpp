#include "core/engine/engine.hpp"

#include "base/codec.hpp"
#include "base/random.hpp"
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

engine::Engine::RulesByHash rules_of(const EngineDriver& d) {
    std::map<std::string, plan::Rules> by_hash;
    for (const engine::Input& input : d.inputs)
        if (const auto* loaded = std::get_if<engine::RulesLoaded>(&input.body))
            by_hash[loaded->hash] = loaded->rules;
    return [by_hash](const std::string& hash) {
        const auto it = by_hash.find(hash);
        return it == by_hash.end() ? nullptr : it->second;
    };
}

}  // namespace

TEST_CASE("engine: a crossing opens an incident and pages; milder than activated only warns") {
    EngineDriver d = center();
    d.join(1);
    CHECK(d.engine.incidents().empty());
    d.join(1);  // IV: warn
    REQUIRE(d.engine.incidents().size() == 1);
    CHECK(d.incident().id == "P06-hz-20261124-1");  // local date: Shanghai is a day ahead
    CHECK(d.incident().phase == incident::Phase::warned);
    CHECK(d.sent().empty());
    d.join(2);  // III
    CHECK(d.incident().level == Level::III);
    CHECK(d.incident().rise == 2);
    REQUIRE(d.sent().size() == 1);
    CHECK(d.sent()[0].person == "wang");
    CHECK(d.sent()[0].id == "P06-hz-20261124-1.2.0.0.wang.hook");
    CHECK(d.engine.wants(d.sent()[0].id, 1));
}

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

TEST_CASE("incident: ended by hand while it fires stays ended until it is graver or was clear") {
    EngineDriver d = center();
    d.join(4);
    const std::string id = d.incident().id;
    CHECK(d.step(engine::EndIncident{id, "wang", "known"}).verdict == engine::Verdict::done);
    d.join(1);
    CHECK(d.engine.incidents().size() == 1);
    d.join(1);  // II
    CHECK(d.engine.incidents().size() == 2);
    CHECK(d.step(engine::EndIncident{id, "wang", ""}).verdict == engine::Verdict::conflict);
}

TEST_CASE("time: wall clock steps page nobody") {
    EngineDriver d = center();
    d.join(1);
    for (const Micros offset : {Micros{5h}, Micros{-30h}, Micros{0}}) {
        d.step(engine::WallClock{offset}, "");
        d.advance(1s);
        CHECK(d.sent().empty());
        CHECK(d.engine.incidents().empty());
    }
    d.join(3);
    const std::size_t before = d.sent().size();
    CHECK(before == 1);
    d.step(engine::WallClock{Micros{48h}}, "");
    d.advance(1s);
    CHECK(d.sent().size() == before);
    CHECK(d.incident().level == Level::III);
}

TEST_CASE("time: any tick timing gives the same hash") {
    // One history of inputs, run once as it is and many times with ticks strewn between.
    EngineDriver d = center();
    Random random{7};
    for (int round = 0; round < 120; ++round) {
        const auto what = random.below(6);
        if (what <= 2) d.join(1 + static_cast<int>(random.below(2)));
        if (what == 3) d.answer(static_cast<int>(random.below(4)));
        if (what == 4 && !d.sent().empty()) d.accept(d.sent().back());
        if (what == 5 && !d.sent().empty()) d.step(engine::Acknowledge{d.sent().back().id, "li"});
        d.now += Micros{static_cast<std::int64_t>(random.below(90'000'000))};
    }
    d.step(engine::Tick{}, "");
    for (int run = 0; run < 20; ++run) {
        engine::Engine other;
        Instant before = d.inputs.front().instant;
        for (const engine::Input& input : d.inputs) {
            const auto gap = static_cast<std::uint64_t>((input.instant - before).count());
            for (auto ticks = random.below(4); ticks > 0 && gap > 0; --ticks) {
                engine::Input tick;
                tick.instant = before + Micros{static_cast<std::int64_t>(random.below(gap))};
                if (tick.instant >= other.now()) (void)other.step(tick);
            }
            // And one exactly when the engine asks for it.
            while (other.next_wake() && *other.next_wake() < input.instant && random.below(2) == 0
            ) {
                engine::Input tick;
                tick.instant = *other.next_wake();
                (void)other.step(tick);
            }
            (void)other.step(input);
            before = input.instant;
        }
        CAPTURE(run);
        CHECK(other.effect_hash() == d.engine.effect_hash());
        CHECK(other.snapshot() == d.engine.snapshot());
    }
}

TEST_CASE("engine: a restored snapshot goes on exactly like the original") {
    EngineDriver d = center();
    d.join(5);
    d.advance(70s);
    auto restored = engine::Engine::restore(d.engine.snapshot(), rules_of(d));
    REQUIRE(restored.has_value());
    CHECK(restored->snapshot() == d.engine.snapshot());
    CHECK(restored->next_wake() == d.engine.next_wake());
    d.inputs.clear();
    d.answer(3);
    d.advance(5min);
    d.join(9);
    d.advance(1h);
    for (const engine::Input& input : d.inputs) (void)restored->step(input);
    CHECK(restored->snapshot() == d.engine.snapshot());
    CHECK(restored->effect_hash() == d.engine.effect_hash());
    std::string torn = d.engine.snapshot();
    torn.resize(torn.size() / 2);
    CHECK_FALSE(engine::Engine::restore(torn, rules_of(d)).has_value());
}

TEST_CASE("engine: inputs survive their encoding") {
    EngineDriver d = center();
    d.join(3);
    for (const engine::Input& input : d.inputs) {
        const auto bytes = codec::encode(input);
        const auto again = codec::decode<engine::Input>(bytes);
        REQUIRE(again.has_value());
        CHECK(*again == input);
        CHECK_FALSE(codec::decode<engine::Input>(bytes.substr(0, bytes.size() - 1)).has_value());
    }
}
