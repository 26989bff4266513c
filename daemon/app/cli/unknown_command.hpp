// A command that was mistyped, and the one that was probably meant.
#pragma once

#include <string>

namespace CLI {  // NOLINT(readability-identifier-naming): the library's own name
class App;
class Error;
}  // namespace CLI

namespace surged::app::cli {

/// In English, of a command line that was refused: "there is no command reprot; did you mean
/// report". Empty where something else is wrong, or no word stands where a command should.
[[nodiscard]] std::string unknown_command(const CLI::App& program, const CLI::Error& wrong);

}  // namespace surged::app::cli
