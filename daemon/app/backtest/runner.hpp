// Takes the engine in virtual time through recorded inputs, and notes what it does. Nobody answers
// a page, unless `ack_after` says when.
#pragma once

#include "app/backtest/outcome.hpp"
#include "app/backtest/series.hpp"
#include "app/offline/runner.hpp"

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
    /// Where it tells of `feeds` only by its events: silent for so long, they are lost.
    Micros stale_after{30s};
    bool series{false};  // keep figures for plots
};

class Runner {
public:
    Runner(plan::RuleSet rules, std::string hash, RunOptions options);
    Runner(const Runner&) = delete;
    Runner& operator=(const Runner&) = delete;
    void take(engine::Input input);
    /// What is due up to the last input has run; nothing is made up beyond it.
    [[nodiscard]] Outcome finish();
    /// Of a history that has begun.
    [[nodiscard]] const engine::Engine& engine() const { return time_->engine(); }

private:
    void begin(Instant at);
    void advance(Instant to);
    void notice_silence(Instant until);
    void answer();  // to the page whose turn it is
    void note(const engine::Effect& effect);
    void changed(Instant at, const engine::IncidentChanged& change);
    void sent(Instant at, const delivery::Page& page);
    [[nodiscard]] IncidentSeen& seen(const std::string& id);

    RunOptions options_;
    Outcome out_;
    std::optional<offline::Runner> time_;
    std::map<std::string, std::size_t> index_;       // incident → out_.incidents
    std::map<std::string, std::size_t> page_index_;  // open pages → out_.pages
    std::deque<std::pair<Instant, std::string>> acks_;
    SeriesKeeper keeper_;
};

}  // namespace surged::app::backtest
