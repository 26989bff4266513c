// How values of the journal become rows. Called inside a transaction by whoever writes.
#pragma once

#include "store/database.hpp"
#include "store/journal.hpp"

#include <cstdint>
#include <string_view>

namespace surged::store {

/// Where the journal ends.
struct Tip {
    std::uint64_t seq{0};  // of the last record; 0: nothing was ever journaled
    Instant instant;
    bool operator==(const Tip&) const = default;
};
[[nodiscard]] Result<Tip> read_tip(const Database& database);

/// What is wrong with putting `commit` behind `tip`, in words; empty if it may go there. Inputs
/// follow without a hole, the first being 1, except in a commit that brings a whole image: that one
/// may leave a gap.
[[nodiscard]] std::string misfit(const Commit& commit, const Tip& tip);
/// Where the journal ends once `commit` is behind `tip`.
[[nodiscard]] Tip advance(const Commit& commit, const Tip& tip);

[[nodiscard]] Status write_commit(
    const Database& database, const Commit& commit, const Tip& tip, std::uint16_t core_version
);
[[nodiscard]] Status write_image(
    const Database& database, const Image& image, bool after_gap, std::uint16_t core_version
);

/// Keys of `meta` under which loads of rules stand, in their order: a prefix, and the first key
/// that has it no more.
inline constexpr std::string_view load_keys{"rules/"}, load_keys_end{"rules0"};

/// Bytes that a commit takes in memory, roughly: for the bounds of queues and groups.
[[nodiscard]] std::size_t size_of(const Commit& commit);

}  // namespace surged::store
