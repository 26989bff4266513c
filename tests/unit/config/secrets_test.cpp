// surged --check reads the secrets: each mistake at the key that names the file.
#include "config/daemon.hpp"
#include "support/temp_folder.hpp"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <string>

using namespace surged;
namespace fs = std::filesystem;

namespace {

void write(const std::string& path, const std::string& text, unsigned mode = 0600) {
    std::ofstream{path} << text;
    fs::permissions(path, static_cast<fs::perms>(mode));
}

}  // namespace

TEST_CASE("config: a check reads every secret, and says which key names a bad one") {
    const test::TempFolder folder;
    const std::string file = folder.path() + "/surged.yaml";
    write(
        file,
        "http:\n"
        "  tokens:\n"
        "    - {name: a, role: reader, secret_file: a.token}\n"
        "    - name: b\n"
        "      role: reader\n"
        "      secret_file: b.token\n"
        "sources:\n"
        "  acd:\n"
        "    type: ami\n"
        "    host: 127.0.0.1\n"
        "    username: u\n"
        "    secret_file: acd.secret\n"
    );
    write(folder.path() + "/a.token", "s3cret\n", 0604);
    write(folder.path() + "/acd.secret", "\n");
    const auto found = config::check_secrets(file, {});
    CHECK(found.read == 1);
    REQUIRE(found.mistakes.size() == 2);
    const std::string absent = found.mistakes[0].text(), empty = found.mistakes[1].text();
    CHECK(absent.find(file + ":6:7: http.tokens[1].secret_file: secret file ") == 0);
    CHECK(absent.find("there is no such file") != std::string::npos);
    CHECK(empty.find(file + ":12:5: sources.acd.secret_file: ") == 0);
    CHECK(empty.find("is empty") != std::string::npos);
    REQUIRE(found.warnings.size() == 1);
    CHECK(found.warnings[0].line == 3);
    CHECK(found.warnings[0].text().find("everybody on this machine may read") != std::string::npos);
    CHECK(found.warnings[0].text().find("s3cret") == std::string::npos);
    write(folder.path() + "/a.token", "s3cret\n");
    write(folder.path() + "/b.token", "s3cret\n");
    write(folder.path() + "/acd.secret", "s3cret\n");
    const auto good = config::check_secrets(file, {});
    CHECK(good.mistakes.empty());
    CHECK(good.warnings.empty());
    CHECK(good.read == 3);
    const auto other = config::check_secrets(
        file,
        {
            {"sources.acd.secret_file", "gone"}
    }
    );
    REQUIRE(other.mistakes.size() == 1);
    CHECK(other.mistakes[0].text().find("--set") == 0);
}
