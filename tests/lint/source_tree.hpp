// The source tree as text, for tests that hold it to the house rules.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace surged::lint {

struct SourceFile {
    std::string path;  // from the root of the project, with '/'
    std::string text;
};

/// Every file below `folder` (from the project's root) whose name ends in one of `endings`, in
/// order of path. `endings` empty: all. Fails the test if there is none: a moved folder must be
/// noticed.
[[nodiscard]] std::vector<SourceFile> files_below(
    std::string_view folder, const std::vector<std::string>& endings
);

/// The same for the files of the root itself, without its folders.
[[nodiscard]] std::vector<SourceFile> top_level_files(const std::vector<std::string>& endings);

/// `text` with comments, string and character literals blanked, newlines kept: what the compiler
/// sees as code. Raw strings are known, trigraphs and line splices are not.
[[nodiscard]] std::string code_of(std::string_view text);

[[nodiscard]] std::vector<std::string> lines_of(std::string_view text);

/// A breach of a house rule.
struct Finding {
    std::string path;
    std::size_t line{0};  // from 1; 0: the file as a whole
    std::string what;
    bool operator==(const Finding&) const = default;
};
/// One line each, `path:line: what`: what a failing test prints.
[[nodiscard]] std::string report(const std::vector<Finding>& findings);

}  // namespace surged::lint
