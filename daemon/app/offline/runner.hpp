// The engine in virtual time: a rule set and inputs go in, effects come out, and nothing is sent.
//
// What rule tests, dry runs, back-tests and the quiet test have in common. Time passes as in the
// daemon: a tick at every deadline of the engine, at its own instant. Engine time is the wall's;
// there is no store and no channel: pages count as accepted at once.
#pragma once

#include "core/engine/engine.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace surged::app::offline {

struct RunnerOptions {
    bool accept_pages{true};  // else every page stays without a receipt
};

class Runner {
public:
    /// Sees every effect, in order, after the step that caused it.
    using Watcher = std::function<void(const engine::Effect&)>;

    /// The rules are in force from `begin` on.
    Runner(plan::Rules rules, std::string hash, Wall begin, Watcher watcher, RunnerOptions = {});

    /// Lets time pass to `to`, with every deadline on the way; nothing if `to` is not later.
    void advance(Instant to);
    /// Lets time pass to `to` where nothing is due on the way nor then, for an input that follows.
    void pass(Instant to) { now_ = to; }
    /// One input, at `now()`. `source`: of events and of a source's state; events of a source that
    /// was never said to be up or down bring it up, as a POST does.
    engine::Step give(engine::Body body, std::string source = {});

    [[nodiscard]] const engine::Engine& engine() const { return engine_; }
    [[nodiscard]] Instant now() const { return now_; }

private:
    engine::Step step(engine::Body body, std::string source, engine::Actor actor);

    engine::Engine engine_;
    Watcher watcher_;
    RunnerOptions options_;
    std::string site_;
    Instant now_;
    std::uint64_t seq_{0};
};

}  // namespace surged::app::offline
