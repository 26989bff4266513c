// Reads on while the engine works.
#pragma once

#include "app/backtest/history.hpp"
#include "base/error.hpp"

#include <functional>

namespace surged::app::backtest {

/// Gives all of the history to `take`, input by input in order, on this thread; what comes next is
/// read on another meanwhile. Error: what `history` could not read; `take` had all before it.
[[nodiscard]] Status read_ahead(History& history, const std::function<void(engine::Input&&)>& take);

}  // namespace surged::app::backtest
