// How files look: a purpose first, short enough to read, no open ends, nothing of one machine.
#include "lint/source_tree.hpp"
#include "places.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <regex>

namespace surged::lint {
namespace {

struct Limits {
    std::size_t lines, columns;
};
constexpr Limits of_code{400, 100};
// Tables of rows are looked up, not read through; how wide one is, is the formatter's business.
constexpr Limits of_tests{600, 1000};

/// Characters, not bytes: Chinese texts are three bytes each.
std::size_t columns_of(std::string_view line) {
    return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

/// A source file says what it is for in its first line. x.cpp leaves it to x.hpp, x_test.cpp to its
/// name.
bool owes_purpose(const std::string& path) {
    if (path.ends_with(".hpp")) return true;
    if (path.ends_with("_test.cpp")) return false;
    std::filesystem::path header = std::filesystem::path{SURGED_SOURCE_DIR} / path;
    return !std::filesystem::exists(header.replace_extension(".hpp"));
}

std::vector<Finding> style_breaches(const SourceFile& file) {
    std::vector<Finding> findings;
    const Limits limit = file.path.starts_with("tests/") ? of_tests : of_code;
    const auto lines = lines_of(file.text);
    const auto find = [&](std::size_t line, std::string what) {
        findings.push_back({file.path, line, std::move(what)});
    };
    if (lines.size() > limit.lines)
        find(0, fmt::format("{} lines; at most {}", lines.size(), limit.lines));
    if (owes_purpose(file.path) && (lines.empty() || !lines[0].starts_with("// "))) {
        find(1, "begins without saying what it is for");
    }
    if (file.path.ends_with(".hpp") && file.text.find("\n#pragma once\n") == std::string::npos) {
        find(0, "has no #pragma once");
    }
    bool by_hand = false;  // a table set by hand may be as wide as its columns need
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (lines[i].find("// clang-format off") != std::string::npos) by_hand = true;
        if (lines[i].find("// clang-format on") != std::string::npos) by_hand = false;
        if (!by_hand && columns_of(lines[i]) > limit.columns) {
            find(i + 1, fmt::format("over {} columns", limit.columns));
        }
        if (lines[i].find('\t') != std::string::npos) find(i + 1, "a tab");
        if (lines[i].ends_with(' ')) find(i + 1, "blanks at the end");
    }
    if (!file.text.empty() && !file.text.ends_with('\n'))
        find(lines.size(), "no newline at the end");
    return findings;
}

/// What may stand in no file of the project. The words are split so that this file passes too.
std::vector<Finding> leftovers(const SourceFile& file) {
    static const std::regex open{
        "\\b(TO"
        "DO|FIX"
        "ME|XX"
        "X|HA"
        "CK)\\b"
    };
    static const std::regex machine{
        "(^|[^\\w.])/(work|home|ro"
        "ot|Users)/|\\.\\./sha"
        "red"
    };
    std::vector<Finding> findings;
    const auto lines = lines_of(file.text);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        std::smatch match;
        if (std::regex_search(lines[i], match, open)) {
            findings.push_back(
                {file.path, i + 1, fmt::format("`{}`: finish it or make an issue", match.str())}
            );
        }
        if (std::regex_search(lines[i], match, machine)) {
            findings.push_back(
                {file.path, i + 1, fmt::format("`{}`: a path of one machine", match.str())}
            );
        }
    }
    return findings;
}

TEST_CASE("lint: source files keep the house style") {
    std::vector<Finding> findings;
    for (const char* folder : {"daemon", "tests"}) {
        for (const SourceFile& file : files_below(folder, {".cpp", ".hpp"})) {
            for (Finding& f : style_breaches(file)) findings.push_back(std::move(f));
        }
    }
    CHECK_MESSAGE(findings.empty(), report(findings));
}

TEST_CASE("lint: no open ends and no path of one machine") {
    const std::vector<std::string> texts = {
        ".cpp", ".hpp", ".md", ".yaml", ".yml", ".txt", ".cmake", ".service"
    };
    std::vector<Finding> findings;
    for (const char* folder : {"daemon", "docs", "systemd"}) {
        for (const SourceFile& file : files_below(folder, texts)) {
            for (Finding& f : leftovers(file)) findings.push_back(std::move(f));
        }
    }
    for (const SourceFile& file : files_below("tests", {".cpp", ".hpp"})) {
        for (Finding& f : leftovers(file)) findings.push_back(std::move(f));
    }
    for (const SourceFile& file : files_below("script", {})) {
        for (Finding& f : leftovers(file)) findings.push_back(std::move(f));
    }
    CHECK_MESSAGE(findings.empty(), report(findings));
}

TEST_CASE("lint: a file out of style is found") {
    const std::string long_file = [] {
        std::string text = "// Long.\n";
        for (int i = 0; i < 400; ++i) text += "int x;\n";
        return text;
    }();
    struct Row {
        const char* name;
        SourceFile file;
        std::size_t breaches;
    };
    const Row rows[] = {
        {"good",                {"a.cpp", "// What.\n#include \"a.hpp\"\n\nint x;\n"},     0},
        {"no purpose",          {"a.cpp", "#include \"a.hpp\"\n\nint x;\n"},               1},
        {"a header, unguarded", {"a.hpp", "// What.\n\nint x;\n"},                         1},
        {"too long",            {"a.cpp", long_file},                                      1},
        {"too wide",            {"a.cpp", "// What.\n\n//" + std::string(99, 'x') + "\n"}, 1},
        {"a table by hand",
         {"a.cpp", "// W.\n// clang-format off\n//" + std::string(99, 'x') + "\n"},
         0                                                                                  },
        {"wide in bytes only",
         {"a.cpp", "// What.\n\n// 【演练】售前电话排队人数超过阈值,请尽快取消小休并支援售前队列\n"
         },                                                                                0},
        {"a tab",               {"a.cpp", "// What.\n\n\tint x;\n"},                       1},
        {"cut off",             {"a.cpp", "// What.\n\nint x;"},                           1},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        CHECK(style_breaches(row.file).size() == row.breaches);
    }
    CHECK(
        leftovers({"a.md",
                   "x\n// TO"
                   "DO: later\n"})
            .size() == 1
    );
    CHECK(
        leftovers({"a.md",
                   "see /ho"
                   "me/wang/surged\n"})
            .size() == 1
    );
    CHECK(leftovers({"a.md", "see /var/lib/surged, methodology, https://x.org/home/a\n"}).empty());
}

}  // namespace
}  // namespace surged::lint
