#include "support/process_cpu.hpp"

#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <unistd.h>

namespace surged::test {

std::optional<std::uint64_t> cpu_ticks(std::string_view stat) {
    const auto bracket = stat.rfind(')');  // the name may have brackets and blanks of its own
    if (bracket == std::string_view::npos) return std::nullopt;
    std::istringstream fields{std::string{stat.substr(bracket + 1)}};
    std::string skipped;
    for (int i = 0; i < 11; ++i) fields >> skipped;
    std::uint64_t user = 0;
    std::uint64_t system = 0;
    if (!(fields >> user >> system)) return std::nullopt;
    return user + system;
}

double cpu_seconds_of(pid_t process) {
    std::ifstream in{fmt::format("/proc/{}/stat", process)};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    const auto ticks = cpu_ticks(text);
    if (!ticks) throw std::runtime_error{fmt::format("process {} has ended by itself", process)};
    return static_cast<double>(*ticks) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}  // namespace surged::test
