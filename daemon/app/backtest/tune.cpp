#include "app/backtest/tune.hpp"

#include "app/backtest/compare.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <utility>

namespace surged::app::backtest {
namespace {

using board::Millionths;
using plan::Level;

constexpr std::array<double, 13> factors{
    0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3
};
constexpr std::size_t unmoved = 5;
static_assert(factors[unmoved] == 1);

/// As a person would write it: whole seconds and counts, two digits of everything else.
Millionths rounded(double millionths, const plan::Leaf& leaf) {
    const board::Unit unit = board::info_of(leaf.measure.kpi).unit;
    const bool plain = leaf.ratio_to == plan::Relative::none && leaf.change_over == Micros{0};
    if (plain && (unit == board::Unit::seconds || unit == board::Unit::count))
        return std::llround(millionths / 1e6) * 1'000'000;
    if (millionths == 0) return 0;
    const double digit = std::pow(10, std::floor(std::log10(std::abs(millionths))) - 1);
    return std::llround(std::round(millionths / digit) * digit);
}

/// A multiple on the side of calm for `factor` > 1: of a ladder that fires below, a fraction.
Millionths scaled(Millionths at, double factor, const plan::Leaf& leaf) {
    if (factor == 1) return at;
    const double by = leaf.ladder.below ? 1 / factor : factor;
    return rounded(static_cast<double>(at) * by, leaf);
}

bool possible(Millionths at, const plan::Leaf& leaf) {
    const bool share = board::info_of(leaf.measure.kpi).share &&
                       leaf.ratio_to == plan::Relative::none && leaf.change_over == Micros{0};
    return at > 0 && (!share || at < 1'000'000);
}

std::vector<plan::Leaf*> leaves_of(plan::Condition& condition) {
    std::vector<plan::Leaf*> out{&condition.leaf};
    for (plan::Override& other : condition.overrides) out.push_back(&other.leaf);
    return out;
}
std::vector<const plan::Leaf*> leaves_of(const plan::Condition& condition) {
    std::vector<const plan::Leaf*> out{&condition.leaf};
    for (const plan::Override& other : condition.overrides) out.push_back(&other.leaf);
    return out;
}

/// Only this rung, at a multiple; false: it cannot stand there.
bool keep_one(plan::Condition& condition, Level level, double factor) {
    bool fine = true;
    for (plan::Leaf* leaf : leaves_of(condition)) {
        const auto at = leaf->ladder.at.at(level);
        leaf->ladder.at = {};
        if (!at) continue;
        leaf->ladder.at.at(level) = scaled(*at, factor, *leaf);
        fine = fine && (factor == 1 || possible(*leaf->ladder.at.at(level), *leaf));
    }
    return fine;
}

bool is_wanted(const TuneWish& wish, const plan::Plan& plan, const plan::Trigger& trigger) {
    if (wish.triggers.empty()) return true;
    return std::any_of(wish.triggers.begin(), wish.triggers.end(), [&](const std::string& one) {
        return one == plan.name || one == plan.name + "/" + trigger.id;
    });
}

bool beyond(const plan::Ladder& ladder, Millionths graver, Millionths milder) {
    return ladder.below ? graver < milder : graver > milder;
}

}  // namespace

double weeks_of(const Outcome& outcome) {
    if (!outcome.from || !outcome.to) return 0;
    return std::chrono::duration<double>(*outcome.to - *outcome.from).count() / (7 * 86'400.0);
}

Tuner::Tuner(const plan::RuleSet& rules, TuneWish wish) : rules_{rules}, wish_{std::move(wish)} {
    probes_.site = rules.site;
    probes_.companions = rules.companions;
    for (const auto& [name, plan] : rules.plans)
        for (const plan::Trigger& trigger : plan.triggers)
            if (is_wanted(wish_, plan, trigger)) add(plan, trigger);
}

void Tuner::add(const plan::Plan& plan, const plan::Trigger& trigger) {
    const auto leave = [&](std::string why) {
        untuned_.push_back({plan.name, trigger.id, std::move(why)});
    };
    if (trigger.condition.kind != plan::ConditionKind::leaf) return leave("composite");
    LadderTrials ladder{plan.name, trigger.id, {}, {}, false, false};
    for (const Level level : plan::levels) {
        const auto& at = trigger.condition.leaf.ladder.at.at(level);
        if (!wish_.a_week.at(level) || !at) continue;
        if (*at <= 0) return leave("zero");
        RungTrials rung;
        rung.level = level;
        for (const double factor : factors) {
            plan::Plan probe;
            probe.name = fmt::format("{:06}", probe_of_.size());
            probe.scope = plan::Scope::queue;
            probe.queues = plan.queues;
            for (auto& rule : probe.activation.of)
                rule = plan::ActivationRule{plan::Activation::warn};
            probe.end.when_clear_for = plan.end.when_clear_for;
            plan::Trigger& copy = probe.triggers.emplace_back(trigger);
            copy.inhibited_by.clear();
            copy.page.clear();
            if (!keep_one(copy.condition, level, factor)) continue;
            const Millionths threshold = *copy.condition.leaf.ladder.at.at(level);
            if (!rung.trials.empty() && rung.trials.back().threshold == threshold) {
                if (factor != 1) continue;  // too fine to tell apart
                rung.trials.pop_back();
                probes_.plans.erase(fmt::format("{:06}", probe_of_.size() - 1));
                probe_of_.pop_back();
                probe.name = fmt::format("{:06}", probe_of_.size());
            }
            if (factor == 1) rung.now = rung.trials.size();
            probe_of_.push_back({ladders_.size(), ladder.rungs.size(), rung.trials.size()});
            rung.trials.push_back({factor, threshold, 0, std::nullopt});
            probes_.plans.emplace(probe.name, std::move(probe));
        }
        ladder.rungs.push_back(std::move(rung));
    }
    if (ladder.rungs.empty()) return leave("nothing");
    ladders_.push_back(std::move(ladder));
}

void Tuner::count(const Outcome& outcome, std::vector<LadderTrials>& out) const {
    std::map<std::size_t, std::vector<const IncidentSeen*>> seen;  // by probe
    for (const IncidentSeen& one : outcome.incidents)
        if (one.highest != Level::none) seen[std::stoul(one.plan)].push_back(&one);
    const auto end_of = [&](const IncidentSeen& one) {
        return one.ended.value_or(outcome.to.value_or(one.opened));
    };
    for (const auto& [number, incidents] : seen) {
        const Probe& probe = probe_of_[number];
        RungTrials& rung = out[probe.ladder].rungs[probe.rung];
        Trial& trial = rung.trials[probe.trial];
        trial.alarms = incidents.size();
        const auto as_now = seen.find(number - probe.trial + rung.now);
        if (as_now == seen.end()) continue;
        std::vector<Micros> leads;
        for (const IncidentSeen* then : as_now->second)
            for (const IncidentSeen* one : incidents) {
                if (one->queues != then->queues || end_of(*one) < then->opened) continue;
                if (one->opened <= end_of(*then)) leads.push_back(then->opened - one->opened);
                break;
            }
        trial.lead = median(std::move(leads));
    }
}

// The one whose alarms are nearest to what is wanted; of equals the nearest to what is.
void Tuner::choose(RungTrials& rung, double weeks) const {
    const double wanted = *wish_.a_week.at(rung.level) * weeks;
    rung.chosen = rung.now;
    if (wanted < 1) {
        rung.choice = Choice::short_;
        return;
    }
    const auto silent = [](const Trial& trial) { return trial.alarms == 0; };
    if (std::all_of(rung.trials.begin(), rung.trials.end(), silent)) {
        rung.choice = Choice::silent;
        return;
    }
    const auto rank = [&](const Trial& trial) {
        return std::pair{
            std::abs(static_cast<double>(trial.alarms) - wanted), std::abs(std::log(trial.factor))
        };
    };
    const auto best = std::min_element(
        rung.trials.begin(),
        rung.trials.end(),
        [&](const Trial& a, const Trial& b) { return rank(a) < rank(b); }
    );
    if (static_cast<double>(rung.trials.back().alarms) > 2 * wanted) {
        rung.choice = Choice::too_many;
        return;
    }
    rung.chosen = static_cast<std::size_t>(best - rung.trials.begin());
    rung.choice = rung.chosen == rung.now ? Choice::fits : Choice::moved;
}

// A rung that nobody asked about moves along, in proportion, where one that moved would cross it.
void Tuner::order(LadderTrials& of) const {
    const auto& triggers = rules_.plans.at(of.plan).triggers;
    const auto trigger = std::find_if(triggers.begin(), triggers.end(), [&](const auto& one) {
        return one.id == of.trigger;
    });
    for (const plan::Leaf* leaf : leaves_of(trigger->condition)) {
        plan::Ladder ladder = leaf->ladder;
        plan::PerLevel<bool> moved{};
        for (const RungTrials& rung : of.rungs) {
            auto& at = ladder.at.at(rung.level);
            if (rung.choice != Choice::moved || !at) continue;
            at = scaled(*at, rung.trials[rung.chosen].factor, *leaf);
            moved.at(rung.level) = true;
            of.changed = true;
        }
        const auto follow = [&](Level who, Level whom) {
            const double ratio = static_cast<double>(*leaf->ladder.at.at(who)) /
                                 static_cast<double>(*leaf->ladder.at.at(whom));
            ladder.at.at(who) = rounded(static_cast<double>(*ladder.at.at(whom)) * ratio, *leaf);
        };
        std::vector<Level> there;
        for (const Level level : plan::levels)
            if (ladder.at.at(level)) there.push_back(level);
        const auto crosses = [&](std::size_t i) {
            return !beyond(ladder, *ladder.at.at(there[i]), *ladder.at.at(there[i - 1]));
        };
        for (std::size_t i = 1; i < there.size(); ++i)
            if (crosses(i) && moved.at(there[i - 1])) {
                follow(there[i], there[i - 1]);
                moved.at(there[i]) = true;
            }
        for (std::size_t i = there.size(); i-- > 1;)
            if (crosses(i)) follow(there[i - 1], there[i]);
        for (std::size_t i = 0; i < there.size(); ++i) {
            const bool lost = !possible(*ladder.at.at(there[i]), *leaf) || (i > 0 && crosses(i));
            of.crossed = of.crossed || (of.changed && lost);
        }
        of.proposed.push_back(ladder);
    }
    if (of.crossed) of.changed = false;
}

std::vector<LadderTrials> Tuner::propose(const Outcome& outcome) const {
    std::vector<LadderTrials> out = ladders_;
    count(outcome, out);
    const double weeks = weeks_of(outcome);
    for (LadderTrials& ladder : out) {
        for (RungTrials& rung : ladder.rungs) choose(rung, weeks);
        order(ladder);
    }
    return out;
}

plan::RuleSet with_proposals(plan::RuleSet rules, const std::vector<LadderTrials>& ladders) {
    for (const LadderTrials& ladder : ladders) {
        if (!ladder.changed) continue;
        for (plan::Trigger& trigger : rules.plans.at(ladder.plan).triggers) {
            if (trigger.id != ladder.trigger) continue;
            const auto leaves = leaves_of(trigger.condition);
            for (std::size_t i = 0; i < leaves.size(); ++i) leaves[i]->ladder = ladder.proposed[i];
        }
    }
    return rules;
}

}  // namespace surged::app::backtest
