#include "app/cli/mistake_words.hpp"

#include "app/cli/mistake_table.hpp"
#include "app/cli/problem_words.hpp"

#include <fmt/format.h>
#include <optional>
#include <utility>

namespace surged::app::cli {
namespace {

/// "a, b or c" and "such as x", which name what is in the files.
std::string list_in_chinese(std::string_view text) {
    std::string out{text};
    constexpr std::string_view such_as = "such as ";
    if (text.starts_with(such_as)) out.replace(0, such_as.size(), "如 ");
    constexpr std::pair<std::string_view, std::string_view> words[] = {
        {", or ", "、或 "},
        {" or ",  " 或 " },
        {" and ", " 和 " },
    };
    for (const auto& [en, zh] : words)
        if (const auto at = out.rfind(en); at != std::string::npos)
            return out.replace(at, en.size(), zh);
    return out;
}

std::string expected_in_chinese(std::string_view expected) {
    constexpr std::string_view optional = ", or no such key";
    if (const auto whole = by_sentence(expected, expected_sentences())) return *whole;
    if (expected.ends_with(optional))
        return expected_in_chinese(expected.substr(0, expected.size() - optional.size())) +
               ",或去掉此键";
    return list_in_chinese(expected);
}

/// Before it may stand where it is: "triggers[2].above: ".
std::string what_in_chinese(std::string_view what) {
    for (const auto table : {wrong_sentences(), command_sentences(), expected_sentences()})
        if (const auto whole = by_sentence(what, table)) return *whole;
    const std::size_t colon = what.find(": ");
    const std::string_view place = what.substr(0, colon);
    if (colon == std::string_view::npos || place.find(' ') != std::string_view::npos)
        return in_chinese(what);
    return fmt::format("{}:{}", place, what_in_chinese(what.substr(colon + 2)));
}

std::string in_chinese(
    std::string_view place, std::string_view what, std::string_view expected, std::string_view meant
) {
    std::string out{place};
    if (!place.empty()) out += ':';
    out += what_in_chinese(what);
    if (!expected.empty()) out += ";应为 " + expected_in_chinese(expected);
    if (!meant.empty()) out += fmt::format(";是否指 {}", meant);
    return out;
}

/// Where in a file, at the beginning of a line; what stands behind it begins after ": ".
std::string_view place_in(std::string_view line) {
    const std::size_t end = line.find(": ");
    if (end == std::string_view::npos) return {};
    const std::string_view place = line.substr(0, end);
    const bool is_file = place.find('/') != std::string_view::npos ||
                         place.find(".yaml") != std::string_view::npos ||
                         place.find(".ics") != std::string_view::npos;
    return is_file && place.find(' ') == std::string_view::npos ? place : std::string_view{};
}

std::string line_in_chinese(std::string_view line) {
    const std::string_view place = place_in(line);
    if (!place.empty()) line.remove_prefix(place.size() + 2);
    const auto cut = [&](std::string_view mark) {
        const std::size_t at = line.rfind(mark);
        if (at == std::string_view::npos) return std::string_view{};
        const std::string_view behind = line.substr(at + mark.size());
        line = line.substr(0, at);
        return behind;
    };
    const std::string_view meant = cut("; did you mean ");
    const std::string_view expected = cut("; expected ");
    return in_chinese(place, line, expected, meant);
}

}  // namespace

std::string told(const config::Diagnostic& mistake, plan::Language language) {
    if (language == plan::Language::en) return mistake.text();
    const std::string place =
        mistake.line > 0 ? fmt::format("{}:{}:{}", mistake.file, mistake.line, mistake.column)
                         : mistake.file;
    return in_chinese(place, mistake.what, mistake.expected, mistake.suggestion);
}

Error as_error(const config::Diagnostics& mistakes) {
    Error out;
    for (const config::Diagnostic& one : mistakes)
        out.what += (out.what.empty() ? "" : "\n") + one.text();
    return out;
}

std::string mistakes_in_chinese(std::string_view lines) {
    std::string out;
    for (;;) {
        const std::size_t end = lines.find('\n');
        out += line_in_chinese(lines.substr(0, end));
        if (end == std::string_view::npos) return out;
        out += '\n';
        lines.remove_prefix(end + 1);
    }
}

}  // namespace surged::app::cli
