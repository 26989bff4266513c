// surgectl top: a live wallboard in the terminal, or one picture for a script.
#pragma once

#include "app/cli/common.hpp"

#include <string>

namespace surged::app::cli {

struct TopOptions {
    bool once{false};  // one picture, then the end; so too where there is no terminal
    std::string every{"1s"};
};

/// Until q, Ctrl-C or SIGTERM. A finding if surged does not answer at the start.
[[nodiscard]] Exit top(const Globals& globals, const TopOptions& options);

}  // namespace surged::app::cli
