// Reading the source tree, and a lexer just good enough to tell code from comments and literals.
#include "lint/source_tree.hpp"

#include "places.hpp"

#include <algorithm>
#include <cctype>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>

namespace surged::lint {

namespace fs = std::filesystem;

namespace {

template <class Entries>
std::vector<SourceFile> read_all(Entries entries, const std::vector<std::string>& endings) {
    std::vector<SourceFile> found;
    for (const auto& entry : entries) {
        const std::string name = entry.path().filename().string();
        const bool wanted = endings.empty() || std::ranges::any_of(endings, [&](const auto& end) {
                                return name.ends_with(end);
                            });
        if (!entry.is_regular_file() || !wanted) continue;
        std::ifstream in{entry.path(), std::ios::binary};
        found.push_back({
            entry.path().lexically_relative(SURGED_SOURCE_DIR).generic_string(),
            {std::istreambuf_iterator<char>{in}, {}}
        });
    }
    std::ranges::sort(found, {}, &SourceFile::path);
    return found;
}

}  // namespace

std::vector<SourceFile> files_below(
    std::string_view folder, const std::vector<std::string>& endings
) {
    const fs::recursive_directory_iterator entries{fs::path{SURGED_SOURCE_DIR} / folder};
    auto found = read_all(entries, endings);
    REQUIRE_MESSAGE(!found.empty(), "nothing to look at below " << folder);
    return found;
}

std::vector<SourceFile> top_level_files(const std::vector<std::string>& endings) {
    return read_all(fs::directory_iterator{SURGED_SOURCE_DIR}, endings);
}

namespace {

/// Where the literal or comment that starts at `at` ends (one past it); `at` if none starts there.
std::size_t skip_non_code(std::string_view text, std::size_t at) {
    const auto from = text.substr(at);
    const auto past = [&](std::string_view end, std::size_t offset) {
        const auto found = text.find(end, at + offset);
        return found == std::string_view::npos ? text.size() : found + end.size();
    };
    if (from.starts_with("//")) return std::min(text.find('\n', at), text.size());
    if (from.starts_with("/*")) return past("*/", 2);
    if (from.starts_with("R\"")) {
        const auto open = from.find('(');
        if (open == std::string_view::npos) return text.size();
        return past(fmt::format("){}\"", from.substr(2, open - 2)), open);
    }
    const char quote = text[at];
    const bool digit_separator =  // 1'000'000
        quote == '\'' && at > 0 && std::isxdigit(static_cast<unsigned char>(text[at - 1])) != 0;
    if ((quote != '"' && quote != '\'') || digit_separator) return at;
    for (std::size_t i = at + 1; i < text.size(); ++i) {
        if (text[i] == '\\')
            ++i;
        else if (text[i] == quote)
            return i + 1;
    }
    return text.size();
}

}  // namespace

std::string code_of(std::string_view text) {
    std::string code;
    code.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = skip_non_code(text, at);
        if (end == at) {
            code += text[at++];
            continue;
        }
        // An include's "path" is code to a lint; so keep the literal when it follows #include.
        const bool include = text.substr(text.rfind('\n', at) + 1).starts_with("#include");
        for (; at < end; ++at) code += include || text[at] == '\n' ? text[at] : ' ';
    }
    return code;
}

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::string report(const std::vector<Finding>& findings) {
    std::string text;
    for (const Finding& f : findings) {
        text += fmt::format("\n{}:{}: {}", f.path, f.line, f.what);
    }
    return text;
}

}  // namespace surged::lint
