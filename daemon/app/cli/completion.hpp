// Shell completion: a script for bash, zsh or fish, made from a program's own command line.
#pragma once

#include "app/cli/command_tree.hpp"

#include <string>

namespace surged::app::cli {

/// The script on standard output of `surgectl completion SHELL`; `shell` is bash, zsh or fish
/// (asserted). It needs nothing but the shell. Commands, options, and values as far as they are a
/// choice, a file or a folder are completed; an option of a command is known behind it too.
[[nodiscard]] std::string completion(const Command& program, const std::string& shell);

/// The shells that completion() knows.
[[nodiscard]] const std::vector<std::string>& shells();

}  // namespace surged::app::cli
