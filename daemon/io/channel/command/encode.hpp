// What goes to the helper that runs a command, and what comes back. Pure.
//
// The daemon never forks: the helper is a unit of systemd's (surged-command.socket) that runs
// `surgectl run-command`, one process a page. The daemon sends one JSON object and closes its side;
// the helper answers with lines of JSON: {"started":true} once it is about to run the program, then
// how that ended.
#pragma once

#include "core/delivery/page.hpp"
#include "core/engine/input.hpp"

#include <string>
#include <string_view>

namespace surged::io::command {

/// The page as one JSON object, at most page_bytes_max.
/// @param link  to acknowledge by; empty: none
[[nodiscard]] std::string encode_page(const delivery::Page& page, const std::string& link);
inline constexpr std::size_t page_bytes_max = std::size_t{64} * 1024;

/// How a program ended, as the helper tells it.
struct Ended {
    int exit{-1};   // -1: it did not exit
    int signal{0};  // that ended it; 0: none
    bool timed_out{false};
    std::string output;  // of both streams, at most 8 KiB
    std::string error;   // it could not be run at all
};
[[nodiscard]] std::string encode_started();
[[nodiscard]] std::string encode_ended(const Ended& ended);

/// What the helper said till the connection ended. Exit 0 accepted, 75 (EX_TEMPFAIL) again, any
/// other refuses the page; no program to run: the channel is wrong; killed for its time, or begun
/// and not heard of again: unknown; not begun: again.
/// @param lost  why the connection ended; empty: the helper closed it
[[nodiscard]] engine::Receipt judge(std::string_view said, const std::string& lost);

}  // namespace surged::io::command
