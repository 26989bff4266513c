// The figures of a run as tables of docs/performance.md.
#pragma once

#include "bench/record.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace surged::bench {

/// What stands between these lines is made from a run.
inline constexpr std::string_view figures_begin = "<!-- made by script/bench --page -->\n";
inline constexpr std::string_view figures_end = "<!-- until here -->\n";

/// Markdown: every figure beside its bound and what is asked of it; and a table of growth, of those
/// named "growth, SIZE: WHAT".
[[nodiscard]] std::string tables(const Run& run);

/// The page with the tables of `run` in place of those it has; nullopt if it has no place for them.
[[nodiscard]] std::optional<std::string> renewed(std::string_view page, const Run& run);

}  // namespace surged::bench
