// Commands of surgectl that define their own options. What they are to run is put into `run`.
#pragma once

#include "app/cli/common.hpp"

#include <functional>

namespace CLI {  // NOLINT(readability-identifier-naming): the library's own name
class App;
}

namespace surged::app::cli {

using Run = std::function<Exit(const Globals&)>;

void define_backtest(CLI::App& app, Run& run);
void define_explain(CLI::App& app, Run& run);
void define_reload(CLI::App& app, Run& run);
void define_replay(CLI::App& app, Run& run);
void define_rules(CLI::App& app, Run& run);
void define_threshold(CLI::App& app, Run& run);
void define_tune(CLI::App& app, Run& run);

}  // namespace surged::app::cli
