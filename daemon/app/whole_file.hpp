// Small files beside the journal that must be whole or not there, whenever the process is killed.
#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>

namespace surged::app {

/// Puts `bytes` in the place of `file` (mode 0600): written beside it, synced, and renamed.
[[nodiscard]] Status write_whole(const std::string& file, std::string_view bytes);

}  // namespace surged::app
