#include "app/offline/runner.hpp"

#include <utility>
#include <variant>

namespace surged::app::offline {

Runner::Runner(
    plan::Rules rules, std::string hash, Wall begin, Watcher watcher, RunnerOptions options
)
    : watcher_{std::move(watcher)},
      options_{options},
      site_{rules->site.id},
      now_{to_instant(begin, Micros{0})} {
    step(engine::RulesLoaded{std::move(hash), std::move(rules)}, "", {});
}

void Runner::advance(Instant to) {
    if (to <= now_) return;
    while (const auto wake = engine_.next_wake()) {
        if (*wake >= to) break;
        if (*wake > now_) now_ = *wake;
        step(engine::Tick{}, "", {});
    }
    now_ = to;
    step(engine::Tick{}, "", {});
}

engine::Step Runner::give(engine::Body body, std::string source) {
    engine::Actor actor{engine::ActorKind::token, source, "offline"};
    return step(std::move(body), std::move(source), std::move(actor));
}

engine::Step Runner::step(engine::Body body, std::string source, engine::Actor actor) {
    engine::Input input;
    input.seq = ++seq_;
    input.instant = now_;
    input.site = site_;
    input.source = std::move(source);
    input.actor = std::move(actor);
    input.body = std::move(body);
    engine::Step done = engine_.step(input);
    for (const engine::Effect& effect : done.effects) watcher_(effect);
    if (!options_.accept_pages) return done;
    for (const engine::Effect& effect : done.effects) {
        const auto* send = std::get_if<engine::SendPage>(&effect.body);
        if (send == nullptr || !engine_.wants(send->page.id, send->page.attempts)) continue;
        step(
            engine::Receipt{
                send->page.id, send->page.attempts, delivery::Outcome::accepted, {}, "offline"
            },
            "",
            {}
        );
    }
    return done;
}

}  // namespace surged::app::offline
