// What is packaged besides the programs: manual pages that mandoc accepts, rules that are not the
// demo's.
#include "lint/source_tree.hpp"
#include "places.hpp"

#include <array>
#include <cstdio>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <regex>

namespace surged::lint {
namespace {

namespace fs = std::filesystem;

/// All that `mandoc -T lint` says of a page, from warnings on.
std::string mandoc(const std::string& file) {
    const std::string command = fmt::format("mandoc -T lint -W warning {} 2>&1", file);
    std::FILE* pipe = popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::string said;
    std::array<char, 4096> buffer{};
    while (const auto n = std::fread(buffer.data(), 1, buffer.size(), pipe))
        said.append(buffer.data(), n);
    const int status = pclose(pipe);
    if (status != 0 && said.empty()) said = "mandoc failed";
    return said;
}

TEST_CASE("lint: mandoc finds nothing in the manual pages") {
    for (const SourceFile& page : files_below("docs/man", {".1", ".8"}))
        CHECK_MESSAGE(
            mandoc(SURGED_SOURCE_DIR "/" + page.path).empty(),
            mandoc(SURGED_SOURCE_DIR "/" + page.path)
        );
    CHECK_FALSE(mandoc(SURGED_SOURCE_DIR "/tests/lint/planted/wrong.1").empty());
}

TEST_CASE("lint: the rules as installed have nothing of the demo") {
    const std::regex demo{
        "\\b[Dd]emo\\b|\\[sales|售后服务|for: 5s|:9470|\\.\\./var|channel: hook|\\bhz\\b"
    };
    const fs::path rules = fs::path{SURGED_BINARY_DIR} / "packaging/etc/surged";
    std::size_t files = 0;
    for (const auto& entry : fs::recursive_directory_iterator{rules}) {
        if (!entry.is_regular_file()) continue;
        ++files;
        std::ifstream in{entry.path()};
        std::size_t number = 0;
        for (std::string line; std::getline(in, line);) {
            ++number;
            if (line.starts_with('#')) continue;
            CHECK_MESSAGE(
                !std::regex_search(line, demo), entry.path().string(), ":", number, ": ", line
            );
        }
    }
    // surged.yaml, site, roster and notices, and every plan.
    CHECK(files == 4 + files_below("rules/plans", {".yaml"}).size());
}

}  // namespace
}  // namespace surged::lint
