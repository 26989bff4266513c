// The keys that sign acknowledgement links, kept beside site.key.
#pragma once

#include "base/error.hpp"
#include "base/time.hpp"
#include "io/ack/token.hpp"

#include <string>
#include <vector>

namespace surged::app {

/// A key signs for so long; the one before it is kept, so that links it signed stay good.
inline constexpr Micros ack_key_life = std::chrono::days{30};

/// The keys in `ack.keys` under `store_path` (0600), newest first, two at most. Makes the file at
/// the first start, and a new key when the newest is past its life at `now`. A file that cannot be
/// understood is said in the log and made anew: links sent before no longer work, pages still go.
[[nodiscard]] Result<std::vector<io::ack::Key>> ack_keys(const std::string& store_path, Wall now);

}  // namespace surged::app
