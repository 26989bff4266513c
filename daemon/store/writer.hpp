// Writes group commits into the journal's file, and repairs it after a failure. Has no thread and
// no queue of its own: SqliteJournal gives it both.
#pragma once

#include "store/database.hpp"
#include "store/journal.hpp"
#include "store/lock.hpp"
#include "store/options.hpp"
#include "store/writing.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace surged::store {

class Writer {
public:
    /// Takes the folder's lock, makes or migrates the file.
    [[nodiscard]] static Result<std::unique_ptr<Writer>> open(const Options& options);

    /// Writes all of the group that fits in one transaction. For each, in order: why it was not
    /// written; empty: it is durable. A failing file is repaired first, if its time has come.
    [[nodiscard]] std::vector<std::string> write(const std::vector<const Commit*>& group);
    /// False: failing; the file must be opened anew.
    [[nodiscard]] bool ready() const { return database_.has_value(); }
    [[nodiscard]] Tip tip() const { return tip_; }
    void close() { database_.reset(); }

    // For metrics, from any thread.
    [[nodiscard]] bool up() const { return up_; }
    [[nodiscard]] std::uint64_t transactions() const { return transactions_; }
    [[nodiscard]] std::uint64_t repairs() const { return repairs_; }

private:
    using Clock = std::chrono::steady_clock;
    Writer(const Options& options, FolderLock lock, Database database, Tip tip);

    Status write_all(
        const std::vector<const Commit*>& group, const std::vector<std::string>& refusals
    );
    void note_failure(const Error& error);
    void repair();

    const Options options_;
    const FolderLock lock_;
    std::optional<Database> database_;  // empty: failing
    Tip tip_;
    std::string failure_;
    Clock::time_point tried_repair_{};
    std::atomic<bool> up_{true};
    std::atomic<std::uint64_t> transactions_{0}, repairs_{0};
};

}  // namespace surged::store
