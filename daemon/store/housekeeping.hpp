// What keeps the journal small and quick to start from: checkpoints, images, retention.
//
// Each job is one call with its own connection, on whatever thread has the time (see Housekeeper);
// none of them holds the writer up for longer than one small transaction.
#pragma once

#include "store/database.hpp"
#include "store/journal.hpp"
#include "store/options.hpp"
#include "store/packing.hpp"
#include "store/reader.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

namespace surged::store {

struct KeepingRules {
    Micros retention{std::chrono::days{30}};
    std::size_t images_kept{3};   // the newest ones; at least 2, so that one may be damaged
    std::size_t loads_kept{200};  // of rules, whatever their age
    std::size_t log_bytes_max{std::size_t{64} << 20};  // a longer write-ahead log is emptied
    PackingRules packing;
};

/// The live engine and the replay of its journal came to different effects: a fault in the core.
struct Difference {
    std::uint64_t seq{0};
    std::uint64_t live{0}, replayed{0};  // effect hashes
};

/// Replays the journal into a new image as of input `upto`: newest image + committed tail, effects
/// dropped. Given by the app; runs on the housekeeping thread.
using MakeImage = std::function<Result<Image>(const JournalReader& journal, std::uint64_t upto)>;

class Housekeeping {
public:
    [[nodiscard]] static Result<Housekeeping> open(const Options& options, KeepingRules rules);

    /// Copies the write-ahead log into the file, if a commit came since it was last copied whole;
    /// empties it if it grew too long. No other process and thread may checkpoint this file.
    [[nodiscard]] Status checkpoint();

    struct ImageResult {
        std::uint64_t seq{0};                  // 0: nothing new since the last image
        std::optional<Difference> difference;  // then nothing was stored
    };
    /// Makes an image of the last commit, compares its effect hash with the one that the live
    /// engine noted there, stores it if they are the same, and deletes images that are no longer
    /// needed.
    [[nodiscard]] Result<ImageResult> make_image(const MakeImage& make) const;

    /// Packs the oldest commits that are still rows, where there are enough (pack_old()).
    /// @return commits packed
    [[nodiscard]] Result<std::uint64_t> pack() const;

    /// Deletes commits that are older than the retention and before the images kept, in small
    /// transactions; packs whole. "Now" is the instant of the last commit.
    /// @return commits deleted
    [[nodiscard]] Result<std::uint64_t> delete_old() const;

    /// Deletes loads of rules that are older than the retention and not among the newest, and the
    /// sets that no load that is kept names.
    [[nodiscard]] Status delete_rules() const;

private:
    Housekeeping(
        Options options,
        KeepingRules rules,
        Database database,
        JournalReader reader,
        std::int64_t newest_commit
    );
    [[nodiscard]] Result<Instant> oldest_kept() const;
    [[nodiscard]] Status delete_images() const;
    /// What the next delete takes: the oldest pack, or else rows.
    struct Doomed {
        std::int64_t commits{0}, last_id{0}, last_seq{0};
    };
    [[nodiscard]] Result<Doomed> doomed(std::int64_t base, Instant oldest) const;

    Options options_;
    KeepingRules rules_;
    Database database_;
    JournalReader reader_;
    std::int64_t checkpointed_;  // the newest commit when the log had been copied whole
};

}  // namespace surged::store
