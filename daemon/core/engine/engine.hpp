// The deterministic core: step(Input) -> effects, and when it next needs time.
//
// No clock, I/O, thread, locale or randomness of its own. Before an input is applied, every
// deadline up to its instant runs, each at its own instant, in (instant, name) order; so it does
// not matter when a tick happens to come.
#pragma once

#include "base/error.hpp"
#include "core/acd/floor.hpp"
#include "core/engine/effect.hpp"
#include "core/engine/input.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace surged::engine {

struct Explanation;  // explanation.hpp

/// One trigger on one queue as it stands, for API, metrics and explanations.
struct TriggerView {
    std::string plan, trigger, queue;
    std::optional<double> value;
    plan::PerLevel<std::optional<double>> thresholds;  // clear of units: seconds, ratios, counts
    plan::Level firing{plan::Level::none};
    std::optional<Instant> since;  // of the level it is at
};

/// A trigger that says nothing now, because the plan of the day does not cover its window.
struct Unplanned {
    std::string plan, trigger, queue;
};

class Engine {
public:
    Engine();
    ~Engine();
    Engine(Engine&&) noexcept;
    Engine& operator=(Engine&&) noexcept;
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    [[nodiscard]] Step step(const Input& input);
    /// The earliest deadline; a Tick at that instant does what is due.
    [[nodiscard]] std::optional<Instant> next_wake() const;
    /// Re-check at the moment of sending: the page is still owed and this attempt is the newest.
    [[nodiscard]] bool wants(std::string_view page, std::uint32_t attempt) const;
    /// Somebody is still to answer it: what pages_unacknowledged() counts.
    [[nodiscard]] bool is_open(const delivery::Page& page) const;

    /// A page record of the journal that this engine does not know, or knows with fewer attempts:
    /// it was released, so it is taken over as in flight (recovery only). False: nothing new.
    bool adopt(const delivery::Page& released);

    // What readers may look at between steps.
    [[nodiscard]] const acd::Floor& floor() const;
    [[nodiscard]] const board::View& board() const;
    [[nodiscard]] const plan::RuleSet& rules() const;
    [[nodiscard]] const std::string& rules_hash() const;
    /// By hash: the set in force, and those that open incidents started with.
    [[nodiscard]] const std::map<std::string, plan::Rules>& rules_in_use() const;
    [[nodiscard]] const std::map<std::string, incident::Incident>& incidents() const;
    [[nodiscard]] const std::map<std::string, delivery::Page>& pages() const;
    [[nodiscard]] std::vector<TriggerView> triggers() const;  // all
    [[nodiscard]] std::vector<TriggerView> triggers(std::string_view queue) const;
    [[nodiscard]] std::vector<Unplanned> unplanned() const;
    /// Why a plan of the rules in force, by name, fires or does not on a queue; nullopt: no such
    /// plan. An empty queue: what it watches besides queues.
    [[nodiscard]] std::optional<Explanation> explain(
        const std::string& plan, const std::string& queue
    ) const;
    /// Thresholds that people have set for a while; `lasts` is what is left of each.
    [[nodiscard]] std::vector<Temporary> temporaries() const;
    /// What a page about this incident would say now, or one about a step of it that has opened;
    /// nullopt if it is not known.
    [[nodiscard]] std::optional<delivery::Content> describe(
        const std::string& incident, const std::string& step, plan::Language language
    ) const;
    [[nodiscard]] Instant now() const;
    [[nodiscard]] Micros wall_offset() const;  // wall minus engine
    [[nodiscard]] std::uint64_t pages_unacknowledged() const;
    /// Incidents opened so far, by plan and the level they opened at.
    [[nodiscard]] const std::map<std::pair<std::string, plan::Level>, std::uint64_t>&
    incidents_total() const;

    /// Running hash over every effect emitted since the engine was born.
    [[nodiscard]] std::uint64_t effect_hash() const;

    /// Canonical bytes of the whole state. Equal for equal histories, whatever the ticks were.
    [[nodiscard]] std::string snapshot() const;
    /// The rule set that a hash names; nullptr if it is not known.
    using RulesByHash = std::function<plan::Rules(const std::string&)>;
    [[nodiscard]] static Result<Engine> restore(std::string_view bytes, const RulesByHash& rules);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace surged::engine
