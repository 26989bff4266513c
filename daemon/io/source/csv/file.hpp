// A file as somebody else writes it: read when it is whole.
#pragma once

#include "base/error.hpp"

#include <cstdint>
#include <string>

namespace surged::io::csv {

/// By what one sees that a file is another, or was written to.
struct Stamp {
    std::uint64_t inode{0}, size{0};
    std::int64_t changed_ns{0};  // since the epoch
    bool operator==(const Stamp&) const = default;
};

/// Errors in words: "there is no such file".
[[nodiscard]] Result<Stamp> look(const std::string& path);
/// All of it, if it is no more than `most` bytes and did not change meanwhile: `stamp` is its.
/// Never waits on a pipe.
[[nodiscard]] Result<std::string> read_whole(
    const std::string& path, std::size_t most, const Stamp& stamp
);

}  // namespace surged::io::csv
