// Drives the daemon's own engine through recorded inputs in virtual time, and notes what it does.
//
// Deadlines run at their instants, as under the daemon's timer. A page counts as delivered at once.
// Nobody answers, unless `ack_after` says when.
#pragma once

#include "app/backtest/outcome.hpp"
#include "app/backtest/series.hpp"
#include "core/engine/engine.hpp"

#include <deque>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace surged::app::backtest {

struct RunOptions {
    std::optional<Micros> ack_after;  // each page is taken so long after it came
    /// Sources of whose silence the history tells; `absent` of any other one is not tested.
    std::set<std::string> feeds;
    bool knows_sources{false};  // it tells of all of them
    bool series{false};         // keep figures for plots
};

class Runner {
public:
    Runner(plan::RuleSet rules, std::string hash, RunOptions options);
    void take(const engine::Input& input);
    /// What is due up to the last input has run; nothing is made up beyond it.
    [[nodiscard]] Outcome finish();
    [[nodiscard]] const engine::Engine& engine() const { return engine_; }

private:
    void begin(Instant at);
    void advance(Instant to);
    void step(const engine::Input& input);
    void step(Instant at, engine::Body body);
    void note(const engine::Effect& effect);
    void changed(Instant at, const engine::IncidentChanged& change);
    void sent(Instant at, const delivery::Page& page);
    [[nodiscard]] IncidentSeen& seen(const std::string& id);

    engine::Engine engine_;
    RunOptions options_;
    Outcome out_;
    std::map<std::string, std::size_t> index_;       // incident → out_.incidents
    std::map<std::string, std::size_t> page_index_;  // open pages → out_.pages
    std::set<std::string> sources_;                  // heard of
    std::deque<std::pair<Instant, std::string>> acks_;
    SeriesKeeper keeper_;
    Instant now_;
};

}  // namespace surged::app::backtest
