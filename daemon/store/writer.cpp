#include "store/writer.hpp"

#include "base/log.hpp"
#include "store/migrate.hpp"

#include <algorithm>
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

Result<std::unique_ptr<Writer>> Writer::open(const Options& options) {
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
    return std::unique_ptr<Writer>{
        new Writer{options, std::move(*lock), std::move(*database), *tip}
    };
}

Writer::Writer(const Options& options, FolderLock lock, Database database, Tip tip)
    : options_{options}, lock_{std::move(lock)}, database_{std::move(database)}, tip_{tip} {}

std::vector<std::string> Writer::write(const std::vector<const Commit*>& group) {
    if (!database_) repair();
    std::vector<std::string> refusals;
    refusals.reserve(group.size());
    Tip end = tip_;
    for (const Commit* commit : group) {
        refusals.push_back(database_ ? misfit(*commit, end) : failure_);
        if (refusals.back().empty()) end = advance(*commit, end);
    }
    const auto fits = [](const std::string& refusal) { return refusal.empty(); };
    if (std::none_of(refusals.begin(), refusals.end(), fits)) return refusals;
    if (auto done = write_all(group, refusals); done) {
        ++transactions_;
        up_ = true;
    } else {
        note_failure(done.error());
        for (std::string& refusal : refusals)
            if (refusal.empty()) refusal = failure_;
    }
    return refusals;
}

Status Writer::write_all(
    const std::vector<const Commit*>& group, const std::vector<std::string>& refusals
) {
    auto transaction = Transaction::begin(*database_);
    if (!transaction) return tl::make_unexpected(std::move(transaction.error()));
    Tip tip = tip_;
    for (std::size_t i = 0; i < group.size(); ++i) {
        if (!refusals[i].empty()) continue;
        auto done = write_commit(*database_, *group[i], tip, options_.core_version);
        if (!done) return done;
        tip = advance(*group[i], tip);
    }
    auto done = transaction->commit();
    if (done) tip_ = tip;
    return done;
}

void Writer::note_failure(const Error& error) {
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

/// Opens the file anew and writes to it. A commit whose fsync failed may or may not be in the log;
/// the checkpoint settles that (it syncs the file and empties the log) before anything follows it.
void Writer::repair() {
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
