// Runs one program to its end, or to the end of its time. For surgectl alone: the daemon never
// forks.
#pragma once

#include "base/time.hpp"
#include "io/channel/command/encode.hpp"

#include <string>
#include <utility>
#include <vector>

namespace surged::app::cli {

struct ChildOptions {
    std::vector<std::string> argv;         // argv[0] is an absolute path; no shell sees any of it
    std::vector<std::string> environment;  // NAME=value; all that the program has
    std::string input;                     // on its standard input
    Micros timeout{10s};                   // then SIGTERM to its process group
    Micros grace{2s};                      // after that SIGKILL
};

inline constexpr std::size_t output_max = std::size_t{8} * 1024;  // bytes kept of both streams

/// The program runs in a process group of its own, in /, with no other descriptor than these three.
/// What it leaves behind in its group is killed. Whatever goes wrong is in `error`.
[[nodiscard]] io::command::Ended run_child(const ChildOptions& options);

}  // namespace surged::app::cli
