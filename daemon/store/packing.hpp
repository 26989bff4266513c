// Old commits become packs: many rows one, and the rows are gone in the same transaction.
#pragma once

#include "store/database.hpp"

#include <cstddef>
#include <cstdint>

namespace surged::store {

struct PackingRules {
    std::size_t commits{1000};                     // of a pack; as many of the newest stay rows
    std::size_t bytes{std::size_t{1} << 20};       // a pack is full with so many, too
    std::size_t bytes_kept{std::size_t{8} << 20};  // newest rows stay while they are no more
    std::size_t packs_at_once{16};                 // of one call
    std::size_t bytes_unused{
        std::size_t{8} << 20
    };  // what the file holds empty; more is given back
};

/// Packs the oldest rows while they fill packs, each in its own transaction (the write lock is held
/// for one insert and one delete: reading and compressing are done before it). The newest commit
/// stays a row. A pack is read back and compared before its rows go. A row that is damaged is
/// packed as it is.
/// @return commits packed
[[nodiscard]] Result<std::uint64_t> pack_old(
    const Database& database, const PackingRules& rules, std::uint16_t core_version
);

}  // namespace surged::store
