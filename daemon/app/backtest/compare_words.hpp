// The cells of a comparison, which text and HTML share. Inside the library only.
#pragma once

#include "app/backtest/compare.hpp"
#include "app/backtest/telling.hpp"

#include <string>
#include <vector>

namespace surged::app::backtest {

class CompareWords {
public:
    using Cells = std::vector<std::string>;
    CompareWords(const Sheet& now, const Sheet& before, plan::Language language)
        : now_{now},
          before_{before},
          tell_{now.outcome, language},
          tell_before_{before.outcome, language} {}

    [[nodiscard]] Cells preface() const;
    [[nodiscard]] std::string nothing_fired() const;
    [[nodiscard]] std::string surges_title() const;
    [[nodiscard]] Cells surge_headings() const;
    [[nodiscard]] Cells surge_cells(const Surge& surge) const;
    [[nodiscard]] std::string levels_title() const;
    [[nodiscard]] Cells level_headings() const;
    [[nodiscard]] Cells level_cells(plan::Level level, const LevelCount& count) const;
    [[nodiscard]] std::string people_title(const Comparison& both) const;
    [[nodiscard]] Cells people_headings() const;
    [[nodiscard]] Cells people_cells(const std::string& id, const PersonShifts& person) const;
    /// "4 min earlier", "30 s later", "at once".
    [[nodiscard]] std::string lead(std::optional<Micros> earlier) const;

private:
    [[nodiscard]] std::string plan(const std::string& name) const;
    [[nodiscard]] std::string person(const std::string& id) const;
    [[nodiscard]] std::string half(const Half& half) const;

    const Sheet& now_;
    const Sheet& before_;
    Telling tell_, tell_before_;
};

}  // namespace surged::app::backtest
