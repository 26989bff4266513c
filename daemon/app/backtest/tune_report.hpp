// What was tried and what is proposed, told to people and programs. Pure.
#pragma once

#include "app/backtest/report.hpp"
#include "app/backtest/tune.hpp"

#include <string>
#include <vector>

namespace surged::app::backtest {

struct TuneSheet {
    TuneWish wish;
    std::vector<LadderTrials> ladders;
    std::vector<Untuned> untuned;
    Sheet before;  // the rules as they are
    Sheet after;   // as proposed; without a proposal it is not looked at
    std::string diff;
    [[nodiscard]] bool proposes() const;
};

[[nodiscard]] std::string text_tuning(const TuneSheet& sheet, plan::Language language);
[[nodiscard]] std::string json_tuning(const TuneSheet& sheet);

}  // namespace surged::app::backtest
