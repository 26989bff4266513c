// Recovery: the newest snapshot, then the journal's tail; effects are dropped, they had their time.
//
// The same walk makes the housekeeping thread's snapshots and answers "what was the state then".
#pragma once

#include "base/error.hpp"
#include "core/engine/engine.hpp"
#include "store/journal.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace surged::app {

/// What recovery needs of a journal; a test may give it from memory.
struct JournalView {
    std::function<Result<std::optional<store::Image>>()> newest_image;
    /// Calls `visit` for every input after `seq`, in order, until it returns false.
    std::function<Result<std::uint64_t>(
        std::uint64_t seq, const std::function<bool(const store::InputRecord&)>& visit
    )>
        inputs_after;
    std::function<std::optional<store::RulesRecord>(const std::string& hash)> rules;
    std::function<void(std::uint64_t seq)> before_step;  // may be empty
};

struct Recovered {
    engine::Engine engine;
    std::uint64_t last_seq{0};
    Instant last_instant;
    std::uint64_t replayed{0};
    std::uint64_t effect_hash{0};
    std::string note;  // what was passed over, in words; empty: nothing
    /// Why the walk ended before the journal did; empty: it did not. Paging goes on from there: a
    /// daemon that does not start is worse than one that has forgotten.
    std::string lost;
};

/// `from_start`: ignore snapshots. `until`: stop after this seq.
[[nodiscard]] Result<Recovered> recover(
    const JournalView& journal,
    bool from_start = false,
    std::optional<std::uint64_t> until = std::nullopt
);

/// Goes on from an image with the inputs after it.
[[nodiscard]] Result<Recovered> recover_from(
    const JournalView& journal,
    const std::optional<store::Image>& image,
    std::optional<std::uint64_t> until
);

/// Hex SHA-256 over the canonical state.
[[nodiscard]] std::string state_hash(const engine::Engine& engine);

}  // namespace surged::app
