// Which thresholds would have given a wanted number of alarms? Every rung of the ladders is tried
// at multiples of what it is, each as a plan of its own, in one pass through a history.
#pragma once

#include "app/backtest/outcome.hpp"
#include "core/plan/rules.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace surged::app::backtest {

struct TuneWish {
    plan::PerLevel<std::optional<double>> a_week;  // alarms, of each trigger by itself
    std::vector<std::string> triggers;             // plan, or plan/trigger; empty: all
};

/// A rung at a multiple of what it is now; on overrides too.
struct Trial {
    double factor{1};
    board::Millionths threshold{0};  // of the condition's own ladder
    std::uint64_t alarms{0};         // incidents of a queue at this level or a graver one
    std::optional<Micros> lead;      // median, before the rung as it is now
};
enum class Choice : std::uint8_t {
    moved,    // to `chosen`
    fits,     // as it is
    silent,   // nothing came near in this history
    short_,   // of so many weeks fewer than one alarm is wanted
    too_many  // even at the highest multiple
};
struct RungTrials {
    plan::Level level{plan::Level::none};
    std::vector<Trial> trials;  // from the most sensitive on
    std::size_t now{0};         // the one of factor 1
    Choice choice{Choice::fits};
    std::size_t chosen{0};
};
struct LadderTrials {
    std::string plan, trigger;
    std::vector<RungTrials> rungs;
    /// Thresholds in their order, milder to graver; [0] the condition's own, then its overrides.
    std::vector<plan::Ladder> proposed;
    bool changed{false};
    bool crossed{false};  // what is wanted would put a graver level below a milder one: left alone
};
/// A trigger that is not tuned, and why in one word: composite, nothing, zero.
struct Untuned {
    std::string plan, trigger, why;
};

class Tuner {
public:
    Tuner(const plan::RuleSet& rules, TuneWish wish);
    /// Rules that fire once for each trial; pages nobody.
    [[nodiscard]] const plan::RuleSet& probes() const { return probes_; }
    /// From what the probes did.
    [[nodiscard]] std::vector<LadderTrials> propose(const Outcome& outcome) const;
    [[nodiscard]] const std::vector<Untuned>& untuned() const { return untuned_; }

private:
    struct Probe {
        std::size_t ladder, rung, trial;
    };
    void add(const plan::Plan& plan, const plan::Trigger& trigger);
    void count(const Outcome& outcome, std::vector<LadderTrials>& out) const;
    void choose(RungTrials& rung, double weeks) const;
    void order(LadderTrials& of) const;

    const plan::RuleSet& rules_;
    TuneWish wish_;
    plan::RuleSet probes_;
    std::vector<LadderTrials> ladders_;
    std::vector<Probe> probe_of_;  // by the number in a probe's name
    std::vector<Untuned> untuned_;
};

/// The rules with the ladders that are proposed.
[[nodiscard]] plan::RuleSet with_proposals(
    plan::RuleSet rules, const std::vector<LadderTrials>& ladders
);
[[nodiscard]] double weeks_of(const Outcome& outcome);

}  // namespace surged::app::backtest
