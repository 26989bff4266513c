#include "app/cli/run_command.hpp"

#include "app/cli/child.hpp"
#include "io/channel/command/encode.hpp"

#include <array>
#include <boost/json/parse.hpp>
#include <chrono>
#include <csignal>
#include <optional>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

namespace surged::app::cli {
namespace {

namespace json = boost::json;
using Clock = std::chrono::steady_clock;

/// All that comes until the other side closes; nullopt if it takes too long or is too much.
std::optional<std::string> read_page(int socket, Micros timeout) {
    const auto deadline = Clock::now() + timeout;
    std::string out;
    std::array<char, 4096> chunk{};
    while (out.size() <= io::command::page_bytes_max) {
        pollfd event{socket, POLLIN, 0};
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
        if (left.count() <= 0 || ::poll(&event, 1, static_cast<int>(left.count())) <= 0)
            return std::nullopt;
        const auto got = ::recv(socket, chunk.data(), chunk.size(), 0);
        if (got < 0) return std::nullopt;
        if (got == 0) return out;
        out.append(chunk.data(), static_cast<std::size_t>(got));
    }
    return std::nullopt;
}

bool tell(int socket, const std::string& line) {
    for (std::size_t at = 0; at < line.size();) {
        const auto put = ::send(socket, line.data() + at, line.size() - at, MSG_NOSIGNAL);
        if (put <= 0) return false;
        at += static_cast<std::size_t>(put);
    }
    return true;
}

}  // namespace

std::vector<std::string> environment_of(std::string_view page) {
    json::error_code ec;
    const json::value parsed = json::parse(page, ec);
    if (ec || !parsed.is_object()) return {};
    std::vector<std::string> out{
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "LANG=C.UTF-8",
        "HOME=/",
    };
    const auto add = [&](const std::string& name, std::string value) {
        for (char& c : value)
            if (c == '\0') c = ' ';
        out.push_back("SURGED_" + name + "=" + value);
    };
    const json::object& object = parsed.get_object();
    const auto drill = object.if_contains("drill");
    add("DRILL", drill != nullptr && drill->is_bool() && drill->get_bool() ? "1" : "0");
    for (const char* name :
         {"page", "incident", "level", "site", "queue", "person", "to", "language"}) {
        const json::value* found = object.if_contains(name);
        if (found == nullptr || !found->is_string()) return {};
        std::string upper;
        for (const char* c = name; *c != '\0'; ++c) upper += static_cast<char>(*c - 'a' + 'A');
        add(upper, std::string{std::string_view{found->get_string()}});
    }
    return out;
}

bool serve_page(int socket, const std::vector<std::string>& argv, Micros timeout) {
    const auto page = read_page(socket, timeout);
    if (!page) return false;
    ChildOptions options;
    options.argv = argv;
    options.environment = environment_of(*page);
    options.input = *page;
    options.timeout = timeout;
    if (options.environment.empty()) {
        io::command::Ended none;
        none.error = "this is not a page";
        return tell(socket, io::command::encode_ended(none));
    }
    if (!tell(socket, io::command::encode_started())) return false;
    return tell(socket, io::command::encode_ended(run_child(options)));
}

Exit run_command(const Globals& globals, const RunCommandOptions& options) {
    const auto timeout = parse_duration(options.timeout);
    if (!timeout || options.argv.empty() || !options.argv.front().starts_with('/')) {
        *globals.err << "run-command needs a program by its absolute path, and a --timeout such as "
                        "10s\n";
        return Exit::usage;
    }
    std::signal(SIGPIPE, SIG_IGN);
    return serve_page(STDIN_FILENO, options.argv, *timeout) ? Exit::fine : Exit::finding;
}

}  // namespace surged::app::cli
