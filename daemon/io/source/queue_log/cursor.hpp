// How far a log has been read: which file, how many bytes, and what stood just before.
#pragma once

#include "base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace surged::io::queue_log {

struct Cursor {
    std::uint64_t inode{0};
    std::uint64_t offset{0};  // of the first byte that was not read
    /// Over the bytes before `offset`, mark_bytes at most: a file that was truncated and written
    /// anew, another file with a used inode's number, and a copy of this file are known by it.
    std::uint64_t mark{0};
    Wall newest;  // time given to the last line read

    /// "1 INODE OFFSET MARK NEWEST": kept in the journal; the 1 is the format.
    [[nodiscard]] std::string text() const;
    [[nodiscard]] static std::optional<Cursor> parse(std::string_view text);
    bool operator==(const Cursor&) const = default;
};

inline constexpr std::size_t mark_bytes = 128;

}  // namespace surged::io::queue_log
