#include "io/runtime/service_notify.hpp"

#include "io/runtime/wall_clock.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string>
#include <systemd/sd-daemon.h>

namespace surged::io::service_notify {
namespace {

// A lost notification is not worth failing for: systemd's own timeouts will tell.
void send(const std::string& state) { static_cast<void>(sd_notify(0, state.c_str())); }

}  // namespace

void ready() { send("READY=1"); }

void reloading() {
    // From systemd 253 on, Type=notify-reload wants the monotonic time with it.
    const auto since_boot = std::chrono::duration_cast<Micros>(steady_now().time_since_epoch());
    send(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", since_boot.count()));
}

void stopping() { send("STOPPING=1"); }

void watchdog() { send("WATCHDOG=1"); }

void status(std::string_view line) {
    std::string state{"STATUS="};
    state += line;
    std::replace(state.begin(), state.end(), '\n', ' ');
    send(state);
}

std::optional<Micros> watchdog_interval() {
    std::uint64_t usec = 0;
    if (sd_watchdog_enabled(0, &usec) <= 0) return std::nullopt;
    return Micros{static_cast<Micros::rep>(usec / 2)};
}

}  // namespace surged::io::service_notify
