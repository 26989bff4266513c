// Tells systemd how we are (sd_notify): ready, reloading, stopping, alive, and a line of status.
// Outside systemd every call does nothing.
#pragma once

#include "base/time.hpp"

#include <optional>
#include <string_view>

namespace surged::io::service_notify {

/// Started (or reloaded) and serving.
void ready();
/// Re-reading the rules; ready() must follow.
void reloading();
/// Taking no more input; the process ends soon.
void stopping();
/// The loop is alive. To be called at least every watchdog_interval().
void watchdog();
/// One line for `systemctl status`; line breaks become spaces.
void status(std::string_view line);
/// Half of WatchdogSec, as sd_watchdog_enabled(3) advises; nullopt if none is asked for.
[[nodiscard]] std::optional<Micros> watchdog_interval();

}  // namespace surged::io::service_notify
