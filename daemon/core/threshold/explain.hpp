// Why a condition stands where it does: each node with what it sees and what it remembers.
//
// For people who ask. It points into the rules and is true only until the next input.
#pragma once

#include "core/threshold/evaluate.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace surged::threshold {

/// A figure that must be so large before the leaf has a value.
struct FloorTold {
    board::Measure measure;
    board::Millionths least{0};
    std::optional<board::Quantity> value;
    bool met{false};
};

struct NodeTold {
    const plan::Condition* condition{nullptr};
    std::size_t depth{0};
    bool asleep{false};  // its calendar (`during`) is not in force
    LeafState state;     // what it remembers; fresh if it was never evaluated
    // Of a leaf.
    const plan::Leaf* leaf{nullptr};            // in force for this queue
    std::size_t override_number{0};             // which override that is, from 1; 0: as written
    bool temporary{false};                      // a person's ladder stands in place of the leaf's
    plan::Ladder ladder;                        // in force
    std::optional<board::Quantity> measured;    // as the board has it
    std::optional<board::Millionths> expected;  // what it is divided by, where it is relative
    std::optional<board::Quantity> value;       // what meets the ladder: multiple, change or figure
    bool has_data{true};                        // what feeds the figure is there
    bool counts{true};                          // floors and minimums let the value speak
    bool held_up{false};                        // callers older than T wait: it cannot come down
    std::vector<FloorTold> floors;
    std::uint64_t contacts{0};  // against min_calls
    std::uint64_t count{0};     // against min_count
    // Of an absence, an alert, a report, a date.
    bool silent{false};
    std::string told;
};

/// In preorder. `context` as for evaluate(); `state` is not brought up to date.
[[nodiscard]] std::vector<NodeTold> explain(
    const plan::Condition& condition, const Context& context, const State& state
);

}  // namespace surged::threshold
