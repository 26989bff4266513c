// Many old commits as one compressed record. Layout in docs/reference/journal.md.
//
// What a row costs is not its content: SQLite's cell and index, and 36 bytes of envelope a record.
// In a pack the envelopes stand column by column and shrink to next to nothing; they are made
// again, byte for byte, when the pack is read.
#pragma once

#include "base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace surged::store {

/// A commit as it is stored: in a row of `commits`, or in a pack.
struct StoredCommit {
    std::uint64_t first_seq{0};  // 0: it has no inputs
    std::uint64_t last_seq{0};
    Instant instant;
    std::uint64_t effect_hash{0};
    std::string_view state_hash;
    std::string_view records;  // sealed, end to end; as they are, be they damaged
    bool operator==(const StoredCommit&) const = default;
};

/// The commits, in order, as one sealed record. At least one.
[[nodiscard]] std::string pack(std::span<const StoredCommit> commits, std::uint16_t core_version);

/// Return false to stop. What the commit points to lives as long as the call.
using OnCommit = std::function<bool(const StoredCommit&)>;
/// The commits of what pack() made, in order.
/// @param most  bytes that it may unpack to; more is a fault
/// @return      why it cannot be read to its end, in words; empty: it could, or was stopped
[[nodiscard]] std::string unpack(
    std::string_view sealed, const OnCommit& on_commit, std::size_t most = std::size_t{1} << 30
);

}  // namespace surged::store
