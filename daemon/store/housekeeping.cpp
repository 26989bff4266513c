#include "store/housekeeping.hpp"

#include "store/envelope.hpp"
#include "store/migrate.hpp"
#include "store/writing.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace surged::store {
namespace {

constexpr std::int64_t commits_per_delete = 256;  // a few milliseconds of the write lock

template <class T>
tl::unexpected<Error> pass_on(Result<T>& result) {
    return tl::make_unexpected(std::move(result.error()));
}

Result<std::int64_t> newest_commit(const Database& database) {
    return database.integer("SELECT max(id) FROM commits").map([](auto id) {
        return id.value_or(0);
    });
}

std::int64_t micros(Instant at) { return at.time_since_epoch().count(); }

}  // namespace

Housekeeping::Housekeeping(
    Options options,
    KeepingRules rules,
    Database database,
    JournalReader reader,
    std::int64_t newest
)
    : options_{std::move(options)},
      rules_{rules},
      database_{std::move(database)},
      reader_{std::move(reader)},
      checkpointed_{newest} {
    rules_.images_kept = std::max<std::size_t>(rules_.images_kept, 2);
}

Result<Housekeeping> Housekeeping::open(const Options& options, KeepingRules rules) {
    auto database = Database::open(options.file(), Access::write, options.vfs, options.busy_wait);
    if (!database) return pass_on(database);
    if (auto fit = require_current(*database, options.file()); !fit) return pass_on(fit);
    auto reader = JournalReader::open(options);
    if (!reader) return pass_on(reader);
    auto newest = newest_commit(*database);
    if (!newest) return pass_on(newest);
    return Housekeeping{options, rules, std::move(*database), std::move(*reader), *newest};
}

/// SQLite before 3.51.3 can lose a commit that restarts the log while a checkpoint begins ("the
/// WAL-reset bug", sqlite.org/wal.html). The writer restarts the log only when all of it has been
/// copied. So a checkpoint begins only while there are frames that it has yet to copy: a commit has
/// come since the log was last copied whole, and nobody else checkpoints.
Status Housekeeping::checkpoint() {
    auto newest = newest_commit(database_);
    if (!newest) return pass_on(newest);
    if (*newest == checkpointed_) return {};
    std::error_code ec;
    const auto log_bytes = std::filesystem::file_size(options_.file() + "-wal", ec);
    const bool long_log = !ec && log_bytes > rules_.log_bytes_max;
    auto whole = database_.checkpoint(
        long_log ? Database::Checkpoint::truncate : Database::Checkpoint::passive
    );
    if (!whole) return pass_on(whole);
    if (!*whole) return {};  // what a reader or the writer held up is done next time
    newest = newest_commit(database_);
    if (!newest) return pass_on(newest);
    checkpointed_ = *newest;
    return {};
}

Result<Housekeeping::ImageResult> Housekeeping::make_image(const MakeImage& make) const {
    auto note = reader_.last_note();
    if (!note) return pass_on(note);
    auto newest = database_.integer("SELECT max(seq) FROM images");
    if (!newest) return pass_on(newest);
    const auto have = static_cast<std::uint64_t>(newest->value_or(0));
    if (!*note || (*note)->last_seq <= have) return ImageResult{};

    auto image = make(reader_, (*note)->last_seq);
    if (!image) return pass_on(image);
    auto noted = reader_.note_at(image->seq);
    if (!noted) return pass_on(noted);
    if (!*noted)
        return fail(
            fmt::format("an image was made at input {}, where no commit ends", image->seq),
            "please report this; recovery goes on from the image before"
        );
    if ((*noted)->effect_hash != image->effect_hash)
        return ImageResult{
            image->seq, Difference{image->seq, (*noted)->effect_hash, image->effect_hash}
        };
    auto transaction = Transaction::begin(database_);
    if (!transaction) return pass_on(transaction);
    auto done = write_image(database_, *image, false, options_.core_version);
    if (done) done = delete_images();
    if (done) done = transaction->commit();
    if (!done) return pass_on(done);
    return ImageResult{image->seq, std::nullopt};
}

/// Kept are the newest few, and inside the retention the one after each gap and the first of each
/// day: from these any day can be replayed.
Status Housekeeping::delete_images() const {
    auto oldest = oldest_kept();
    if (!oldest) return pass_on(oldest);
    return database_.run(
        "DELETE FROM images WHERE seq NOT IN (SELECT seq FROM images ORDER BY seq DESC LIMIT ?1) "
        "AND (instant < ?2 OR (after_gap = 0 AND seq NOT IN "
        "(SELECT min(seq) FROM images GROUP BY instant / 86400000000)))",
        static_cast<std::int64_t>(rules_.images_kept),
        micros(*oldest)
    );
}

Status Housekeeping::delete_rules() const {
    auto oldest = oldest_kept();
    if (!oldest) return pass_on(oldest);
    auto transaction = Transaction::begin(database_);
    if (!transaction) return pass_on(transaction);
    auto rows =
        database_.prepare("SELECT key, value FROM meta WHERE key >= ? AND key < ? ORDER BY key DESC"
        );
    if (!rows) return pass_on(rows);
    rows->bind(load_keys, load_keys_end);
    std::vector<std::string> keys;
    std::set<std::string> kept, gone;
    bool before = false;  // the newest that is older than all that is kept is in force there
    for (std::size_t nth = 0;; ++nth) {
        auto row = rows->step();
        if (!row) return pass_on(row);
        if (!*row) break;
        const std::string value{rows->bytes(1)};
        Unsealer unsealer{value};
        const auto record = unsealer.next();
        const auto load =
            record ? codec::decode<RulesLoad>(record->payload, record->format) : std::nullopt;
        const bool young = record && record->instant >= *oldest;
        const bool keep = nth < rules_.loads_kept || young || !std::exchange(before, true);
        if (load) (keep ? kept : gone).insert(load->hash);
        if (!keep) keys.emplace_back(rows->bytes(0));
    }
    rows->reset();
    for (const std::string& key : keys)
        if (auto done = database_.run("DELETE FROM meta WHERE key = ?", std::string_view{key});
            !done)
            return done;
    for (const std::string& hash : gone) {
        if (kept.contains(hash)) continue;
        auto done = database_.run("DELETE FROM rules WHERE hash = ?", std::string_view{hash});
        if (!done) return done;
    }
    return transaction->commit();
}

Result<Instant> Housekeeping::oldest_kept() const {
    auto tip = read_tip(database_);
    if (!tip) return pass_on(tip);
    return tip->instant - rules_.retention;
}

Result<std::uint64_t> Housekeeping::delete_old() const {
    auto oldest = oldest_kept();
    if (!oldest) return pass_on(oldest);
    // Behind the second newest image: should the newest be damaged, the tail from there is needed.
    auto base = database_.integer("SELECT seq FROM images ORDER BY seq DESC LIMIT 1 OFFSET 1");
    if (!base) return pass_on(base);
    if (!*base) return std::uint64_t{0};
    std::uint64_t deleted = 0;
    for (;;) {
        auto transaction = Transaction::begin(database_);
        if (!transaction) return pass_on(transaction);
        auto next = doomed(**base, *oldest);
        if (!next) return pass_on(next);
        if (next->commits == 0) return deleted;
        auto done = database_.run("DELETE FROM packs WHERE last_id <= ?", next->last_id);
        if (done) done = database_.run("DELETE FROM commits WHERE id <= ?", next->last_id);
        if (done) done = database_.run("DELETE FROM gaps WHERE seq <= ?", next->last_seq);
        if (done)
            done = database_.run(
                "INSERT INTO meta (key, value) VALUES ('deleted_upto', ?1) "
                "ON CONFLICT (key) DO UPDATE SET value = ?1",
                next->last_seq
            );
        if (done) done = transaction->commit();
        if (!done) return pass_on(done);
        deleted += static_cast<std::uint64_t>(next->commits);
        if (auto freed = database_.script("PRAGMA incremental_vacuum(256)"); !freed)
            return pass_on(freed);
    }
}

/// Rows only if there is no pack: packs are the older ones, and no hole may come about.
Result<Housekeeping::Doomed> Housekeeping::doomed(std::int64_t base, Instant oldest) const {
    constexpr std::string_view queries[] = {
        "SELECT last_id - first_id + 1, last_id, last_seq, last_seq < ?1 AND instant < ?2 "
        "FROM packs ORDER BY last_id LIMIT 1",
        "SELECT count(*), max(id), max(last_seq), count(*) > 0 FROM (SELECT id, last_seq "
        "FROM commits WHERE last_seq < ?1 AND instant < ?2 ORDER BY id LIMIT ?3)"
    };
    for (const std::string_view sql : queries) {
        auto found = database_.prepare(sql);
        if (!found) return pass_on(found);
        auto row = found->bind(base, micros(oldest), commits_per_delete).step();
        if (!row) return pass_on(row);
        if (!*row) continue;
        if (found->integer(3) == 0) break;
        return Doomed{found->integer(0), found->integer(1), found->integer(2)};
    }
    return Doomed{};
}

Result<std::uint64_t> Housekeeping::pack() const {
    return pack_old(database_, rules_.packing, options_.core_version);
}

}  // namespace surged::store
