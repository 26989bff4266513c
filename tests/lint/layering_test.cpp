// Ranks keep the house in order: a library includes only itself and what lies lower. CMake refuses
// an upward link; this refuses an upward include, which a header-only use would slip past CMake.
#include "lint/source_tree.hpp"
#include "places.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <regex>

namespace surged::lint {
namespace {

const std::map<std::string, int> ranks = {
    {"base",   0},
    {"core",   1},
    {"config", 2},
    {"store",  2},
    {"io",     2},
    {"app",    3},
};

/// The library that a path below daemon/ belongs to; empty for the composition roots.
std::string library_of(const std::string& path) {
    const auto slash = path.find('/');
    return slash == std::string::npos ? "" : path.substr(0, slash);
}

std::vector<Finding> layer_breaches(const SourceFile& file) {
    static const std::regex include{R"re(#include "([^"]+)")re"};
    const std::string from = library_of(file.path.substr(std::string{"daemon/"}.size()));
    std::vector<Finding> findings;
    if (from.empty()) return findings;  // main.cpp and surgectl.cpp know every module
    if (!ranks.contains(from)) {
        findings.push_back({file.path, 0, fmt::format("daemon/{}/ has no rank", from)});
        return findings;
    }
    const auto lines = lines_of(code_of(file.text));
    for (std::size_t i = 0; i < lines.size(); ++i) {
        std::smatch match;
        if (!std::regex_search(lines[i], match, include) || match[1] == "version.hpp") continue;
        const std::string to = library_of(match[1]);
        const auto rank = ranks.find(to);
        if (rank == ranks.end()) {
            findings.push_back(
                {file.path, i + 1, fmt::format("\"{}\": name it from daemon/", match[1].str())}
            );
        } else if (to != from && rank->second >= ranks.at(from)) {
            findings.push_back(
                {file.path,
                 i + 1,
                 fmt::format(
                     "{} (rank {}) includes {} (rank {})", from, ranks.at(from), to, rank->second
                 )}
            );
        }
    }
    return findings;
}

TEST_CASE("lint: includes point downward") {
    std::vector<Finding> findings;
    for (const SourceFile& file : files_below("daemon", {".cpp", ".hpp"})) {
        for (Finding& f : layer_breaches(file)) findings.push_back(std::move(f));
    }
    CHECK_MESSAGE(findings.empty(), report(findings));
}

TEST_CASE("lint: an include that points upward or sideways is found") {
    struct Row {
        const char* name;
        const char* path;
        const char* text;
        std::size_t breaches;
    };
    const Row rows[] = {
        {"downward",           "daemon/core/a/b.cpp", "#include \"base/time.hpp\"",     0},
        {"within",             "daemon/core/a/b.cpp", "#include \"core/c/d.hpp\"",      0},
        {"upward",             "daemon/core/a/b.cpp", "#include \"io/source/s.hpp\"",   1},
        {"sideways",           "daemon/store/b.cpp",  "#include \"config/daemon.hpp\"", 1},
        {"from the root",      "daemon/main.cpp",     "#include \"app/cli.hpp\"",       0},
        {"relative",           "daemon/io/x/b.cpp",   "#include \"b.hpp\"",             1},
        {"into the tests",     "daemon/app/b.cpp",    "#include \"support/fake.hpp\"",  1},
        {"a library unranked", "daemon/util/b.cpp",   "",                               1},
        {"in a comment",       "daemon/core/a/b.cpp", "// #include \"io/a.hpp\"",       0},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        CHECK(layer_breaches({row.path, row.text}).size() == row.breaches);
    }
}

TEST_CASE("lint: every core file has its test") {
    std::vector<Finding> findings;
    for (const SourceFile& file : files_below("daemon/core", {".cpp"})) {
        std::string test = "tests/unit/" + file.path.substr(std::string{"daemon/"}.size());
        test.replace(test.size() - 4, 4, "_test.cpp");
        if (!std::filesystem::exists(std::filesystem::path{SURGED_SOURCE_DIR} / test)) {
            findings.push_back({file.path, 0, fmt::format("has no test {}", test)});
        }
    }
    CHECK_MESSAGE(findings.empty(), report(findings));
}

}  // namespace
}  // namespace surged::lint
