// What --help and a wrong command line say, in the reader's language.
#pragma once

#include "core/plan/level.hpp"

#include <string>
#include <string_view>

namespace CLI {  // NOLINT(readability-identifier-naming): the library's own name
class App;
}

namespace surged::app::cli {

/// The Chinese for a line of help, or for what is wrong with a command line; itself, if unknown.
[[nodiscard]] std::string help_in_chinese(std::string_view words);
/// The language that a command line asks for, before it is parsed: by --language, else as
/// language_for() has it.
[[nodiscard]] plan::Language language_asked(int argc, const char* const* argv);
/// Puts all of a program's help into the language, and what it says of a wrong command line.
void speak(CLI::App& program, plan::Language language);

}  // namespace surged::app::cli
