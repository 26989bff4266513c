// Mistakes in files and on the command line, in the reader's language.
#pragma once

#include "base/error.hpp"
#include "config/daemon.hpp"
#include "core/plan/level.hpp"

#include <string>
#include <string_view>

namespace surged::app::cli {

/// file:line:column: what; expected …; did you mean …
[[nodiscard]] std::string told(const config::Diagnostic& mistake, plan::Language language);
/// All of them, a line each.
[[nodiscard]] Error as_error(const config::Diagnostics& mistakes);
/// The Chinese for lines such as these, and for what surgectl says where it cannot go on. What is
/// none of the usual sentences stays as it is, and so do keys, names and values.
[[nodiscard]] std::string mistakes_in_chinese(std::string_view lines);

}  // namespace surged::app::cli
