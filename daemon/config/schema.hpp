// The key table as JSON Schema, for editors that complete and check YAML as it is written.
#pragma once

#include "config/keys.hpp"

#include <string>

namespace surged::config {

/// JSON Schema (draft 2020-12) of a file, indented. It says no more than the table does: what only
/// a check can tell (names, units of amounts, what goes together) it lets pass.
[[nodiscard]] std::string schema_of(File file);

}  // namespace surged::config
