#include "store/worker.hpp"

#include "base/log.hpp"
#include "store/migrate.hpp"

#include <fmt/format.h>
#include <utility>

namespace surged::store {
namespace {

Result<Database> open_for_writing(const Options& options) {
    auto database = Database::open(options.file(), Access::write, options.vfs, options.busy_wait);
    if (!database) return database;
    if (auto done = migrate(*database, options.file()); !done)
        return tl::make_unexpected(std::move(done.error()));
    return database;
}

std::string words(const Error& error) {
    return error.hint.empty() ? error.what : fmt::format("{}; {}", error.what, error.hint);
}

}  // namespace

Result<std::unique_ptr<SqliteJournal>> SqliteJournal::open(const Options& options) {
    auto lock = FolderLock::take(options.path);
    if (!lock) return tl::make_unexpected(std::move(lock.error()));
    auto database = open_for_writing(options);
    if (!database) return tl::make_unexpected(std::move(database.error()));
    if (!options.site.empty()) {
        auto noted = database->run(
            "INSERT OR IGNORE INTO meta (key, value) VALUES ('site', ?)",
            std::string_view{options.site}
        );
        if (!noted) return tl::make_unexpected(std::move(noted.error()));
    }
    auto tip = read_tip(*database);
    if (!tip) return tl::make_unexpected(std::move(tip.error()));
    if (auto synced = sync_folder(options.path); !synced)
        return tl::make_unexpected(std::move(synced.error()));
    return std::unique_ptr<SqliteJournal>{
        new SqliteJournal{options, std::move(*lock), std::move(*database), *tip}
    };
}

SqliteJournal::SqliteJournal(Options options, FolderLock lock, Database database, Tip tip)
    : options_{std::move(options)},
      lock_{std::move(lock)},
      opened_at_{tip},
      database_{std::move(database)},
      tip_{tip},
      thread_{[this] { run(); }} {}

SqliteJournal::~SqliteJournal() { close(); }

void SqliteJournal::append(Commit commit, Done done) {
    Waiting waiting{std::move(commit), std::move(done), Clock::now(), 0, {}};
    waiting.size = size_of(waiting.commit);
    {
        const std::lock_guard guard{mutex_};
        if (!closing_) {
            if (queue_.size() >= options_.queue_commits_max ||
                queue_bytes_ + waiting.size > options_.queue_bytes_max) {
                waiting.refusal = fmt::format(
                    "the journal is behind: {} commits wait for {}", queue_.size(), options_.file()
                );
                waiting.commit = {};
                waiting.size = 0;
            }
            queue_bytes_ += waiting.size;
            queue_.push_back(std::move(waiting));
            filled_.notify_one();
            return;
        }
    }
    answer(waiting, "the journal is closed", false);
}

void SqliteJournal::close() {
    {
        const std::lock_guard guard{mutex_};
        closing_ = true;
        filled_.notify_one();
    }
    if (thread_.joinable()) thread_.join();
}

JournalStats SqliteJournal::stats() const {
    JournalStats out{up_, transactions_, commits_, failed_, slow_, repairs_, 0};
    const std::lock_guard guard{mutex_};
    out.waiting = queue_.size();
    return out;
}

void SqliteJournal::run() {
    for (auto group = take_group(); !group.empty(); group = take_group()) commit_group(group);
    database_.reset();
}

/// Blocks until something waits. Empty: the journal is closing and nothing is left.
std::vector<SqliteJournal::Waiting> SqliteJournal::take_group() {
    std::vector<Waiting> group;
    std::unique_lock guard{mutex_};
    filled_.wait(guard, [this] { return closing_ || !queue_.empty(); });
    for (std::size_t bytes = 0;
         !queue_.empty() && (group.empty() || bytes < options_.group_bytes_max);) {
        bytes += queue_.front().size;
        queue_bytes_ -= queue_.front().size;
        group.push_back(std::move(queue_.front()));
        queue_.pop_front();
    }
    return group;
}

void SqliteJournal::commit_group(std::vector<Waiting>& group) {
    if (!database_) repair();
    Tip end = tip_;
    bool any = false;
    for (Waiting& waiting : group) {
        if (waiting.refusal.empty() && !database_) waiting.refusal = failure_;
        if (waiting.refusal.empty()) waiting.refusal = misfit(waiting.commit, end);
        if (!waiting.refusal.empty()) continue;
        end = advance(waiting.commit, end);
        any = true;
    }
    std::string error;
    if (any) {
        if (auto done = write_group(group); done) {
            ++transactions_;
            up_ = true;
        } else {
            note_failure(done.error());
            error = failure_;
        }
    }
    for (Waiting& waiting : group)
        answer(waiting, waiting.refusal.empty() ? error : waiting.refusal, database_.has_value());
}

Status SqliteJournal::write_group(const std::vector<Waiting>& group) {
    auto transaction = Transaction::begin(*database_);
    if (!transaction) return tl::make_unexpected(std::move(transaction.error()));
    Tip tip = tip_;
    for (const Waiting& waiting : group) {
        if (!waiting.refusal.empty()) continue;
        auto done = write_commit(*database_, waiting.commit, tip, options_.core_version);
        if (!done) return done;
        tip = advance(waiting.commit, tip);
    }
    auto done = transaction->commit();
    if (done) tip_ = tip;
    return done;
}

void SqliteJournal::note_failure(const Error& error) {
    failure_ = words(error);
    if (up_.exchange(false))
        log::line(
            log::Severity::error,
            "store_failed",
            {
                {"error", failure_}
        }
        );
    database_.reset();
    tried_repair_ = Clock::now();
}

void SqliteJournal::answer(Waiting& waiting, const std::string& error, bool ready) {
    Committed result;
    result.durable = error.empty();
    result.error = error;
    result.ready = ready && !result.durable;
    result.took = std::chrono::duration_cast<Micros>(Clock::now() - waiting.since);
    ++(result.durable ? commits_ : failed_);
    if (result.took > options_.slow_commit) ++slow_;
    if (waiting.done) waiting.done(std::move(result));
}

/// Opens the file anew and writes to it. A commit whose fsync failed may or may not be in the log;
/// the checkpoint settles that (it syncs the file and empties the log) before anything follows it.
void SqliteJournal::repair() {
    if (Clock::now() - tried_repair_ < options_.repair_every) return;
    tried_repair_ = Clock::now();
    const auto attempt = [this]() -> Result<Tip> {
        auto database = open_for_writing(options_);
        if (!database) return tl::make_unexpected(std::move(database.error()));
        if (auto settled = database->checkpoint(Database::Checkpoint::truncate); !settled)
            return tl::make_unexpected(std::move(settled.error()));
        auto written = database->run(
            "INSERT INTO meta (key, value) VALUES ('repairs', '1') "
            "ON CONFLICT (key) DO UPDATE SET value = value + 1"
        );
        if (!written) return tl::make_unexpected(std::move(written.error()));
        auto tip = read_tip(*database);
        if (tip) database_ = std::move(*database);
        return tip;
    };
    auto tip = attempt();
    if (!tip) {
        failure_ = words(tip.error());
        return;
    }
    tip_ = *tip;
    ++repairs_;
    up_ = true;
    log::line(
        log::Severity::notice,
        "store_repaired",
        {
            {"seq", tip_.seq}
    }
    );
}

}  // namespace surged::store
