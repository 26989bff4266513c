// RAII over sqlite3: a connection, a prepared statement, a transaction. Every error is a Result in
// words: what failed, on which file, and what to do about it.
//
// A connection belongs to one thread at a time.
#pragma once

#include "base/error.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

struct sqlite3;
struct sqlite3_stmt;

namespace surged::store {

using Status = Result<void>;

struct Blob {
    std::string_view bytes;
};

/// A prepared statement. Must not outlive its Database.
class Statement {
public:
    explicit Statement(sqlite3_stmt* statement) : statement_{statement} {}

    /// Binds from parameter 1 on. Text and blobs are not copied: they must live until the statement
    /// has been stepped to its end or reset. A std::string_view binds as text, a Blob as a blob.
    template <class... T>
    Statement& bind(const T&... values) {
        int index = 0;
        (bind_one(++index, values), ...);
        return *this;
    }
    /// True: a row is there to be read.
    [[nodiscard]] Result<bool> step();
    /// Steps to the end and resets: for statements that give no rows.
    [[nodiscard]] Status run();
    void reset();

    [[nodiscard]] bool null(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::uint64_t bits(int column) const;      // the integer's 64 bits, unsigned
    [[nodiscard]] std::string_view bytes(int column) const;  // text or blob, until the next step

private:
    void bind_one(int index, std::int64_t value);
    void bind_one(int index, std::uint64_t value);
    void bind_one(int index, std::string_view text);
    void bind_one(int index, Blob blob);
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const noexcept;
    };
    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

enum class Access : std::uint8_t { write, read };

/// Why a file cannot be opened. `said`: SQLite's words, `code`: its extended code; `full`: no space
/// is left there.
[[nodiscard]] Error cannot_open(
    const std::string& file, std::string_view said, int code, bool full
);

/// One connection to one file: WAL, synchronous=FULL, no automatic checkpoints.
class Database {
public:
    /// Access::write creates the file if it is not there; Access::read wants it to be there.
    /// @param vfs        name of a registered SQLite VFS; empty: the default one
    /// @param busy_wait  how long a statement waits for another connection's write lock
    [[nodiscard]] static Result<Database> open(
        const std::string& file, Access access, const std::string& vfs, Micros busy_wait
    );

    [[nodiscard]] Result<Statement> prepare(std::string_view sql) const;
    /// Binds and runs one statement without rows. It stays prepared, as parsing it takes longer
    /// than running it: for statements of the program, not for those made up from data.
    template <class... T>
    [[nodiscard]] Status run(std::string_view sql, const T&... values) const {
        auto statement = kept(sql);
        if (!statement) return tl::make_unexpected(std::move(statement.error()));
        return (*statement)->bind(values...).run();
    }
    /// Runs a script of statements without parameters.
    [[nodiscard]] Status script(const std::string& sql) const;
    /// First column of the first row as an integer; nullopt if there is no row or it is NULL.
    [[nodiscard]] Result<std::optional<std::int64_t>> integer(std::string_view sql) const;

    enum class Checkpoint : std::uint8_t { passive, truncate };
    /// Copies the write-ahead log into the file. Passive never waits for anybody; truncate waits
    /// for writers and readers and then empties the log.
    /// @return true if all of it was copied (and, for truncate, the log is empty)
    [[nodiscard]] Result<bool> checkpoint(Checkpoint mode) const;

private:
    struct Close {
        void operator()(sqlite3* database) const noexcept;
    };
    Database(sqlite3* database, Micros busy_wait);
    [[nodiscard]] Result<Statement*> kept(std::string_view sql) const;
    std::unique_ptr<int> busy_tries_;  // SQLite keeps a pointer to it: outlives the connection
    std::unique_ptr<sqlite3, Close> database_;
    mutable std::map<std::string, Statement, std::less<>> kept_;
};

/// BEGIN IMMEDIATE … COMMIT; rolled back whole unless commit() succeeded.
class Transaction {
public:
    [[nodiscard]] static Result<Transaction> begin(const Database& database);
    Transaction(Transaction&& other) noexcept
        : database_{std::exchange(other.database_, nullptr)} {}
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();
    [[nodiscard]] Status commit();

private:
    explicit Transaction(const Database& database) : database_{&database} {}
    const Database* database_;
};

}  // namespace surged::store
