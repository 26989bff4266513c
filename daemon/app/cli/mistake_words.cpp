#include "app/cli/mistake_words.hpp"

#include "app/cli/mistake_table.hpp"

#include <algorithm>
#include <cstddef>
#include <fmt/format.h>
#include <utility>
#include <vector>

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

std::string what_in_chinese(std::string_view what);

/// What stands behind a colon at the end is a sentence, too: why.
std::string by_match(const Match& found) {
    std::vector<std::string> cited{found.cited.begin(), found.cited.end()};
    if (found.sentence->en.ends_with(": {}")) cited.back() = what_in_chinese(cited.back());
    return filled(found.sentence->zh, cited);
}

std::string expected_in_chinese(std::string_view expected) {
    if (const auto whole = match(expected, {expected_sentences()})) return by_match(*whole);
    constexpr std::pair<std::string_view, std::string_view> besides[] = {
        {", or no such key",        ",或去掉此键"  },
        {", or the path of a file", ",或文件的路径"},
        {", or a gauge",            ",或外部指标"  },
    };
    for (const auto& [en, zh] : besides)
        if (expected.ends_with(en))
            return expected_in_chinese(expected.substr(0, expected.size() - en.size())).append(zh);
    return list_in_chinese(expected);
}

/// A key or a value that was meant stays as it is: it may read like a sentence of the tables.
std::string meant_in_chinese(std::string_view meant) {
    static constexpr Sentence sentences[] = {
        {"a space instead of {}",                              "空格而非 {}"},
        {"{} instead of {}",                                   "{} 而非 {}" },
        {"surgectl check --config FILE, for the daemon's own",
         "surgectl check --config FILE,检查守护进程自身的配置"              },
    };
    if (const auto whole = match(meant, {sentences})) return by_match(*whole);
    return list_in_chinese(meant);
}

std::optional<Match> sentence_of(std::string_view what) {
    return match(
        what,
        {problem_sentences(),
         wrong_sentences(),
         command_sentences(),
         expected_sentences(),
         cause_sentences()}
    );
}

/// Before it may stand where it is: "triggers[2].above: ".
std::string what_in_chinese(std::string_view what) {
    if (const auto whole = sentence_of(what)) return by_match(*whole);
    const std::size_t colon = what.find(": ");
    const std::string_view place = what.substr(0, colon);
    if (colon == std::string_view::npos || place.find(' ') != std::string_view::npos)
        return std::string{what};
    return fmt::format("{}:{}", place, what_in_chinese(what.substr(colon + 2)));
}

/// A blank stands between Chinese and what is not.
std::string behind(std::string_view words, std::string_view text) {
    const bool latin = !text.empty() && static_cast<unsigned char>(text.front()) < 0x80;
    return fmt::format("{}{}{}", words, latin ? " " : "", text);
}

/// What is to be done begins with 请; anything else is what was expected.
std::string expectation(std::string_view expected) {
    const std::string words = expected_in_chinese(expected);
    return words.starts_with("请") ? fmt::format(";{}", words) : behind(";应为", words);
}

std::string in_chinese(
    std::string_view place, std::string_view what, std::string_view expected, std::string_view meant
) {
    std::string out{place};
    if (!place.empty()) out += ':';
    out += what_in_chinese(what);
    if (!expected.empty()) out += expectation(expected);
    if (!meant.empty()) out += behind(";是否指", meant_in_chinese(meant));
    return out;
}

/// A file, perhaps with line and column, or --set and a key, at the beginning of a line and before
/// ": "; the file's name may have blanks.
std::string_view file_in(std::string_view line) {
    for (const std::string_view ending : {".yaml", ".ics"}) {
        std::size_t at = line.find(ending);
        if (at == std::string_view::npos) continue;
        at = line.find_first_not_of("0123456789:", at + ending.size());
        if (at == std::string_view::npos || line[at] != ' ' || line[at - 1] != ':') continue;
        return line.substr(0, at - 1);
    }
    const std::string_view place = line.substr(0, line.find(": "));
    constexpr std::string_view option = "--set ";  // of surged: a key of the file in its place
    const bool is_option = place.starts_with(option);
    const std::string_view name = is_option ? place.substr(option.size()) : place;
    const bool is_place = is_option || place.find('/') != std::string_view::npos;
    return is_place && place.size() < line.size() && name.find(' ') == std::string_view::npos
               ? place
               : std::string_view{};
}

/// What stands behind the last `mark` that no quotes enclose; `line` ends before it then.
std::string_view cut(std::string_view& line, std::string_view mark) {
    std::size_t at = line.rfind(mark);
    while (at != std::string_view::npos &&
           std::count(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(at), '"') % 2 != 0)
        at = at == 0 ? std::string_view::npos : line.rfind(mark, at - 1);
    if (at == std::string_view::npos) return {};
    const std::string_view behind_it = line.substr(at + mark.size());
    line = line.substr(0, at);
    return behind_it;
}

std::string line_in_chinese(std::string_view line) {
    if (const auto whole = sentence_of(line)) return by_match(*whole);
    const std::string_view place = file_in(line);
    if (!place.empty()) line.remove_prefix(place.size() + 2);
    const std::string_view meant = cut(line, "; did you mean ");
    const std::string_view expected = cut(line, "; expected ");
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
