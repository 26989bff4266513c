// What changes in behaviour between two rule sets, for people who must agree to it.
#pragma once

#include "core/plan/rules.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace surged::plan {

enum class What : std::uint8_t {
    plan_added,
    plan_removed,
    trigger_added,
    trigger_removed,
    condition,   // it is built otherwise: its parts are not compared one by one
    threshold,   // of `level`
    hold,        // `for` of `level`
    way_down,    // margin, clear hold, dwell
    floor,       // what must be so large before the value speaks
    figure,      // what is measured, or what it is compared with
    paging,      // who is paged, and when not
    activation,  // of `level`
    step,
    scope,  // queues, channels, what it yields to, what mutes it, when it ends
    person,
    team,
    calendar,
    site,
    words,  // titles, notices, cards: nothing that runs
};
/// A word for JSON: "threshold".
[[nodiscard]] std::string_view name_of(What what);

/// One change. `before` and `after` are amounts and names, alike in every language.
struct Change {
    What what{What::site};
    std::string plan{}, trigger{};
    std::string subject{};  // which part: the figure, the step, the person, the key
    Level level{Level::none};
    std::string before{}, after{};      // empty: it was not there, or is not any more
    std::vector<std::string> queues{};  // of thresholds and the like; "*": all, or all others
    std::string during{};               // only in this calendar
    bool operator==(const Change&) const = default;
};

/// `seen`, the queues that the site names, and those that overrides name without a glob.
[[nodiscard]] std::vector<std::string> queues_of(
    const RuleSet& before, const RuleSet& after, const std::vector<std::string>& seen
);

/// What runs first, words last. `queues`: those to tell apart; overrides that name others apply to
/// "*". Never empty for sets that differ. Contact addresses are not told.
[[nodiscard]] std::vector<Change> difference(
    const RuleSet& before, const RuleSet& after, const std::vector<std::string>& queues
);

}  // namespace surged::plan
