// The daemon as one object: puts the parts together in order, and takes them apart in reverse.
#pragma once

#include "base/error.hpp"
#include "config/daemon.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace surged::app {

struct DaemonOptions {
    std::string config_file;
    std::vector<std::pair<std::string, std::string>> sets;  // --set KEY=VALUE
    std::string store_vfs;                                  // tests: a registered SQLite VFS
};

class Daemon {
public:
    /// Loads, recovers, binds; nothing is sent yet. Every mistake of a file in Error::what.
    [[nodiscard]] static Result<std::unique_ptr<Daemon>> make(const DaemonOptions& options);
    ~Daemon();
    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] const std::string& address() const;
    /// Serves until SIGTERM, SIGINT or stop(); SIGHUP reloads the rules.
    void run();
    /// From any thread.
    void stop();

private:
    struct Impl;
    explicit Daemon(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

/// Every diagnostic on a line of its own.
[[nodiscard]] std::string text_of(const config::Diagnostics& diagnostics);

}  // namespace surged::app
