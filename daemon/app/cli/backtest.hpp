// surgectl backtest: what would these rules have done on recorded days?
#pragma once

#include "app/cli/common.hpp"

#include <string>
#include <vector>

namespace surged::app::cli {

struct BacktestOptions {
    std::string rules{"/etc/surged/rules"};
    std::string against;             // other rules to compare with; empty: none
    std::string config;              // a surged.yaml, whose rules are taken instead
    std::string format{"text"};      // text, json, html
    std::string out;                 // a file; empty: standard output
    std::string ack_after;           // "2m": each page is taken so long after it came; empty: never
    std::string source;              // the name of the feed that the files are of; empty: none's
    std::vector<std::string> files;  // "-" is standard input
};

/// Fine whatever has fired. A finding if the rules are wrong, a file cannot be read, or there is no
/// event in any of them.
[[nodiscard]] Exit backtest(const Globals& globals, const BacktestOptions& options);

}  // namespace surged::app::cli
