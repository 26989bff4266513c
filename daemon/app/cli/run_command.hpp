// surgectl run-command: what systemd starts for each connection to surged-command.socket. Takes one
// page from the socket, runs the configured program with it, tells how that ended.
#pragma once

#include "app/cli/common.hpp"
#include "base/time.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace surged::app::cli {

struct RunCommandOptions {
    std::vector<std::string> argv;  // of the unit file; nothing of a page is ever added to it
    std::string timeout{"10s"};
};

/// On standard input, which is the connection.
[[nodiscard]] Exit run_command(const Globals& globals, const RunCommandOptions& options);

/// The same on any connected socket. The program does not start if the page does not come in full
/// within `timeout`, or if nobody is there to hear that it starts.
[[nodiscard]] bool serve_page(int socket, const std::vector<std::string>& argv, Micros timeout);

/// All variables that the program has: PATH, LANG, HOME, and SURGED_PAGE, _INCIDENT, _LEVEL, _SITE,
/// _QUEUE, _PERSON, _TO, _LANGUAGE, _DRILL from the page's JSON. Empty if that is no page.
[[nodiscard]] std::vector<std::string> environment_of(std::string_view page);

}  // namespace surged::app::cli
