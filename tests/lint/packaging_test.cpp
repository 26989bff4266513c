// What is packaged besides the programs: manual pages that mandoc accepts, rules that are not the
// demo's.
#include "lint/source_tree.hpp"
#include "places.hpp"

#include <array>
#include <cstdio>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <regex>

namespace surged::lint {
namespace {

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

TEST_CASE("lint: rules for a real machine do what the demo's do, at a real machine's pace") {
    const std::regex demo{"[Dd]emo|at work|for: 5s|127\\.0\\.0\\.1:9470|\\.\\./var"};
    for (const SourceFile& file : files_below("systemd/package", {".yaml"})) {
        CAPTURE(file.path);
        CHECK_FALSE(std::regex_search(file.text, demo));
        if (file.path.find("/plans/") == std::string::npos) continue;
        // Who is told and what is to be done is one text; only the triggers are another's.
        const auto shipped =
            files_below("rules/plans", {file.path.substr(file.path.rfind('/') + 1)});
        REQUIRE(shipped.size() == 1);
        const auto response = [](const std::string& text) {
            const auto at = text.find("\nactivation:");
            REQUIRE(at != std::string::npos);
            return text.substr(at);
        };
        CHECK(response(file.text) == response(shipped[0].text));
    }
}

}  // namespace
}  // namespace surged::lint
