// surgectl dry-run: who is paged by what and when, which steps open, if nobody answers.
#pragma once

#include "app/cli/common.hpp"

#include <string>

namespace surged::app::cli {

struct DryRunOptions {
    std::string plan;
    std::string level{"III"}, at, kind, queue, lasts{"2h"};
    std::string rules{"/etc/surged/rules"};
};
[[nodiscard]] Exit dry_run(const Globals& globals, const DryRunOptions& options);

}  // namespace surged::app::cli
