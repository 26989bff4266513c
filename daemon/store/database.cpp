#include "store/database.hpp"

#include <bit>
#include <cerrno>
#include <chrono>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/statvfs.h>
#include <thread>

namespace surged::store {
namespace {

/// What a person can do about it. SQLite's extended codes keep the family in the low byte.
std::string_view hint_for(int code) {
    switch (code & 0xff) {
        case SQLITE_FULL:
            return "free space on this file system; surged retries by itself";
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return "another process holds the write lock; see who has it open (fuser)";
        case SQLITE_READONLY:
            return "make the folder and its files writable for surged's user";
        case SQLITE_CANTOPEN:
            return "the folder must exist and be writable for surged's user";
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return "check the owner and the mode of the file";
        case SQLITE_IOERR:
            return "check the disk and the kernel log; surged retries by itself";
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return "move the file aside (keep it for examination) or restore a copy";
        case SQLITE_NOMEM:
            return "surged needs more memory";
        default:
            return "please report this with the log lines around it";
    }
}

bool is_full(int system) { return system == ENOSPC || system == EDQUOT; }

/// No block or no file is left where `file` is to stand. Not to be asked of a file that is well.
bool has_no_room(const std::string& file) {
    const std::size_t slash = file.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : file.substr(0, slash + 1);
    struct statvfs room{};
    if (::statvfs(folder.c_str(), &room) != 0) return false;
    return (room.f_blocks > 0 && room.f_bavail == 0) || (room.f_files > 0 && room.f_favail == 0);
}

std::string file_of(sqlite3* database) {
    const char* name = sqlite3_db_filename(database, "main");
    return name != nullptr ? name : "";
}

/// The first words of a statement, for error texts.
std::string_view opening_of(std::string_view sql) { return sql.substr(0, 48); }

tl::unexpected<Error> failed(sqlite3* database, std::string_view doing) {
    const int code = sqlite3_extended_errcode(database);
    return fail(
        fmt::format(
            "{}: {}: {} (SQLite {})", file_of(database), doing, sqlite3_errmsg(database), code
        ),
        std::string{hint_for(code)}
    );
}

/// Waits in millisecond steps. SQLite's own handler soon sleeps 100 ms at a time, too long for a
/// page that waits for its commit.
int wait_a_moment(void* budget, int tries) {
    if (tries >= *static_cast<int*>(budget)) return 0;
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
    return 1;
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
    sqlite3_finalize(statement);
}

void Statement::bind_one(int index, std::int64_t value) {
    sqlite3_bind_int64(statement_.get(), index, value);
}
void Statement::bind_one(int index, std::uint64_t value) {
    bind_one(index, std::bit_cast<std::int64_t>(value));
}
void Statement::bind_one(int index, std::string_view text) {
    sqlite3_bind_text64(
        statement_.get(),
        index,
        text.data() != nullptr ? text.data() : "",
        text.size(),
        SQLITE_STATIC,
        SQLITE_UTF8
    );
}
void Statement::bind_one(int index, Blob blob) {
    const auto bytes = blob.bytes;
    sqlite3_bind_blob64(
        statement_.get(),
        index,
        bytes.data() != nullptr ? bytes.data() : "",
        bytes.size(),
        SQLITE_STATIC
    );
}

Result<bool> Statement::step() {
    const int code = sqlite3_step(statement_.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return failed(sqlite3_db_handle(statement_.get()), opening_of(sqlite3_sql(statement_.get())));
}

Status Statement::run() {
    auto row = step();
    reset();
    if (!row) return tl::make_unexpected(std::move(row.error()));
    return {};
}

void Statement::reset() { sqlite3_reset(statement_.get()); }

bool Statement::null(int column) const {
    return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}
std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(statement_.get(), column);
}
std::uint64_t Statement::bits(int column) const {
    return std::bit_cast<std::uint64_t>(integer(column));
}
std::string_view Statement::bytes(int column) const {
    const void* data = sqlite3_column_blob(statement_.get(), column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
    if (data == nullptr) return {};
    return {static_cast<const char*>(data), size};
}

Error cannot_open(const std::string& file, std::string_view said, int code, bool full) {
    // On a full disk SQLite cannot make its files, and only says that it cannot open them.
    if (full || (code & 0xff) == SQLITE_FULL)
        return {
            fmt::format("cannot open {}: the disk is full ({}, SQLite {})", file, said, code),
            std::string{hint_for(SQLITE_FULL)}
        };
    return {
        fmt::format("cannot open {}: {} (SQLite {})", file, said, code), std::string{hint_for(code)}
    };
}

Database::Database(sqlite3* database, Micros busy_wait)
    : busy_tries_{std::make_unique<int>(static_cast<int>(busy_wait.count() / 1000))},
      database_{database} {
    sqlite3_busy_handler(database, wait_a_moment, busy_tries_.get());
}

void Database::Close::operator()(sqlite3* database) const noexcept { sqlite3_close_v2(database); }

Result<Database> Database::open(
    const std::string& file, Access access, const std::string& vfs, Micros busy_wait
) {
    sqlite3* raw = nullptr;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                      (access == Access::write ? SQLITE_OPEN_CREATE : 0);
    const int code =
        sqlite3_open_v2(file.c_str(), &raw, flags, vfs.empty() ? nullptr : vfs.c_str());
    if (raw == nullptr) return fail("SQLite has no memory for a connection", "free memory");
    Database database{raw, busy_wait};
    if (code != SQLITE_OK) {
        const int system = sqlite3_system_errno(raw);
        const bool full = is_full(system) || has_no_room(file);
        return tl::make_unexpected(cannot_open(file, sqlite3_errmsg(raw), code, full));
    }
    // auto_vacuum counts only while the file is empty; it lets retention give space back.
    const char* setup = access == Access::write
                            ? "PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL;"
                              "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;"
                            : "PRAGMA query_only=ON; PRAGMA wal_autocheckpoint=0;";
    if (auto done = database.script(setup); !done) return tl::make_unexpected(done.error());
    if (auto probe = database.integer("SELECT count(*) FROM sqlite_master"); !probe)
        return tl::make_unexpected(probe.error());
    return database;
}

Result<Statement> Database::prepare(std::string_view sql) const {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v2(
        database_.get(), sql.data(), static_cast<int>(sql.size()), &statement, nullptr
    );
    if (code != SQLITE_OK) return failed(database_.get(), opening_of(sql));
    return Statement{statement};
}

Result<Statement*> Database::kept(std::string_view sql) const {
    if (const auto found = kept_.find(sql); found != kept_.end()) return &found->second;
    auto made = prepare(sql);
    if (!made) return tl::make_unexpected(std::move(made.error()));
    return &kept_.emplace(sql, std::move(*made)).first->second;
}

Status Database::script(const std::string& sql) const {
    if (sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        return failed(database_.get(), opening_of(sql));
    return {};
}

Result<std::optional<std::int64_t>> Database::integer(std::string_view sql) const {
    auto statement = prepare(sql);
    if (!statement) return tl::make_unexpected(std::move(statement.error()));
    auto row = statement->step();
    if (!row) return tl::make_unexpected(std::move(row.error()));
    if (!*row || statement->null(0)) return std::optional<std::int64_t>{};
    return std::optional{statement->integer(0)};
}

Result<bool> Database::checkpoint(Checkpoint mode) const {
    int frames = 0;
    int copied = 0;
    const int how =
        mode == Checkpoint::passive ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE;
    const int code = sqlite3_wal_checkpoint_v2(database_.get(), "main", how, &frames, &copied);
    if ((code & 0xff) == SQLITE_BUSY) return false;
    if (code != SQLITE_OK) return failed(database_.get(), "checkpoint");
    return frames == copied;
}

Result<Transaction> Transaction::begin(const Database& database) {
    if (auto begun = database.run("BEGIN IMMEDIATE"); !begun)
        return tl::make_unexpected(std::move(begun.error()));
    return Transaction{database};
}

Status Transaction::commit() {
    auto done = database_->run("COMMIT");
    if (done) database_ = nullptr;
    return done;
}

Transaction::~Transaction() {
    if (database_ == nullptr) return;
    // SQLite may have rolled back by itself (a full disk, an I/O error): then this fails, rightly.
    static_cast<void>(database_->run("ROLLBACK"));
}

}  // namespace surged::store
