// `surgectl top` on a terminal: a real one in all but the glass, 80 columns by 24 lines.
#include "io/runtime/wall_clock.hpp"
#include "places.hpp"
#include "support/site.hpp"

#include <chrono>
#include <csignal>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <poll.h>
#include <pty.h>
#include <string>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

using namespace surged;
using namespace std::chrono_literals;

namespace {

/// A program on a pseudo-terminal of its own; what it writes is kept.
class OnTerminal {
public:
    explicit OnTerminal(std::vector<std::string> argv) {
        argv.insert(argv.begin(), {"/usr/bin/env", "TERM=xterm-256color", "NO_COLOR="});
        std::vector<char*> words;
        for (std::string& word : argv) words.push_back(word.data());
        words.push_back(nullptr);
        winsize size{24, 80, 0, 0};
        pid_ = ::forkpty(&fd_, nullptr, nullptr, &size);
        REQUIRE(pid_ >= 0);
        if (pid_ == 0) {
            ::execv(words[0], words.data());
            ::_exit(127);
        }
    }
    ~OnTerminal() {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
        ::close(fd_);
    }
    OnTerminal(const OnTerminal&) = delete;
    OnTerminal& operator=(const OnTerminal&) = delete;

    /// True once `text` has come after all that was waited for before.
    bool wait_for(const std::string& text) {
        const auto until = std::chrono::steady_clock::now() + 20s;
        while (std::chrono::steady_clock::now() < until) {
            const auto at = output_.find(text, heard_);
            if (at != std::string::npos) {
                heard_ = at + text.size();
                return true;
            }
            if (!read()) return false;
        }
        return false;
    }
    void type(const std::string& keys) const {
        REQUIRE(::write(fd_, keys.data(), keys.size()) == static_cast<ssize_t>(keys.size()));
    }
    void resize(unsigned short columns, unsigned short lines) const {
        const winsize size{lines, columns, 0, 0};
        ::ioctl(fd_, TIOCSWINSZ, &size);  // the kernel tells the program by SIGWINCH
    }
    /// Keys come one by one and unseen, and Ctrl-Z does nothing; a new terminal has it otherwise.
    [[nodiscard]] bool keys_are_raw() const {
        termios now{};
        ::tcgetattr(fd_, &now);
        return (now.c_lflag & (ICANON | ECHO)) == 0 && now.c_cc[VSUSP] == _POSIX_VDISABLE;
    }
    [[nodiscard]] bool terminal_is_as_before() const {
        termios now{};
        ::tcgetattr(fd_, &now);
        return (now.c_lflag & ICANON) != 0 && (now.c_lflag & ECHO) != 0 && now.c_cc[VSUSP] == 26;
    }
    /// Its exit code; all it wrote has been read.
    int end() {
        while (read()) {
        }
        int status = 0;
        ::waitpid(pid_, &status, 0);
        pid_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    [[nodiscard]] const std::string& output() const { return output_; }

private:
    /// More output; false at its end.
    bool read() {
        pollfd waiting{fd_, POLLIN, 0};
        if (::poll(&waiting, 1, 20'000) <= 0) return false;
        char bytes[4096];
        const ssize_t n = ::read(fd_, bytes, sizeof bytes);  // EIO: the other side is closed
        if (n <= 0) return false;
        output_.append(bytes, static_cast<std::size_t>(n));
        return true;
    }

    pid_t pid_{-1};
    int fd_{-1};
    std::string output_;
    std::size_t heard_{0};
};

constexpr const char* page_of_its_own = "\x1b[?1049h";
constexpr const char* page_of_before = "\x1b[?1049l";

struct Watched {
    Watched() {
        site.start();
        offer("sales", 6);
    }
    void offer(const std::string& queue, int count) const {
        std::string lines;
        for (int i = 0; i < count; ++i)
            lines += fmt::format(
                R"({{"ts":{:.6f},"type":"offered","queue":"{}","call":"{}-{}"}})"
                "\n",
                static_cast<double>(io::wall_now().us) / 1e6,
                queue,
                queue,
                i
            );
        REQUIRE(site.post("/api/v1/events", lines).status == 200);
    }
    [[nodiscard]] std::vector<std::string> top(const std::string& language) const {
        const std::string surgectl = std::string{SURGED_BINARY_DIR} + "/daemon/surgectl";
        return {surgectl, "--url", site.url(), "top", "--every=200ms", "--language", language};
    }
    test::Site site{[] {
        test::SiteOptions options;
        options.hook_url = "http://127.0.0.1:9/";
        options.hook_secret = "c2VjcmV0LXNlY3JldC1zZWNyZXQ=";
        return options;
    }()};
};

}  // namespace

TEST_CASE("top: lives on the screen, follows its size, and leaves it as it was") {
    Watched watched;
    OnTerminal terminal{watched.top("en")};
    REQUIRE(terminal.wait_for(page_of_its_own));
    REQUIRE(terminal.wait_for("sales"));
    CHECK(terminal.wait_for("P06-hz-"));
    CHECK(terminal.keys_are_raw());
    watched.offer("售后服务", 1);  // comes in while it is watched
    CHECK(terminal.wait_for("售后服务"));
    CHECK(terminal.wait_for("ABANDON 5m\x1b[0m\r"));
    terminal.resize(40, 10);  // too narrow for every column
    CHECK(terminal.wait_for("LONGEST\x1b[0m\r"));
    watched.site.stop(SIGTERM);
    CHECK(terminal.wait_for("OLD FIGURES"));
    terminal.type("q");
    CHECK(terminal.end() == 0);
    CHECK(terminal.output().ends_with(page_of_before));
    CHECK(terminal.terminal_is_as_before());
}

TEST_CASE("top: Ctrl-C ends it as cleanly, in Chinese too") {
    Watched watched;
    OnTerminal terminal{watched.top("zh-CN")};
    REQUIRE(terminal.wait_for("未结束的事件 1"));
    CHECK(terminal.wait_for("q 退出"));
    terminal.type("\x03");
    CHECK(terminal.end() == 0);
    CHECK(terminal.output().ends_with(page_of_before));
    CHECK(terminal.terminal_is_as_before());
}
