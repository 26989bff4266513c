// What a running program has used of the processors, read from outside.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <sys/types.h>

namespace surged::test {

/// User and system time in clock ticks of a line of /proc/PID/stat; nullopt if it is none.
/// @source proc(5): fields 14 and 15; behind the bracket of the name they are 12 and 13.
[[nodiscard]] std::optional<std::uint64_t> cpu_ticks(std::string_view stat);

/// CPU seconds of all its threads so far, to a tick (10 ms). Throws if there is no such process.
[[nodiscard]] double cpu_seconds_of(pid_t process);

}  // namespace surged::test
