// The reading side of the journal: images, inputs in order, page records, rule sets, notes.
//
// Has its own connection and changes nothing, so it may be used beside the writer, on another
// thread. Nothing damaged is ever handed out as if it were good: reading stops and says so.
#pragma once

#include "store/database.hpp"
#include "store/journal.hpp"
#include "store/options.hpp"

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace surged::store {

/// Where a gap was closed: `seq` is its first commit, with a full image; `after_seq` the last
/// before.
struct GapNote {
    std::uint64_t seq{0};
    std::uint64_t after_seq{0};
    Instant instant;
};
struct Quarantined {
    std::uint64_t seq{0};
    std::string why;
};
struct NewestImage {
    std::optional<Image> image;        // none: replay from the start
    std::vector<std::string> damaged;  // images that were passed over, in words
};
/// How far a read came.
struct ReadEnd {
    std::uint64_t last_seq{0};     // of the last good record
    std::uint64_t highest_seq{0};  // of any row, good or not: new inputs start behind it
    /// Records behind last_seq that cannot be used, in words: damage, or a gap that no replay may
    /// cross. The next commit must then bring a gap record and a full snapshot.
    std::optional<std::string> lost;
    std::uint64_t skipped{0};  // quarantined inputs, not handed out
    std::uint64_t damaged_pages{0};
};

/// Behind every input there can be: SQLite's integers are signed.
inline constexpr std::uint64_t end_of_journal = std::numeric_limits<std::int64_t>::max();

class JournalReader {
public:
    /// The file must be there. It may be of an older schema: nothing is changed in it.
    [[nodiscard]] static Result<JournalReader> open(const Options& options);

    /// The newest image up to `upto` whose bytes are good; falls back to older ones.
    [[nodiscard]] Result<NewestImage> newest_image(std::uint64_t upto = end_of_journal) const;

    /// Return false to stop.
    using OnInput = std::function<bool(const InputRecord&)>;
    /// `seq`: the commit it is part of ended with this input.
    using OnPage = std::function<void(std::uint64_t seq, const PageRecord&)>;
    /// Every good input with after < seq <= upto, in order; the page records of each commit come
    /// behind its inputs. Stops at the first damage, hole or gap. Holds no long read transaction.
    [[nodiscard]] Result<ReadEnd> read_after(
        std::uint64_t after,
        const OnInput& on_input,
        const OnPage& on_page = {},
        std::uint64_t upto = end_of_journal
    ) const;

    [[nodiscard]] Result<std::optional<RulesRecord>> rules(const std::string& hash) const;
    /// The newest loads of rules, the newest first.
    [[nodiscard]] Result<std::vector<RulesLoad>> loads(std::size_t most) const;
    /// The note of the commit that ends exactly at `seq`.
    [[nodiscard]] Result<std::optional<CommitNote>> note_at(std::uint64_t seq) const;
    [[nodiscard]] Result<std::optional<CommitNote>> last_note() const;
    [[nodiscard]] Result<std::vector<GapNote>> gaps() const;
    [[nodiscard]] Result<std::vector<Quarantined>> quarantined() const;
    /// store_id, created, site, format_version, repairs; nullopt if it is not there.
    [[nodiscard]] Result<std::optional<std::string>> meta(const std::string& key) const;

private:
    JournalReader(Database database, bool packs) : database_{std::move(database)}, packs_{packs} {}
    [[nodiscard]] Result<std::optional<CommitNote>> packed_note_at(std::uint64_t seq) const;
    Database database_;
    bool packs_;  // there is such a table
};

}  // namespace surged::store
