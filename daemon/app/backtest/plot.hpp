// Plots as SVG for one page of HTML. Inside the library only.
#pragma once

#include "app/backtest/telling.hpp"

#include <string>
#include <string_view>

namespace surged::app::backtest {

/// One bar an incident, in the colours of its levels.
[[nodiscard]] std::string incident_bars(const Outcome& outcome, const Telling& tell);
/// The figure against the lines of its thresholds, and when it fired.
[[nodiscard]] std::string series_plot(
    const Outcome& outcome, const Series& series, const Telling& tell
);

}  // namespace surged::app::backtest
