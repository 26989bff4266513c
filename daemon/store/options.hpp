// Where the journal is and the bounds it keeps. One value opens the writer, readers and keeper.
#pragma once

#include "base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace surged::store {

struct Options {
    std::string path;               // the folder: journal.db, its write-ahead log, the lock
    std::string site;               // noted when the store is made; empty: not noted
    std::string vfs;                // name of a registered SQLite VFS; empty: the system's files
    std::uint16_t core_version{1};  // put into every record

    Micros busy_wait{2s};        // for another connection's write lock
    Micros slow_commit{250ms};   // from append to done; a slower one is counted
    Micros repair_every{100ms};  // while failing, at most one attempt to repair in this time
    std::size_t queue_commits_max{8192};
    std::size_t queue_bytes_max{std::size_t{64} << 20};
    std::size_t group_bytes_max{std::size_t{8} << 20};  // what one transaction takes at most

    [[nodiscard]] std::string file() const { return path + "/journal.db"; }
};

}  // namespace surged::store
