// A program that a test needs beside it (prometheus, promtool), started and ended by the test.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace surged::test {

class PeerProcess {
public:
    /// Starts argv[0] from the PATH, its output into `log_file`. Throws if it cannot be started.
    PeerProcess(const std::vector<std::string>& argv, const std::string& log_file);
    ~PeerProcess();  // SIGTERM, then SIGKILL
    PeerProcess(const PeerProcess&) = delete;
    PeerProcess& operator=(const PeerProcess&) = delete;
    [[nodiscard]] bool running();
    [[nodiscard]] pid_t pid() const { return pid_; }  // -1 once it is known to have ended

private:
    pid_t pid_{-1};
};

struct Ran {
    int status{-1};  // exit code; 127 if the program is not there
    std::string output;
};
/// Runs a program to its end with `input` on stdin; stdout and stderr together.
[[nodiscard]] Ran run_program(const std::vector<std::string>& argv, std::string_view input);

/// A port of 127.0.0.1 that was free a moment ago.
[[nodiscard]] std::uint16_t free_port();

}  // namespace surged::test
