#include "app/cli/terminal.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <poll.h>
#include <string_view>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace surged::app::cli {
namespace {

// A page of its own, no cursor, no wrapping of lines that a terminal counts wider than we do.
constexpr std::string_view enter = "\x1b[?1049h\x1b[?25l\x1b[?7l";
constexpr std::string_view leave = "\x1b[?7h\x1b[?25h\x1b[?1049l";

/// All of it, whatever the terminal takes at a time; a terminal that is gone takes nothing.
void put(std::string_view text) {
    while (!text.empty()) {
        const ssize_t n = ::write(STDOUT_FILENO, text.data(), text.size());
        if (n > 0) text.remove_prefix(static_cast<std::size_t>(n));
        if (n < 0 && errno != EINTR) return;
    }
}

std::string_view environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string_view{} : std::string_view{value};
}

extern "C" void on_resize(int) {}  // only ends the wait for a key

}  // namespace

struct Screen::Saved {
    bool keys{false};  // standard input is a terminal
    termios mode{};
};

bool has_terminal() { return ::isatty(STDOUT_FILENO) == 1 && environment("TERM") != "dumb"; }

bool has_colours() { return has_terminal() && environment("NO_COLOR").empty(); }

ScreenSize screen_size() {
    winsize size{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0)
        return {};
    return {size.ws_col, size.ws_row};
}

Screen::Screen() : saved_{std::make_unique<Saved>()} {
    saved_->keys = ::tcgetattr(STDIN_FILENO, &saved_->mode) == 0;
    if (saved_->keys) {
        termios mode = saved_->mode;
        mode.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
        mode.c_cc[VMIN] = 0;
        mode.c_cc[VTIME] = 0;
        mode.c_cc[VSUSP] = _POSIX_VDISABLE;  // a stopped picture would keep the terminal
        ::tcsetattr(STDIN_FILENO, TCSADRAIN, &mode);
    }
    struct sigaction action{};
    action.sa_handler = on_resize;
    ::sigaction(SIGWINCH, &action, nullptr);
    put(enter);
}

Screen::~Screen() {
    put(leave);
    if (saved_->keys) ::tcsetattr(STDIN_FILENO, TCSADRAIN, &saved_->mode);
}

void Screen::show(const std::vector<std::string>& lines) {
    std::string out = "\x1b[H";
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (i > 0) out += "\r\n";
        // First clear, then write: after a full line the cursor stands on its last cell.
        out += "\x1b[K";
        out += lines[i];
    }
    out += "\x1b[J";
    put(out);
}

std::optional<char> Screen::key(Micros limit) {
    pollfd input{saved_->keys ? STDIN_FILENO : -1, POLLIN, 0};
    const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(limit).count();
    if (::poll(&input, 1, static_cast<int>(wait)) <= 0) return std::nullopt;
    char key = 0;
    return ::read(STDIN_FILENO, &key, 1) == 1 ? std::optional{key} : std::nullopt;
}

}  // namespace surged::app::cli
