// Times as other people's systems write them.
#pragma once

#include "base/document_map.hpp"
#include "base/time.hpp"

#include <optional>
#include <string_view>

namespace surged::io::hook {

/// The number in `text`: all of it, as JSON or a form would write it; nullopt if it is none.
[[nodiscard]] std::optional<double> parse_number(std::string_view text);

/// Unix seconds of a time written in `form`. Where a zone is given, Z, +08:00 and +0800 are one, a
/// blank may stand for the T, and a number is Unix seconds. TimeForm::local: `zone` says what local
/// time means; of an hour that comes twice, the later one counts.
[[nodiscard]] std::optional<double> parse_time(
    std::string_view text, TimeForm form, const std::vector<ZoneChange>& zone
);

}  // namespace surged::io::hook
