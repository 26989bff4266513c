// Drives a simulated centre in real time and shows it to the world: as a file of events, as posts
// to the HTTP API, or as an Asterisk manager.
#pragma once

#include "app/simulate/manager.hpp"
#include "app/simulate/setup.hpp"
#include "app/simulate/truth.hpp"
#include "base/error.hpp"

#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <functional>
#include <string>

namespace surged::app::simulate {

/// Writes the whole run at once, as fast as it can. `setup.duration` must not be 0.
[[nodiscard]] Result<Truth> write_events(const Setup& setup, Wall start, std::FILE* out);

struct ApiOptions {
    std::string url;     // of the daemon: http://127.0.0.1:9469
    std::string token;   // empty: none
    Micros linger{30s};  // how long to try behind the end of the run
};
/// Posts events in batches as they happen; keeps and repeats what the daemon cannot take. Ends with
/// the run, or once `stop` says so. An error: nobody took the last of them.
[[nodiscard]] Result<Truth> post_events(
    const Setup& setup, const ApiOptions& options, const std::function<bool()>& stop
);

struct AmiOptions {
    ManagerOptions manager;
    bool wait{false};  // begin with the first login, not at once
    Micros linger{0};  // go on answering so long after the last happening
    std::function<void(std::uint16_t port)> on_listening;
};
[[nodiscard]] Result<Truth> act_as_asterisk(
    const Setup& setup, const AmiOptions& options, const std::function<bool()>& stop
);

}  // namespace surged::app::simulate
