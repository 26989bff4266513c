// surgectl reload and rules: other rules into force, what they change, and those before.
#pragma once

#include "app/cli/common.hpp"
#include "core/plan/level.hpp"

#include <boost/json/value.hpp>
#include <string>
#include <vector>

namespace surged::app::cli {

struct ReloadOptions {
    std::string by, why, confirm;
    bool diff{false};                  // only what would change
    std::vector<std::string> folders;  // offline: the old rules, the new ones
};
/// The rules again; a finding with every mistake if they are wrong (the old ones stay), or while a
/// second person must agree. With `diff` a finding if nothing can be compared.
[[nodiscard]] Exit reload(const Globals& globals, const ReloadOptions& options);

struct RulesOptions {
    std::string version, other, file;
    bool text{false};  // line by line
};
[[nodiscard]] Exit rules_versions(const Globals& globals);
/// The files of a version; with `file` that one alone.
[[nodiscard]] Exit rules_show(const Globals& globals, const RulesOptions& options);
/// Two versions; without `other`: the version and what is in force.
[[nodiscard]] Exit rules_diff(const Globals& globals, const RulesOptions& options);

/// The answer of GET /api/v1/rules/diff, a change a line.
[[nodiscard]] std::string changes_text(
    const boost::json::value& comparison, plan::Language language
);
/// Two texts line by line, with three lines around each change; empty if they are the same.
[[nodiscard]] std::string line_difference(
    const std::string& name, const std::string& before, const std::string& after
);

}  // namespace surged::app::cli
