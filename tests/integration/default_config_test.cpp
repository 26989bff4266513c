// /etc/surged as a new machine gets it: right as it stands, and with every example switched on.
#include "places.hpp"
#include "support/process.hpp"
#include "support/temp_folder.hpp"

#include <chrono>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

using namespace surged;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

/// The program's exit code; what it says on stdout is kept for the report.
int run(const std::vector<std::string>& argv, std::string& said) {
    said.clear();
    test::Process process{argv, "/dev/null"};
    while (const auto line = process.line(20s)) said += *line + '\n';
    return process.wait(10s).value_or(-1);
}

/// `#sources:` and `#  acd-1:` are examples, `# text` is prose.
std::string with_examples(const fs::path& file, int& examples) {
    static const std::regex example{"^#(  .*|[^ #].*)$"};
    std::ifstream in{file};
    std::string out;
    for (std::string line; std::getline(in, line);) {
        std::smatch match;
        if (std::regex_match(line, match, example)) {
            out += match[1].str() + '\n';
            ++examples;
        } else {
            out += line + '\n';
        }
    }
    return out;
}

/// Every file that the configuration names as secrets/NAME, for its owner alone.
void make_secrets(const fs::path& folder) {
    std::ifstream in{folder / "surged.yaml"};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    static const std::regex named{"secrets/[a-z.]+"};
    fs::create_directories(folder / "secrets");
    for (std::sregex_iterator it{text.begin(), text.end(), named}, end; it != end; ++it) {
        const fs::path file = folder / it->str();
        std::ofstream{file} << "s3cret\n";
        fs::permissions(file, fs::perms::owner_read);
    }
}

void check_all(const std::string& folder) {
    const std::string config = folder + "/surged.yaml";
    const std::string bin = SURGED_BINARY_DIR "/daemon/";
    const std::vector<std::vector<std::string>> commands = {
        {bin + "surged", "--check", "--config", config},
        {bin + "surgectl", "check", "--config", config},
        {bin + "surgectl", "check", folder + "/rules"},
    };
    for (const auto& command : commands) {
        std::string said;
        const int code = run(command, said);
        CHECK_MESSAGE(code == 0, said);
        CHECK_MESSAGE(said.find("warning") == std::string::npos, said);
    }
}

}  // namespace

TEST_CASE("packaging: the configuration as installed is right, and so is every example in it") {
    const fs::path installed = fs::path{SURGED_BINARY_DIR} / "packaging/etc/surged";
    check_all(installed.string());

    const test::TempFolder folder;
    int examples = 0;
    for (const auto& entry : fs::recursive_directory_iterator{installed}) {
        if (!entry.is_regular_file()) continue;
        const fs::path to = folder.path() / fs::relative(entry.path(), installed);
        fs::create_directories(to.parent_path());
        std::ofstream{to} << with_examples(entry.path(), examples);
    }
    CHECK(examples > 20);
    std::string said;
    const std::string config = folder.path() + "/surged.yaml";
    CHECK(run({SURGED_BINARY_DIR "/daemon/surged", "--check", "--config", config}, said) == 1);
    make_secrets(folder.path());
    check_all(folder.path());
}
