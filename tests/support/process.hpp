// A child program of a test: started, read, killed, and never left behind.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace surged::test {

class Process {
public:
    /// Starts `argv`; its stdout is read here, its stderr goes to `stderr_file`.
    Process(const std::vector<std::string>& argv, const std::string& stderr_file);
    ~Process();  // SIGKILL if it still runs
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    /// The next line of stdout; nullopt at its end or after `limit`.
    std::optional<std::string> line(std::chrono::milliseconds limit);
    void signal(int number) const;
    [[nodiscard]] pid_t pid() const { return pid_; }
    /// The exit status (128 + signal if killed); nullopt if it still runs after `limit`.
    std::optional<int> wait(std::chrono::milliseconds limit);

private:
    pid_t pid_{-1};
    int out_{-1};
    std::string buffer_;
    std::optional<int> ended_;
};

}  // namespace surged::test
