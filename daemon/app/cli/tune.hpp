// surgectl tune: which thresholds would have given the wanted number of alarms?
#pragma once

#include "app/cli/common.hpp"

#include <string>
#include <vector>

namespace surged::app::cli {

struct TuneOptions {
    std::string rules{"/etc/surged/rules"};
    std::vector<std::string> want;      // III=1: alarms a week of each trigger
    std::vector<std::string> triggers;  // plan, or plan/trigger; empty: all
    std::string patch;                  // a file for the difference alone; empty: none
    std::string source;                 // as of backtest
    std::vector<std::string> files;     // read twice: standard input is refused
};

/// Fine with and without a proposal. A finding if the rules are wrong, a file cannot be read, or
/// the history has no event.
[[nodiscard]] Exit tune(const Globals& globals, const TuneOptions& options);

}  // namespace surged::app::cli
