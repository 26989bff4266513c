// "Did you mean": what a mistyped word was probably meant to be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace surged {

/// The candidate that `word` was probably meant to be; empty if none is near, or two are as near.
/// Where none is near, those of which `word` is a whole part ("waiting": "calls_waiting or
/// waiting_per_agent"), three at most.
/// @cost  |word| × |candidate| each; words beyond 64 bytes have no neighbour.
[[nodiscard]] std::string nearest(
    std::string_view word, const std::vector<std::string_view>& candidates
);

/// `word` is `meant`, mistyped: one edit, or two where there are letters enough to be sure.
/// @cost  as nearest, for one candidate
[[nodiscard]] bool is_mistyped(std::string_view word, std::string_view meant);

}  // namespace surged
