#include "store/reader.hpp"

#include "store/envelope.hpp"
#include "store/migrate.hpp"
#include "store/walk.hpp"
#include "store/writing.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <system_error>
#include <utility>

namespace surged::store {
namespace {

template <class T>
tl::unexpected<Error> pass_on(Result<T>& result) {
    return tl::make_unexpected(std::move(result.error()));
}

/// The one record of this kind in `bytes`, or why it is not good.
tl::expected<Envelope, std::string> only_record(std::string_view bytes, Kind kind) {
    Unsealer unsealer{bytes};
    const auto envelope = unsealer.next();
    if (!envelope)
        return tl::make_unexpected(unsealer.fault().empty() ? "it is empty" : unsealer.fault());
    if (envelope->kind != kind) return tl::make_unexpected(std::string{"it is of another kind"});
    return *envelope;
}

/// SQLite says of a folder that is not there only that it cannot open, and what a writer needs.
Status is_there(const Options& options) {
    namespace fs = std::filesystem;
    if (!options.vfs.empty()) return {};  // no file of the system's
    const auto wrong = [](const std::string& path, const char* why) {
        return fail(
            fmt::format("cannot open {}: {}", path, why),
            "expected is the folder of a surged's store, with journal.db in it"
        );
    };
    std::error_code error;
    const fs::file_type folder = fs::status(options.path, error).type();
    if (folder == fs::file_type::not_found) return wrong(options.path, "there is no such folder");
    if (folder == fs::file_type::regular) return wrong(options.path, "it is a file");
    if (fs::status(options.file(), error).type() == fs::file_type::not_found)
        return wrong(options.file(), "there is no such file");
    return {};
}

std::optional<CommitNote> note_of(const Statement& row) {
    return CommitNote{row.bits(0), row.bits(1), std::string{row.bytes(2)}};
}

}  // namespace

Result<JournalReader> JournalReader::open(const Options& options) {
    if (auto there = is_there(options); !there) return pass_on(there);
    auto database = Database::open(options.file(), Access::read, options.vfs, options.busy_wait);
    if (!database) return pass_on(database);
    auto schema = require_readable(*database, options.file());
    if (!schema) return pass_on(schema);
    return JournalReader{std::move(*database), *schema >= schema_with_packs};
}

Result<NewestImage> JournalReader::newest_image(std::uint64_t upto) const {
    auto rows = database_.prepare(
        "SELECT seq, instant, effect_hash, record FROM images WHERE seq <= ? ORDER BY seq DESC"
    );
    if (!rows) return pass_on(rows);
    rows->bind(upto);
    NewestImage out;
    for (auto row = rows->step();; row = rows->step()) {
        if (!row) {
            // A page of the file is unreadable: replaying from further back is still possible.
            out.damaged.push_back(row.error().what);
            return out;
        }
        if (!*row) return out;
        const std::uint64_t seq = rows->bits(0);
        const auto record = only_record(rows->bytes(3), Kind::image);
        if (record && record->seq == seq) {
            out.image = Image{
                seq, Instant{Micros{rows->integer(1)}}, rows->bits(2), std::string{record->payload}
            };
            return out;
        }
        out.damaged.push_back(fmt::format(
            "the image at input {}: {}", seq, record ? "it is of another input" : record.error()
        ));
    }
}

Result<ReadEnd> JournalReader::read_after(
    std::uint64_t after, const OnInput& on_input, const OnPage& on_page, std::uint64_t upto
) const {
    auto stops = gaps();
    if (!stops) return pass_on(stops);
    auto skips = quarantined();
    if (!skips) return pass_on(skips);
    auto highest = database_.integer("SELECT max(last_seq) FROM commits");
    if (!highest) return pass_on(highest);
    auto deleted = database_.integer("SELECT value FROM meta WHERE key = 'deleted_upto'");
    if (!deleted) return pass_on(deleted);
    if (const auto upto_deleted = static_cast<std::uint64_t>(deleted->value_or(0));
        after < upto_deleted) {
        ReadEnd end;
        end.last_seq = after;
        end.highest_seq = std::max(static_cast<std::uint64_t>(highest->value_or(0)), after);
        end.lost = fmt::format("inputs up to {} have been deleted by the retention", upto_deleted);
        return end;
    }
    auto commits = Commits::from(database_, after, packs_);
    if (!commits) return pass_on(commits);
    Walk walk{after, upto, std::move(*stops), std::move(*skips), on_input, on_page};
    const auto take = [&](const StoredCommit& commit) { return walk.commit(commit); };
    for (auto got = Commits::Got::some; got == Commits::Got::some;) {
        auto some = commits->some(take);
        got = some.value_or(Commits::Got::nothing);
        if (!some) walk.lose(some.error().what);
    }
    ReadEnd end = walk.end();
    end.highest_seq = std::max(static_cast<std::uint64_t>(highest->value_or(0)), end.last_seq);
    return end;
}

Result<std::optional<RulesRecord>> JournalReader::rules(const std::string& hash) const {
    auto rows = database_.prepare("SELECT record FROM rules WHERE hash = ?");
    if (!rows) return pass_on(rows);
    auto row = rows->bind(std::string_view{hash}).step();
    if (!row) return pass_on(row);
    if (!*row) return std::optional<RulesRecord>{};
    const auto record = only_record(rows->bytes(0), Kind::rules);
    auto decoded = record ? decode_rules(record->payload) : std::nullopt;
    if (!decoded || decoded->hash != hash)
        return fail(
            fmt::format(
                "the stored rule set {} is damaged: {}",
                hash,
                record ? "its bytes are of another one" : record.error()
            ),
            "load the rules again"
        );
    decoded->format = record->format;
    return decoded;
}

Result<std::vector<RulesLoad>> JournalReader::loads(std::size_t most) const {
    auto rows = database_.prepare(
        "SELECT value FROM meta WHERE key >= ? AND key < ? ORDER BY key DESC LIMIT ?"
    );
    if (!rows) return pass_on(rows);
    rows->bind(load_keys, load_keys_end, static_cast<std::int64_t>(most));
    std::vector<RulesLoad> out;
    for (;;) {
        auto row = rows->step();
        if (!row) return pass_on(row);
        if (!*row) return out;
        const auto record = only_record(rows->bytes(0), Kind::rules);
        if (!record) continue;  // damaged: the others are still worth reading
        if (auto load = codec::decode<RulesLoad>(record->payload, record->format))
            out.push_back(std::move(*load));
    }
}

Result<std::optional<CommitNote>> JournalReader::note_at(std::uint64_t seq) const {
    auto rows = database_.prepare(
        "SELECT last_seq, effect_hash, state_hash FROM commits WHERE last_seq = ? "
        "ORDER BY id DESC LIMIT 1"
    );
    if (!rows) return pass_on(rows);
    auto row = rows->bind(seq).step();
    if (!row) return pass_on(row);
    if (*row) return note_of(*rows);
    return packs_ ? packed_note_at(seq) : std::optional<CommitNote>{};
}

Result<std::optional<CommitNote>> JournalReader::packed_note_at(std::uint64_t seq) const {
    // Two packs share an input if it was followed by commits of pages alone: the later one counts.
    auto packs = database_.prepare(
        "SELECT records FROM packs WHERE last_seq >= ?1 AND first_seq <= ?1 "
        "ORDER BY last_id DESC LIMIT 1"
    );
    if (!packs) return pass_on(packs);
    auto row = packs->bind(seq).step();
    if (!row) return pass_on(row);
    std::optional<CommitNote> out;
    if (!*row) return out;
    const auto fault = unpack(packs->bytes(0), [&](const StoredCommit& commit) {
        if (commit.last_seq == seq)
            out = CommitNote{seq, commit.effect_hash, std::string{commit.state_hash}};
        return commit.last_seq <= seq;
    });
    if (!out && !fault.empty()) return fail(fmt::format("the commit of input {}: {}", seq, fault));
    return out;
}

Result<std::optional<CommitNote>> JournalReader::last_note() const {
    auto rows = database_.prepare(
        "SELECT last_seq, effect_hash, state_hash FROM commits ORDER BY id DESC LIMIT 1"
    );
    if (!rows) return pass_on(rows);
    auto row = rows->step();
    if (!row) return pass_on(row);
    return *row ? note_of(*rows) : std::nullopt;
}

Result<std::vector<GapNote>> JournalReader::gaps() const {
    auto rows = database_.prepare("SELECT seq, after_seq, instant FROM gaps ORDER BY seq");
    if (!rows) return pass_on(rows);
    std::vector<GapNote> out;
    for (;;) {
        auto row = rows->step();
        if (!row) return pass_on(row);
        if (!*row) return out;
        out.push_back({rows->bits(0), rows->bits(1), Instant{Micros{rows->integer(2)}}});
    }
}

Result<std::vector<Quarantined>> JournalReader::quarantined() const {
    auto rows = database_.prepare("SELECT seq, why FROM quarantine ORDER BY seq");
    if (!rows) return pass_on(rows);
    std::vector<Quarantined> out;
    for (;;) {
        auto row = rows->step();
        if (!row) return pass_on(row);
        if (!*row) return out;
        out.push_back({rows->bits(0), std::string{rows->bytes(1)}});
    }
}

Result<std::optional<std::string>> JournalReader::meta(const std::string& key) const {
    auto rows = database_.prepare("SELECT value FROM meta WHERE key = ?");
    if (!rows) return pass_on(rows);
    auto row = rows->bind(std::string_view{key}).step();
    if (!row) return pass_on(row);
    if (!*row) return std::optional<std::string>{};
    return std::string{rows->bytes(0)};
}

}  // namespace surged::store
