#include "core/engine/engine.hpp"

#include "base/codec.hpp"
#include "base/random.hpp"
#include "support/engine_driver.hpp"

#include <doctest/doctest.h>
#include <map>

using namespace surged;
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

TEST_CASE("engine: callers of before a lost connection page nobody until the feed is up again") {
    EngineDriver d;
    d.load(test::small_center());
    const auto feed = [&](std::vector<acd::Event> events) {
        acd::Batch batch;
        for (const acd::Event& event : events) batch.append(event);
        engine::Input input;
        input.seq = 1000;
        input.instant = d.now;
        input.site = "hz";
        input.source = "pbx";
        input.actor = {engine::ActorKind::source, "pbx", "feed"};
        input.body = engine::Events{std::move(batch)};
        engine::Step step = d.engine.step(input);
        for (engine::Effect& effect : step.effects) d.effects.push_back(std::move(effect));
    };
    const auto of = [](acd::EventType type, std::string_view call = {}) {
        acd::Event event;
        event.type = type;
        if (!call.empty()) event.queue = "sales";
        event.call = call;
        return event;
    };
    // A source that never was: its first words are no sign that its figures are whole.
    feed(
        {of(acd::EventType::offered, "1"),
         of(acd::EventType::offered, "2"),
         of(acd::EventType::offered, "3"),
         of(acd::EventType::offered, "4")}
    );
    CHECK(d.sent().empty());
    feed({of(acd::EventType::snapshot_begin), of(acd::EventType::snapshot_end)});
    d.source_up();
    CHECK(d.sent().empty());
    CHECK(d.engine.board().totals(*d.engine.board().find("sales")).offered == 4);
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
    CHECK(d.incident().level == plan::Level::III);
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

TEST_CASE("engine: a gauge that a rule watches is found again after a restore") {
    plan::RuleSet rules = test::small_center();
    board::Measure& measure = rules.plans["platform-service"].triggers[0].condition.leaf.measure;
    measure = {board::Kpi::gauge, board::Window::now, "lines", {}, {}};
    EngineDriver d;
    d.load(std::move(rules));
    d.source_up();
    const auto tell = [&](std::string_view name, double value) {
        acd::Event event;
        event.type = acd::EventType::gauge;
        event.queue = "sales";
        event.name = name;
        event.value = value;
        d.event(event);
    };
    for (const char* name : {"zeta", "lines", "alpha"}) tell(name, 0);
    auto restored = engine::Engine::restore(d.engine.snapshot(), rules_of(d));
    REQUIRE(restored.has_value());
    d.inputs.clear();
    for (const char* other : {"alpha", "zeta", "new"}) tell(other, 90);
    CHECK(d.engine.incidents().empty());
    tell("lines", 90);
    CHECK(d.engine.incidents().size() == 1);
    for (const engine::Input& input : d.inputs) (void)restored->step(input);
    CHECK(restored->snapshot() == d.engine.snapshot());
    CHECK(restored->incidents().size() == 1);
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

TEST_CASE("engine: a snapshot that contradicts itself is refused") {
    EngineDriver d = center();
    d.join(5);
    d.advance(70s);
    const std::string good = d.engine.snapshot();
    const std::size_t now = good.find('\n') + 1;
    std::size_t after = now;
    while ((static_cast<unsigned char>(good[after]) & 0x80U) != 0) ++after;
    // The engine at zero, its floor 70 s ahead: an image like this once ended the process.
    const std::string behind = good.substr(0, now) + '\0' + good.substr(after + 1);
    CHECK(engine::Engine::restore(good, rules_of(d)).has_value());
    CHECK_FALSE(engine::Engine::restore(behind, rules_of(d)).has_value());
}

TEST_CASE("engine: a page record that replay does not give wins") {
    EngineDriver d = center();
    d.join(4);
    delivery::Page released = d.sent().at(0);
    CHECK_FALSE(d.engine.adopt(released));  // as the replay has it
    released.attempts = 2;
    CHECK(d.engine.adopt(released));
    d.step(engine::Restarted{"test"}, "");
    CHECK(d.sent().back().attempts == 3);
    CHECK(d.sent().back().possible_repeat);
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
