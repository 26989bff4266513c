#include "store/migrate.hpp"

#include "base/assert.hpp"

#include <array>
#include <fmt/format.h>

namespace surged::store {
namespace {

constexpr std::int64_t application_id = 0x53524744;  // "SRGD": file(1) and we know our own files

// One row of `commits` is one Commit: its sealed input and page records in one blob, in order.
// There is no table of inputs or pages: the engine's image is their index, and a blob is read once.
constexpr auto all = std::to_array<Migration>({
    {1,                 R"sql(
CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE commits (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    first_seq INTEGER,
    last_seq INTEGER NOT NULL,
    instant INTEGER NOT NULL,
    effect_hash INTEGER NOT NULL,
    state_hash TEXT NOT NULL,
    records BLOB NOT NULL
);
CREATE INDEX commits_last_seq ON commits (last_seq);
CREATE TABLE images (
    seq INTEGER PRIMARY KEY,
    instant INTEGER NOT NULL,
    effect_hash INTEGER NOT NULL,
    after_gap INTEGER NOT NULL,
    record BLOB NOT NULL
);
CREATE TABLE gaps (
    seq INTEGER PRIMARY KEY,
    after_seq INTEGER NOT NULL,
    instant INTEGER NOT NULL
);
CREATE TABLE rules (
    hash TEXT PRIMARY KEY,
    record BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE quarantine (
    seq INTEGER PRIMARY KEY,
    why TEXT NOT NULL
);
INSERT INTO meta (key, value) VALUES
    ('store_id', lower(hex(randomblob(16)))),
    ('created', strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    ('format_version', '1');
)sql"},
    // Old commits, many in one row. The ids in it follow each other; an input may be in two packs'
    // ranges if commits of pages alone follow it.
    {schema_with_packs, R"sql(
CREATE TABLE packs (
    last_id INTEGER PRIMARY KEY,
    first_id INTEGER NOT NULL,
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    instant INTEGER NOT NULL,
    records BLOB NOT NULL
);
CREATE INDEX packs_last_seq ON packs (last_seq);
)sql"},
});

}  // namespace

std::span<const Migration> migrations() { return all; }

Result<int> schema_version(const Database& database, const std::string& file) {
    auto version = database.integer("PRAGMA user_version");
    if (!version) return tl::make_unexpected(std::move(version.error()));
    auto owner = database.integer("PRAGMA application_id");
    if (!owner) return tl::make_unexpected(std::move(owner.error()));
    auto tables = database.integer("SELECT count(*) FROM sqlite_master");
    if (!tables) return tl::make_unexpected(std::move(tables.error()));
    if (tables->value_or(0) == 0) return 0;
    if (owner->value_or(0) != application_id)
        return fail(
            fmt::format("{} is a database of another program", file),
            "set store.path to a folder of surged's own"
        );
    return static_cast<int>(version->value_or(0));
}

Status migrate(
    const Database& database, const std::string& file, std::span<const Migration> steps
) {
    SURGED_ASSERT(!steps.empty());
    auto found = schema_version(database, file);
    if (!found) return tl::make_unexpected(std::move(found.error()));
    const int newest = steps.back().version;
    if (*found > newest)
        return fail(
            fmt::format(
                "{} has schema {}, made by a newer surged; this one knows up to {}",
                file,
                *found,
                newest
            ),
            "start the newer surged, or set store.path to another folder"
        );
    for (const Migration& step : steps) {
        if (step.version <= *found) continue;
        auto transaction = Transaction::begin(database);
        if (!transaction) return tl::make_unexpected(std::move(transaction.error()));
        const auto script = fmt::format(
            "{}; PRAGMA application_id={}; PRAGMA user_version={};",
            step.sql,
            application_id,
            step.version
        );
        if (auto done = database.script(script); !done) return done;
        if (auto done = transaction->commit(); !done) return done;
    }
    return {};
}

Status require_current(const Database& database, const std::string& file) {
    auto found = require_readable(database, file);
    if (!found) return tl::make_unexpected(std::move(found.error()));
    const int newest = all.back().version;
    if (*found == newest) return {};
    return fail(
        fmt::format("{} has schema {}; this surged writes {}", file, *found, newest),
        "start the daemon once: it brings the file up to date"
    );
}

Result<int> require_readable(const Database& database, const std::string& file) {
    auto found = schema_version(database, file);
    if (!found) return found;
    const int newest = all.back().version;
    if (*found >= all.front().version && *found <= newest) return found;
    return fail(
        fmt::format("{} has schema {}; this surged reads up to {}", file, *found, newest),
        *found > newest ? "use the newer surged" : "start the daemon once: it makes the tables"
    );
}

}  // namespace surged::store
