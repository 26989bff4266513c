// Drives an Engine by hand: builds inputs, keeps the instant, collects what it asked for.
#pragma once

#include "core/engine/engine.hpp"
#include "support/rules_builder.hpp"

#include <cstdint>
#include <fmt/format.h>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace surged::test {

class EngineDriver {
public:
    engine::Engine engine;
    Instant now{Seconds{1'795'451'700}};
    std::vector<engine::Effect> effects;  // all so far
    std::vector<engine::Input> inputs;    // all so far: replaying them must do the same

    engine::Step step(engine::Body body, std::string source = "pbx") {
        engine::Input input;
        input.seq = ++seq_;
        input.instant = now;
        input.site = "hz";
        input.source = std::move(source);
        input.body = std::move(body);
        inputs.push_back(input);
        engine::Step done = engine.step(input);
        effects.insert(effects.end(), done.effects.begin(), done.effects.end());
        return done;
    }
    void load(plan::RuleSet rules, std::string hash = "h1") {
        step(engine::RulesLoaded{
            std::move(hash), std::make_shared<const plan::RuleSet>(std::move(rules))
        });
    }
    void source_up() { step(engine::SourceState{true, true, ""}); }
    void advance(Micros by) {
        now += by;
        step(engine::Tick{});
    }
    engine::Step event(acd::Event event) {
        acd::Batch batch;
        batch.append(event);
        return step(engine::Events{std::move(batch)});
    }
    /// `count` callers join sales.
    void join(int count) {
        for (int i = 0; i < count; ++i) {
            const std::string call = fmt::format("c-{}", ++joined_);
            acd::Event e;
            e.type = acd::EventType::offered;
            e.queue = "sales";
            e.call = call;
            event(e);
        }
    }
    /// The `count` oldest callers are answered at once by one agent.
    void answer(int count) {
        for (int i = 0; i < count; ++i) {
            const std::string call = fmt::format("c-{}", ++answered_);
            acd::Event e;
            e.type = acd::EventType::answered;
            e.queue = "sales";
            e.call = call;
            e.agent = "1001";
            event(e);
        }
    }
    [[nodiscard]] std::vector<delivery::Page> sent() const {
        std::vector<delivery::Page> out;
        for (const engine::Effect& effect : effects)
            if (const auto* send = std::get_if<engine::SendPage>(&effect.body))
                out.push_back(send->page);
        return out;
    }
    /// The newest page sent to that person; an empty one if there is none.
    [[nodiscard]] delivery::Page sent_to(std::string_view person) const {
        delivery::Page out;
        for (const delivery::Page& page : sent())
            if (page.person == person) out = page;
        return out;
    }
    engine::Step accept(const delivery::Page& page) {
        return step(engine::Receipt{page.id, page.attempts, delivery::Outcome::accepted, {}, "ok"});
    }
    [[nodiscard]] const incident::Incident& incident() const {
        return engine.incidents().begin()->second;
    }

private:
    std::uint64_t seq_{0};
    int joined_{0}, answered_{0};
};

}  // namespace surged::test
