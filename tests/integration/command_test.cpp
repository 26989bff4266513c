// A page to a program, through the real daemon, the real helper, and a socket that starts it as
// systemd does: one process a connection.
#include "places.hpp"
#include "support/page_sink.hpp"
#include "support/site.hpp"
#include "support/surge_events.hpp"

#include <array>
#include <atomic>
#include <csignal>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <spawn.h>
#include <string>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace surged;
using namespace std::chrono_literals;

namespace {

/// What surged-command.socket does, without systemd.
class Activation {
public:
    Activation(const std::string& path, std::vector<std::string> argv)
        : fd_{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)}, argv_{std::move(argv)} {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        const auto* any = reinterpret_cast<const sockaddr*>(&address);
        REQUIRE(::bind(fd_, any, sizeof address) == 0);
        REQUIRE(::listen(fd_, 8) == 0);
        thread_ = std::thread{[this] {
            for (int one = 0; (one = ::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
                start(one);
                ::close(one);
            }
        }};
    }
    ~Activation() {
        ::shutdown(fd_, SHUT_RDWR);
        thread_.join();
        ::close(fd_);
    }
    Activation(const Activation&) = delete;
    Activation& operator=(const Activation&) = delete;

private:
    void start(int connection) const {
        posix_spawn_file_actions_t files;
        posix_spawn_file_actions_init(&files);
        posix_spawn_file_actions_adddup2(&files, connection, STDIN_FILENO);
        std::vector<char*> argv;
        for (const std::string& word : argv_) argv.push_back(const_cast<char*>(word.c_str()));
        argv.push_back(nullptr);
        std::array<char*, 1> none{nullptr};
        pid_t pid = -1;
        if (::posix_spawn(&pid, argv[0], &files, nullptr, argv.data(), none.data()) == 0)
            ::waitpid(pid, nullptr, 0);
        posix_spawn_file_actions_destroy(&files);
    }
    int fd_;
    std::vector<std::string> argv_;
    std::thread thread_;
};

std::string content_of(const std::string& path) {
    std::ifstream in{path};
    return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace

TEST_CASE("command: a surge runs a program with the page, and its exit is the outcome") {
    const test::TempFolder folder;
    const std::string program = folder.path() + "/program";
    // Busy at first, then it takes the page.
    std::ofstream{program} << "#!/bin/sh\ncd " << folder.path()
                           << "\n[ -e tried ] || { touch tried; exit 75; }\n"
                              "cat > page.json\necho \"$SURGED_TO $#\" > args\n";
    ::chmod(program.c_str(), 0755);
    const std::string socket = folder.path() + "/command.sock";
    const std::string surgectl = SURGED_BINARY_DIR "/daemon/surgectl";
    const Activation activation{
        socket, {surgectl, "run-command", "--", program, "--port", "2"}
    };
    test::SiteOptions options;
    options.hook_url = "http://127.0.0.1:1/";
    options.hook_secret = test::PageSink::default_secret();
    options.channels = fmt::format("  modem: {{type: command, socket: {}}}\n", socket);
    options.roster =
        "people:\n  wang: {name: 王, language: zh-CN, contact: [{channel: modem, to: \"8001\"}]}\n"
        "teams:\n  duty: {escalation: [{page: [wang], wait: 5m}], last_resort: wang}\n";
    test::Site site{options};
    site.start();
    REQUIRE(site.post("/api/v1/events", test::offered_now(6)).status == 200);
    const auto accepted = [](const std::string& body) {
        return body.find(R"("state":"accepted")") != std::string::npos;
    };
    CHECK_MESSAGE(site.wait_until("/api/v1/pages", accepted, 30s), site.log());
    CHECK(content_of(folder.path() + "/args") == "8001 2\n");
    CHECK(content_of(folder.path() + "/page.json").find(R"("queue":"sales")") != std::string::npos);
    site.stop(SIGTERM);
}
