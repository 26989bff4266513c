// Documentation that leads nowhere is worse than none: links, and scripts that are named.
#include "lint/source_tree.hpp"
#include "places.hpp"

#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <regex>

namespace surged::lint {
namespace {

namespace fs = std::filesystem;

/// Relative links and `script/…` of one page that do not exist; `exists` takes a path from the
/// root.
template <class Exists>
std::vector<Finding> dead_ends(const SourceFile& page, Exists exists) {
    static const std::regex link{R"(\]\(([^)#\s]+)(#[^)\s]*)?\))"};
    static const std::regex script{R"(\bscript/[a-z]+)"};
    std::vector<Finding> findings;
    const auto lines = lines_of(page.text);
    const fs::path here = fs::path{page.path}.parent_path();
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto each = [&](const std::regex& pattern, std::size_t group, const fs::path& from) {
            std::sregex_iterator it{lines[i].begin(), lines[i].end(), pattern};
            for (; it != std::sregex_iterator{}; ++it) {
                const std::string target = (*it)[group].str();
                if (target.find("://") != std::string::npos) continue;
                if (exists((from / target).lexically_normal())) continue;
                findings.push_back({page.path, i + 1, fmt::format("`{}` is not there", target)});
            }
        };
        each(link, 1, here);
        each(script, 0, "");
    }
    return findings;
}

TEST_CASE("lint: links and commands of the documentation lead somewhere") {
    std::vector<Finding> findings;
    std::vector<SourceFile> pages;
    for (const char* folder : {"docs", "daemon", "tests"})
        for (SourceFile& page : files_below(folder, {".md"})) pages.push_back(std::move(page));
    for (SourceFile& page : top_level_files({".md"})) pages.push_back(std::move(page));
    for (const SourceFile& page : pages) {
        for (Finding& f : dead_ends(page, [](const fs::path& path) {
                 return fs::exists(fs::path{SURGED_SOURCE_DIR} / path);
             }))
            findings.push_back(std::move(f));
    }
    CHECK_MESSAGE(findings.empty(), report(findings));
}

TEST_CASE("lint: a dead link is found") {
    const auto exists = [](const fs::path& path) {
        return path == "docs/b.md" || path == "script/run";
    };
    struct Row {
        const char* text;
        std::size_t dead;
    };
    const Row rows[] = {
        {"see [b](b.md) and [b](b.md#part)",    0},
        {"see [c](c.md)",                       1},
        {"see [b](../docs/b.md), [c](../c.md)", 1},
        {"[out](https://example.org/c.md)",     0},
        {"[here](#part)",                       0},
        {"`script/run`, then `script/walk`",    1},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        CHECK(dead_ends({"docs/a.md", row.text}, exists).size() == row.dead);
    }
}

}  // namespace
}  // namespace surged::lint
