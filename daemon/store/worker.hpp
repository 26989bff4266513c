// The journal in SQLite, and the one thread that writes it.
//
// Commits wait in a bounded queue; everything that waits goes into one transaction (group commit),
// so a slow disk makes groups larger, not the queue longer. A transaction that fails is rolled back
// whole: its commits, and those behind them, are answered durable=false, because the journal never
// leaves a hole in the sequence. It opens again with a commit that brings a full snapshot (or with
// the very commit that failed, sent again). Commits that are refused meanwhile still drive the
// repair: Committed::ready says when that snapshot is worth sending.
#pragma once

#include "store/journal.hpp"
#include "store/options.hpp"
#include "store/writer.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace surged::store {

/// Counts since the journal was opened, for metrics.
struct JournalStats {
    bool up{true};  // the last transaction or repair went well
    std::uint64_t transactions{0};
    std::uint64_t commits{0};  // durable ones
    std::uint64_t failed{0};   // commits answered durable=false
    std::uint64_t slow{0};     // commits that took longer than Options::slow_commit
    std::uint64_t repairs{0};  // times it went from failing to up
    std::size_t waiting{0};    // commits in the queue
};

class SqliteJournal final : public Journal {
public:
    /// Takes the folder's lock, makes or migrates the file, starts the thread.
    [[nodiscard]] static Result<std::unique_ptr<SqliteJournal>> open(const Options& options);
    ~SqliteJournal() override;

    /// Never blocks. With the queue full the commit is dropped and answered durable=false.
    void append(Commit commit, Done done) override;
    /// Commits what waits, answers everything, closes the file. append() afterwards is answered
    /// durable=false on the caller's thread.
    void close();

    /// Where the journal ended when it was opened: new inputs start behind it.
    [[nodiscard]] Tip opened_at() const { return opened_at_; }
    [[nodiscard]] JournalStats stats() const;

private:
    using Clock = std::chrono::steady_clock;
    struct Waiting {
        Commit commit;
        Done done;
        Clock::time_point since;
        std::size_t size{0};
        std::string refusal;  // not empty: it will not be written, and why
    };
    SqliteJournal(Options options, std::unique_ptr<Writer> writer);

    void run();
    std::vector<Waiting> take_group();
    void commit_group(std::vector<Waiting>& group);
    void answer(Waiting& waiting, const std::string& error, bool ready);

    const Options options_;
    const Tip opened_at_;
    const std::unique_ptr<Writer> writer_;  // of the store thread
    std::atomic<std::uint64_t> commits_{0}, failed_{0}, slow_{0};

    // The hand-over between the threads.
    mutable std::mutex mutex_;
    std::condition_variable filled_;
    std::deque<Waiting> queue_;
    std::size_t queue_bytes_{0};
    bool closing_{false};
    std::thread thread_;  // last: it uses everything above
};

}  // namespace surged::store
