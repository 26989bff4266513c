// The text of a file, or of standard input, block by block; gzip and zstd are unpacked.
#pragma once

#include "base/error.hpp"

#include <memory>
#include <string>

namespace surged::app::backtest {

class Blocks {
public:
    virtual ~Blocks() = default;
    /// The next bytes; empty at the end.
    [[nodiscard]] virtual Result<std::string> next() = 0;
};

inline constexpr std::size_t block_bytes = 256 * 1024;

/// "-" is standard input. What is compressed is known by its first bytes, whatever its name.
/// @cost memory: a block; of a compressed file the whole of it as it lies on the disk, too
[[nodiscard]] Result<std::unique_ptr<Blocks>> open_blocks(const std::string& path);

}  // namespace surged::app::backtest
