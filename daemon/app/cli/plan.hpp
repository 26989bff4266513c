// surgectl plan show, print and new: plans on disk. They need no daemon and no secret.
#pragma once

#include "app/cli/common.hpp"

#include <string>
#include <vector>

namespace surged::app::cli {

struct PlanPrintOptions {
    std::vector<std::string> plans;  // names or sources (P06); empty: all
    std::string rules{"/etc/surged/rules"};
    std::string format{"text"};  // or html
    std::string to;              // a file; empty: standard output
    bool contacts{true};
};
[[nodiscard]] Exit plan_print(const Globals& globals, const PlanPrintOptions& options);

struct PlanNewOptions {
    std::string name, zh, en, source;
    std::string rules{"/etc/surged/rules"};
};
/// Writes plans/NAME.yaml from the template, never over a file that is there.
[[nodiscard]] Exit plan_new(const Globals& globals, const PlanNewOptions& options);

}  // namespace surged::app::cli
