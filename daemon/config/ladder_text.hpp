// New thresholds in the text of a plan, where the old ones stand: all else stays as it was written.
#pragma once

#include "base/error.hpp"
#include "core/plan/rules.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace surged::config {

struct RungEdit {
    std::string trigger;
    std::optional<std::size_t> override_at;  // none: the condition's own ladder
    plan::Level level{plan::Level::none};
    board::Millionths to{0};
};

/// The name of the plan in the text of a plan's file; empty if there is none.
[[nodiscard]] std::string plan_in(std::string_view text);

/// Each threshold in the spelling that its place has: 120s, 85%, 0.40. An override without a ladder
/// of its own is passed over. Refused where a place cannot be told, as behind an alias.
[[nodiscard]] Result<std::string> with_rungs(
    std::string_view text, const std::vector<RungEdit>& edits
);

/// What `patch -p1` takes to make `after` of `before`; empty if they are the same. Lines are
/// changed, never added or taken away. `path`: below the folder that is patched.
[[nodiscard]] std::string unified_diff(
    const std::string& path, std::string_view before, std::string_view after
);

}  // namespace surged::config
