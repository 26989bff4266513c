// The unit file is one that systemd accepts and that gives an attacker little.
#include "lint/source_tree.hpp"
#include "places.hpp"

#include <array>
#include <cstdio>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <memory>
#include <regex>
#include <sys/wait.h>
#include <utility>

namespace surged::lint {
namespace {

namespace fs = std::filesystem;

/// Runs a shell command; its exit code and all that it said.
std::pair<int, std::string> run(const std::string& command) {
    std::FILE* pipe = popen((command + " 2>&1").c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::string said;
    std::array<char, 4096> buffer{};
    while (const auto n = std::fread(buffer.data(), 1, buffer.size(), pipe))
        said.append(buffer.data(), n);
    const int status = pclose(pipe);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, said};
}

/// A copy of the unit whose programs exist here: systemd checks that too.
fs::path unit_to_verify(const std::string& text) {
    const fs::path folder = fs::path{SURGED_BINARY_DIR} / "systemd-verify";
    fs::create_directories(folder);
    const fs::path unit = folder / "surged.service";
    std::ofstream{unit
    } << std::regex_replace(text, std::regex{"ExecStart=\\S+"}, "ExecStart=/bin/true");
    return unit;
}

TEST_CASE("lint: systemd accepts surged.service and finds it hardened") {
    const auto units = files_below("systemd", {"surged.service"});
    REQUIRE(units.size() == 1);
    const std::string& text = units[0].text;
    for (const char* line :
         {"Type=notify", "WatchdogSec=", "Restart=always", "StateDirectory=surged"})
        CHECK_MESSAGE(text.find(line) != std::string::npos, line);

    const std::string unit = unit_to_verify(text).string();
    const auto [verified, complaint] = run(fmt::format("systemd-analyze verify --man=no {}", unit));
    CHECK_MESSAGE(verified == 0, complaint);
    CHECK_MESSAGE(complaint.find("surged.service") == std::string::npos, complaint);
    // 0 is a service that can do nothing, 100 one that can do all; in tenths of a point.
    const auto [secure, exposure] =
        run(fmt::format("systemd-analyze security --offline=true --threshold=20 {}", unit));
    CHECK_MESSAGE(secure == 0, exposure);
}

TEST_CASE("lint: a misspelt key of a unit file is found") {
    const std::string unit =
        unit_to_verify("[Service]\nExecStart=/usr/bin/surged\nProtectSytem=strict\n").string();
    const auto [status, said] = run(fmt::format("systemd-analyze verify --man=no {}", unit));
    CHECK_MESSAGE(said.find("surged.service") != std::string::npos, said);
    CHECK_MESSAGE(said.find("ProtectSytem") != std::string::npos, said);
}

}  // namespace
}  // namespace surged::lint
