// The shape of journal.db, as numbered migrations. A file of an older surged is brought up to date
// when the daemon opens it; a file of a newer one is refused in words.
#pragma once

#include "store/database.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace surged::store {

struct Migration {
    int version;  // 1, 2, 3 … in order
    const char* sql;
};
/// All of this build. Never change one that has been released: add the next.
[[nodiscard]] std::span<const Migration> migrations();

/// The version of an open file (PRAGMA user_version; 0: empty), or why it cannot be used. The file
/// must be surged's own (PRAGMA application_id).
[[nodiscard]] Result<int> schema_version(const Database& database, const std::string& file);

/// Applies what is missing, each in its own transaction.
[[nodiscard]] Status migrate(
    const Database& database,
    const std::string& file,
    std::span<const Migration> steps = migrations()
);

/// An error in words unless the file is exactly of this build.
[[nodiscard]] Status require_current(const Database& database, const std::string& file);

/// For readers, which change nothing: the schema, or an error in words if it is a newer one.
[[nodiscard]] Result<int> require_readable(const Database& database, const std::string& file);

/// The first schema with the table `packs`.
inline constexpr int schema_with_packs = 2;

}  // namespace surged::store
