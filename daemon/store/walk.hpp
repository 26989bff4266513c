// One reading of the journal: commits in their order, wherever they are stored, and an account of
// how far it came.
#pragma once

#include "store/database.hpp"
#include "store/envelope.hpp"
#include "store/pack.hpp"
#include "store/reader.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace surged::store {

/// Hands out commits in the order of their ids, from packs and from rows. May be used while the
/// housekeeping thread packs: what is no longer a row is looked for in a pack.
class Commits {
public:
    /// From the first commit on that ends at input `after` or behind it.
    /// @param packs  whether the file has that table (schema 2)
    [[nodiscard]] static Result<Commits> from(
        const Database& database, std::uint64_t after, bool packs
    );

    enum class Got : std::uint8_t { some, stopped, nothing };
    /// A pack of commits, or some rows. No read transaction is left behind.
    [[nodiscard]] Result<Got> some(const OnCommit& on_commit);

private:
    Commits(std::int64_t at, Statement rows, std::optional<Statement> packs)
        : at_{at}, rows_{std::move(rows)}, packs_{std::move(packs)} {}
    Result<Got> pack(const OnCommit& on_commit);
    Result<Got> rows(const OnCommit& on_commit, bool look_again);

    std::int64_t at_;  // the id of the last commit handed out, or passed over
    Statement rows_;
    std::optional<Statement> packs_;
};

/// What a reader wants of the commits, and how far it came.
class Walk {
public:
    Walk(
        std::uint64_t after,
        std::uint64_t upto,
        std::vector<GapNote> gaps,
        std::vector<Quarantined> quarantined,
        const JournalReader::OnInput& on_input,
        const JournalReader::OnPage& on_page
    );

    /// False: there is nothing more to read.
    bool commit(const StoredCommit& commit);
    bool lose(std::string what);
    [[nodiscard]] ReadEnd end() const { return end_; }

private:
    bool record(const Envelope& e, bool pages_wanted);

    std::uint64_t after_, upto_;
    std::vector<GapNote> gaps_;
    std::vector<Quarantined> quarantined_;
    const JournalReader::OnInput& on_input_;
    const JournalReader::OnPage& on_page_;
    ReadEnd end_;
};

}  // namespace surged::store
