// A moment as people write it, and as surgectl itself shows it.
#pragma once

#include "base/error.hpp"
#include "core/plan/zone.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace surged::app::cli {

/// Local time: 2026-11-11, 2026-11-11 20:05, 2026-11-11 20:05:09.
[[nodiscard]] std::optional<Wall> local_time(std::string_view text, const plan::Zone& zone);
/// The same, or RFC 3339, with a blank instead of the T too.
[[nodiscard]] Result<Wall> site_time(const std::string& text, const plan::Zone& zone);

}  // namespace surged::app::cli
