// What systemd reads of ours is what it accepts, and the units give an attacker little.
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
#include <unistd.h>
#include <utility>
#include <vector>

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

/// A folder of its own with the units, their programs such as are there: systemd checks that too.
class UnitFolder {
public:
    explicit UnitFolder(const std::string& name)
        : folder_{fs::path{SURGED_BINARY_DIR} / ("systemd-" + name)} {
        fs::remove_all(folder_);
        fs::create_directories(folder_);
    }
    void put(const std::string& unit, const std::string& text) {
        const std::regex program{"(Exec[A-Z][A-Za-z]*=)\\S+"};
        std::ofstream{folder_ / unit} << std::regex_replace(text, program, "$1/bin/true");
        units_ += " ./" + unit;
    }
    [[nodiscard]] std::pair<int, std::string> verify() const {
        return run(
            fmt::format("cd {} && systemd-analyze verify --man=no{}", folder_.string(), units_)
        );
    }
    /// 0 is a service that can do nothing, 100 one that can do all; in tenths of a point.
    [[nodiscard]] std::pair<int, std::string> exposed_at_most(const std::string& unit, int tenths)
        const {
        return run(fmt::format(
            "cd {} && systemd-analyze security --offline=true --threshold={} ./{}",
            folder_.string(),
            tenths,
            unit
        ));
    }

private:
    fs::path folder_;
    std::string units_;
};

TEST_CASE("lint: systemd accepts every unit and finds the services hardened") {
    UnitFolder folder{"verify"};
    std::vector<std::string> services;
    for (const SourceFile& unit : files_below("systemd", {".service", ".socket", ".timer"})) {
        const std::string name = fs::path{unit.path}.filename();
        folder.put(name, unit.text);
        if (name.ends_with(".service")) services.push_back(name);
    }
    const auto [verified, complaint] = folder.verify();
    CHECK_MESSAGE(verified == 0, complaint);
    CHECK_MESSAGE(complaint.find("surged") == std::string::npos, complaint);
    for (const std::string& service : services) {
        const auto [secure, exposure] = folder.exposed_at_most(service, 15);
        CHECK_MESSAGE(secure == 0, exposure);
    }
}

TEST_CASE("lint: surged.service is watched, comes back, and gets its secrets as credentials") {
    const auto units = files_below("systemd", {"surged.service"});
    REQUIRE(units.size() == 1);
    for (const char* line :
         {"\nType=notify\n",
          "\nWatchdogSec=",
          "\nRestart=always\n",
          "\nStateDirectory=surged\n",
          "\nUser=surged\n",
          "\nLoadCredential=secrets:/etc/surged/secrets\n"})
        CHECK_MESSAGE(units[0].text.find(line) != std::string::npos, line);
}

TEST_CASE("lint: systemd-sysusers and systemd-tmpfiles accept our files") {
    const std::string root = (fs::path{SURGED_BINARY_DIR} / "systemd-root").string();
    fs::remove_all(root);
    fs::create_directories(root + "/etc");
    const std::string folder = SURGED_SOURCE_DIR "/systemd/surged.";
    const auto [users, complaint] =
        run(fmt::format("systemd-sysusers --root={} {}sysusers", root, folder));
    CHECK_MESSAGE(users == 0, complaint);
    const auto [passwd, who] = run(fmt::format("grep '^surged:' {}/etc/passwd", root));
    CHECK_MESSAGE(passwd == 0, who);
    const auto [files, objection] =
        run(fmt::format("systemd-tmpfiles --root={} --create {}tmpfiles", root, folder));
    // Only root can give a folder to somebody else.
    if (::geteuid() == 0) CHECK_MESSAGE(files == 0, objection);
    for (const auto& [path, mode] : {
             std::pair{"/etc/surged",         0750},
             std::pair{"/etc/surged/secrets", 0700},
             std::pair{"/var/lib/surged",     0700}
    })
        if (::geteuid() == 0)
            CHECK_MESSAGE(static_cast<int>(fs::status(root + path).permissions()) == mode, path);
}

TEST_CASE("lint: a misspelt key and a lax service are found") {
    UnitFolder folder{"planted"};
    folder.put("lax.service", "[Service]\nExecStart=/usr/bin/surged\nProtectSytem=strict\n");
    const auto [status, said] = folder.verify();
    CHECK_MESSAGE(said.find("lax.service") != std::string::npos, said);
    CHECK_MESSAGE(said.find("ProtectSytem") != std::string::npos, said);
    CHECK(folder.exposed_at_most("lax.service", 15).first != 0);
}

}  // namespace
}  // namespace surged::lint
