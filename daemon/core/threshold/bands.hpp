// The values of a leaf at which nothing changes. Inside the library only.
#pragma once

#include "core/threshold/evaluate.hpp"

#include <cstdint>

namespace surged::threshold {

[[nodiscard]] inline std::uint8_t bit_of(plan::Level level) {
    return static_cast<std::uint8_t>(1U << (static_cast<unsigned>(level) - 1U));
}
[[nodiscard]] inline bool is_at_rest(const Steady& steady) {
    return steady.level == plan::Level::none && steady.over == 0;
}
/// What a leaf in force is by what its node remembers, but for its bands.
[[nodiscard]] Steady steady_leaf(const plan::Leaf& leaf, const LeafState& node);
/// The same with its bands.
[[nodiscard]] Steady banded_leaf(
    const plan::Leaf& leaf, const Context& context, const LeafState& node
);

}  // namespace surged::threshold
