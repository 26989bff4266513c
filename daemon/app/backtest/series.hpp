// Figures of the triggers over time, for plots: looked at now and then, in bounded memory.
#pragma once

#include "app/backtest/outcome.hpp"
#include "core/engine/engine.hpp"

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace surged::app::backtest {

class SeriesKeeper {
public:
    /// Beyond so many points every second one goes, and the next come half as often. Of a pair the
    /// graver point stays.
    static constexpr std::size_t points_max = 1500;
    static constexpr std::size_t series_max = 2000;

    /// Looks from `at` on.
    void begin(Instant at) { next_ = at; }
    /// When to look next; nullopt: never.
    [[nodiscard]] std::optional<Instant> next() const { return next_; }
    void look(const engine::Engine& engine, const plan::RuleSet& rules);
    [[nodiscard]] Micros every() const { return every_; }
    /// Those that have fired; the gravest first.
    [[nodiscard]] std::vector<Series> take();

private:
    Series* series_for(const engine::TriggerView& view, const plan::RuleSet& rules);
    void thin_out();
    std::optional<Instant> next_;
    Micros every_{10s};
    std::size_t count_{0};  // points of the longest
    std::map<std::tuple<std::string, std::string, std::string>, std::size_t> index_;
    std::vector<Series> all_;
};

}  // namespace surged::app::backtest
