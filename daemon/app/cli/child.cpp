#include "app/cli/child.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace surged::app::cli {
namespace {

using Clock = std::chrono::steady_clock;

/// A descriptor that closes itself.
class Descriptor {
public:
    explicit Descriptor(int fd = -1) : fd_{fd} {}
    ~Descriptor() { reset(); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    void reset(int fd = -1) {
        if (fd_ >= 0) ::close(fd_);
        fd_ = fd;
    }
    [[nodiscard]] int get() const { return fd_; }

private:
    int fd_;
};

std::string wrong(std::string_view what, int error = errno) {
    return fmt::format("{}: {}", what, std::generic_category().message(error));
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
    std::vector<char*> out;
    out.reserve(texts.size() + 1);
    for (const std::string& text : texts) out.push_back(const_cast<char*>(text.c_str()));
    out.push_back(nullptr);
    return out;
}

/// A file without a name that holds `text`, at its beginning: unlike a pipe it takes any size
/// before somebody reads.
bool fill(Descriptor& file, const std::string& text) {
    file.reset(::memfd_create("page", MFD_CLOEXEC));
    if (file.get() < 0) return false;
    for (std::size_t at = 0; at < text.size();) {
        const auto put = ::write(file.get(), text.data() + at, text.size() - at);
        if (put <= 0) return false;
        at += static_cast<std::size_t>(put);
    }
    return ::lseek(file.get(), 0, SEEK_SET) == 0;
}

struct Pipe {
    Descriptor read, write;
    bool open() {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
        read.reset(ends[0]);
        write.reset(ends[1]);
        return true;
    }
};

/// One run: its process, what it says, and its deadlines.
class Child {
public:
    explicit Child(const ChildOptions& options) : options_{options} {}

    io::command::Ended run() {
        if (std::string failed = start(); !failed.empty()) {
            ended_.error = std::move(failed);
            return ended_;
        }
        watch();
        // Nothing of the group may outlive the attempt that it was started for.
        ::kill(-pid_, SIGKILL);
        drain();
        return ended_;
    }

private:
    /// "" or why it does not run.
    std::string start() {
        auto argv = pointers(options_.argv);
        auto environment = pointers(options_.environment);
        Descriptor input;
        Pipe failure;
        if (!fill(input, options_.input) || !output_.open() || !failure.open())
            return wrong("preparing the program");
        pid_ = ::fork();
        if (pid_ < 0) return wrong("fork");
        if (pid_ == 0) {
            become(argv.data(), environment.data(), input.get(), failure.write.get());
        }
        ::setpgid(pid_, pid_);  // in both, so that it is true for whoever comes first
        output_.write.reset();
        failure.write.reset();
        int error = 0;
        const auto got = ::read(failure.read.get(), &error, sizeof error);
        if (got == 0) {  // closed by exec: it runs
            // By number: glibc 2.36's declaration of pidfd_open() has no C linkage.
            process_.reset(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
            if (process_.get() >= 0) return {};
            error = errno;
            ::kill(-pid_, SIGKILL);
        }
        ::waitpid(pid_, nullptr, 0);
        return wrong("cannot run " + options_.argv.front(), error);
    }

    /// In the child, after fork: only what is safe there.
    [[noreturn]] void become(char** argv, char** environment, int input, int failure) const {
        ::setpgid(0, 0);
        std::signal(SIGPIPE, SIG_DFL);
        ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);  // whatever we were given is not for it
        const bool ready = ::dup2(input, STDIN_FILENO) >= 0 &&
                           ::dup2(output_.write.get(), STDOUT_FILENO) >= 0 &&
                           ::dup2(output_.write.get(), STDERR_FILENO) >= 0 && ::chdir("/") == 0;
        if (ready) ::execve(argv[0], argv, environment);
        const int error = errno;
        const auto told = ::write(failure, &error, sizeof error);
        ::_exit(told > 0 ? 127 : 126);
    }

    void watch() {
        auto deadline = Clock::now() + options_.timeout;
        bool killed = false;
        while (true) {
            std::array<pollfd, 2> events{
                pollfd{output_.read.get(), POLLIN, 0},
                pollfd{process_.get(),     POLLIN, 0}
            };
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
            const int ready =
                ::poll(events.data(), events.size(), std::max(0, static_cast<int>(left.count())));
            if (ready < 0 && errno != EINTR) break;
            if (events[0].revents != 0 && !read_some()) output_.read.reset();
            if (events[1].revents != 0) break;
            if (Clock::now() < deadline) continue;
            ended_.timed_out = true;
            ::kill(-pid_, killed ? SIGKILL : SIGTERM);
            deadline = Clock::now() + (killed ? Micros{1h} : options_.grace);
            killed = true;
        }
        int status = 0;
        ::waitpid(pid_, &status, 0);
        if (WIFEXITED(status)) ended_.exit = WEXITSTATUS(status);
        if (WIFSIGNALED(status)) ended_.signal = WTERMSIG(status);
    }

    /// False at its end.
    bool read_some() {
        std::array<char, 4096> chunk{};
        const auto got = ::read(output_.read.get(), chunk.data(), chunk.size());
        if (got <= 0) return got < 0 && (errno == EINTR || errno == EAGAIN);
        const std::size_t room = output_max - ended_.output.size();
        ended_.output.append(chunk.data(), std::min(room, static_cast<std::size_t>(got)));
        return true;
    }

    /// What it had said when it ended. Somebody beyond our reach may hold the other end open.
    void drain() {
        if (output_.read.get() < 0) return;
        ::fcntl(output_.read.get(), F_SETFL, O_NONBLOCK);
        while (ended_.output.size() < output_max) {
            const std::size_t before = ended_.output.size();
            if (!read_some() || ended_.output.size() == before) break;
        }
    }

    const ChildOptions& options_;
    pid_t pid_{-1};
    Descriptor process_;
    Pipe output_;
    io::command::Ended ended_;
};

}  // namespace

io::command::Ended run_child(const ChildOptions& options) { return Child{options}.run(); }

}  // namespace surged::app::cli
