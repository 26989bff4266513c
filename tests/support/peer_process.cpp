#include "support/peer_process.hpp"

#include "support/temp_folder.hpp"

#include <arpa/inet.h>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <netinet/in.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace surged::test {
namespace {

using namespace std::chrono_literals;

pid_t start(
    const std::vector<std::string>& argv, const std::string& input, const std::string& output
) {
    std::vector<std::string> copy = argv;
    std::vector<char*> words;
    for (std::string& word : copy) words.push_back(word.data());
    words.push_back(nullptr);
    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_addopen(&files, 0, input.c_str(), O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(
        &files, 1, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600
    );
    ::posix_spawn_file_actions_adddup2(&files, 1, 2);
    pid_t pid = -1;
    const int error = ::posix_spawnp(&pid, words[0], &files, nullptr, words.data(), environ);
    ::posix_spawn_file_actions_destroy(&files);
    if (error != 0)
        throw std::runtime_error{argv[0] + ": " + std::generic_category().message(error)};
    return pid;
}

std::string read_file(const std::string& path) {
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace

PeerProcess::PeerProcess(const std::vector<std::string>& argv, const std::string& log_file)
    : pid_{start(argv, "/dev/null", log_file)} {}

PeerProcess::~PeerProcess() {
    ::kill(pid_, SIGTERM);
    for (int i = 0; i < 200 && running(); ++i) std::this_thread::sleep_for(20ms);
    if (!running()) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

bool PeerProcess::running() {
    if (pid_ < 0) return false;
    if (::waitpid(pid_, nullptr, WNOHANG) == 0) return true;
    pid_ = -1;
    return false;
}

Ran run_program(const std::vector<std::string>& argv, std::string_view input) {
    const TempFolder folder;
    const std::string in = folder.path() + "/in";
    const std::string out = folder.path() + "/out";
    std::ofstream{in, std::ios::binary} << input;
    Ran ran;
    pid_t pid = -1;
    try {
        pid = start(argv, in, out);
    } catch (const std::runtime_error& error) {
        ran.status = 127;
        ran.output = error.what();
        return ran;
    }
    int status = 0;
    ::waitpid(pid, &status, 0);
    ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    ran.output = read_file(out);
    return ran;
}

std::uint16_t free_port() {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    const bool bound = ::bind(fd, reinterpret_cast<const sockaddr*>(&at), size) == 0 &&
                       ::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size) == 0;
    ::close(fd);
    if (!bound) throw std::runtime_error{"no free port"};
    return ntohs(at.sin_port);
}

}  // namespace surged::test
