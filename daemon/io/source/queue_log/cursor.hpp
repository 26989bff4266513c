// How far a log has been read: which file, how many bytes, and what stood just before.
#pragma once

#include "base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace surged::io::queue_log {

struct Cursor {
    std::uint64_t inode{0};
    std::uint64_t offset{0};  // of the first byte that was not read
    /// Over the bytes before `offset`, mark_bytes at most: a file that was truncated and written
    /// anew, another file with a used inode's number, and a copy of this file are known by it.
    std::uint64_t mark{0};
    Wall newest;  // time given to the last line read
    /// The last files that were read to their end, oldest first, done_max at most: after a stop in
    /// which they were rotated again, times in whole seconds do not tell them from newer ones.
    struct Done {
        std::uint64_t inode{0}, size{0}, mark{0};
        bool operator==(const Done&) const = default;
    };
    static constexpr std::size_t done_max = 2;  // the core keeps 256 bytes of a cursor
    std::vector<Done> done{};

    /// "1 INODE OFFSET MARK NEWEST", then three numbers for each file that is done: kept in the
    /// journal; the 1 is the format.
    [[nodiscard]] std::string text() const;
    [[nodiscard]] static std::optional<Cursor> parse(std::string_view text);
    bool operator==(const Cursor&) const = default;
};

inline constexpr std::size_t mark_bytes = 128;

}  // namespace surged::io::queue_log
