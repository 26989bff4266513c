#include "store/worker.hpp"

#include <fmt/format.h>
#include <utility>

namespace surged::store {

Result<std::unique_ptr<SqliteJournal>> SqliteJournal::open(const Options& options) {
    auto writer = Writer::open(options);
    if (!writer) return tl::make_unexpected(std::move(writer.error()));
    return std::unique_ptr<SqliteJournal>{
        new SqliteJournal{options, std::move(*writer)}
    };
}

SqliteJournal::SqliteJournal(Options options, std::unique_ptr<Writer> writer)
    : options_{std::move(options)},
      opened_at_{writer->tip()},
      writer_{std::move(writer)},
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
    JournalStats out{
        writer_->up(), writer_->transactions(), commits_, failed_, slow_, writer_->repairs(), 0
    };
    const std::lock_guard guard{mutex_};
    out.waiting = queue_.size();
    return out;
}

void SqliteJournal::run() {
    for (auto group = take_group(); !group.empty(); group = take_group()) commit_group(group);
    writer_->close();
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
    std::vector<const Commit*> commits;
    for (const Waiting& waiting : group)
        if (waiting.refusal.empty()) commits.push_back(&waiting.commit);
    std::vector<std::string> refusals = writer_->write(commits);
    auto next = refusals.begin();
    for (Waiting& waiting : group)
        answer(waiting, waiting.refusal.empty() ? *next++ : waiting.refusal, writer_->ready());
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

}  // namespace surged::store
