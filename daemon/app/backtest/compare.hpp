// Two rule sets over the same history: what each would have fired, and whom it would have paged.
#pragma once

#include "app/backtest/report.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace surged::app::backtest {

/// What one rule set made of a surge. Without an incident it saw nothing of it.
struct Half {
    std::size_t incidents{0};
    std::optional<Instant> opened;
    plan::Level highest{plan::Level::none};
    plan::PerLevel<std::optional<Instant>> reached;  // first at that level or a graver one
    std::uint64_t pages{0};
    [[nodiscard]] bool fired() const { return incidents > 0; }
};
/// Incidents of one plan that overlap in time, on queues that they share, in either rule set.
struct Surge {
    std::string plan;
    std::set<std::string> queues;
    Half now, before;
    /// How much earlier the new rules reach the level; none: only one of them does.
    [[nodiscard]] std::optional<Micros> earlier(plan::Level level) const;
};

/// Surges that reached a level, by who saw them.
struct LevelCount {
    std::uint64_t only_now{0}, only_before{0}, both{0};
    std::optional<Micros> lead;  // median of Surge::earlier of both
};
struct PersonShifts {
    PersonTally now, before;
};
struct Comparison {
    std::vector<Surge> surges;  // by the earlier opening
    plan::PerLevel<LevelCount> levels;
    std::map<std::string, PersonShifts> people;
    std::uint64_t pages_now{0}, pages_before{0};
};

[[nodiscard]] Comparison compare(const Outcome& now, const Outcome& before);
/// The lower of the two in the middle; nullopt of nothing.
[[nodiscard]] std::optional<Micros> median(std::vector<Micros> values);

/// `now` and `before` have read the same.
[[nodiscard]] std::string text_comparison(
    const Sheet& now, const Sheet& before, plan::Language language
);
[[nodiscard]] std::string json_comparison(const Sheet& now, const Sheet& before);
[[nodiscard]] std::string html_comparison(
    const Sheet& now, const Sheet& before, plan::Language language
);

}  // namespace surged::app::backtest
