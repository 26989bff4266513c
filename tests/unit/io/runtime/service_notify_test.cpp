#include "io/runtime/service_notify.hpp"

#include <array>
#include <cstdlib>
#include <doctest/doctest.h>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace surged;

// The environment is sd_notify's interface, and this program has one thread when it is changed.
// NOLINTBEGIN(concurrency-mt-unsafe)

namespace {

/// What systemd would hear: a datagram socket in the abstract namespace.
struct Listener {
    Listener() : fd{socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)} {
        name = "surged-notify-test-" + std::to_string(getpid());
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        name.copy(address.sun_path + 1, sizeof address.sun_path - 2);
        const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
        REQUIRE(bind(fd, reinterpret_cast<const sockaddr*>(&address), size) == 0);
        setenv("NOTIFY_SOCKET", ("@" + name).c_str(), 1);
    }
    ~Listener() {
        unsetenv("NOTIFY_SOCKET");
        close(fd);
    }
    std::string heard() const {
        std::array<char, 512> buffer{};
        const auto size = recv(fd, buffer.data(), buffer.size(), 0);
        return size < 0 ? std::string{}
                        : std::string{buffer.data(), static_cast<std::size_t>(size)};
    }
    int fd;
    std::string name;
};

}  // namespace

TEST_CASE("service_notify: what systemd hears") {
    namespace notify = io::service_notify;
    const Listener systemd;
    notify::ready();
    CHECK(systemd.heard() == "READY=1");
    notify::reloading();
    CHECK(systemd.heard().find("RELOADING=1\nMONOTONIC_USEC=") == 0);
    notify::status("2 sources up\n1 incident");
    CHECK(systemd.heard() == "STATUS=2 sources up 1 incident");
    notify::watchdog();
    CHECK(systemd.heard() == "WATCHDOG=1");
    notify::stopping();
    CHECK(systemd.heard() == "STOPPING=1");
}

TEST_CASE("service_notify: the watchdog's interval is half of what systemd waits") {
    namespace notify = io::service_notify;
    setenv("WATCHDOG_USEC", "30000000", 1);
    setenv("WATCHDOG_PID", std::to_string(getpid()).c_str(), 1);
    CHECK(notify::watchdog_interval() == 15s);
    unsetenv("WATCHDOG_USEC");
    unsetenv("WATCHDOG_PID");
    CHECK_FALSE(notify::watchdog_interval().has_value());
    notify::ready();  // outside systemd: nothing happens
}
// NOLINTEND(concurrency-mt-unsafe)
