#include "app/cli/mistake_words.hpp"

#include "places.hpp"

#include <algorithm>
#include <cstddef>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

using namespace surged;
using app::cli::mistakes_in_chinese;

namespace {

bool is_quote(std::string_view text, std::size_t at) {
    return text[at] == '"' && (at == 0 || text[at - 1] != '\\') &&
           !(at > 0 && text[at - 1] == '\'');
}

/// The texts between quotes in a statement, one that goes on behind a line's end as a whole; what
/// stands beside another value has a hole for it.
std::vector<std::string> texts_in(std::string_view statement) {
    std::vector<std::string> out;
    std::size_t before = 0;  // the end of the text before
    for (std::size_t at = 0; at < statement.size(); ++at) {
        if (!is_quote(statement, at)) continue;
        std::size_t end = at + 1;
        while (end < statement.size() && !is_quote(statement, end)) ++end;
        std::string text{statement.substr(at + 1, end - at - 1)};
        const std::string_view between = statement.substr(before, at - before);
        const bool goes_on = !out.empty() && between.find_first_not_of(" \n") == between.npos;
        if (goes_on)
            out.back() += text;
        else
            out.push_back(std::move(text));
        at = end;
        before = end + 1;
    }
    return out;
}

std::string source_of(const std::filesystem::path& file) {
    std::ifstream in{file};
    return {std::istreambuf_iterator<char>{in}, {}};
}

bool is_chinese(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) >= 0xe4 && static_cast<unsigned char>(c) <= 0xe9;
    });
}

/// What a source says of mistakes: sentences, not names. What is there in both languages is not
/// among them.
std::vector<std::string> sentences_in(
    const std::string& source, const std::vector<std::string_view>& ways
) {
    std::vector<std::string> out;
    for (const std::string_view way : ways) {
        for (std::size_t at = 0; (at = source.find(way, at)) != std::string::npos;) {
            const std::size_t end = source.find(';', at);
            const std::string_view statement = std::string_view{source}.substr(at, end - at);
            at += way.size();
            if (is_chinese(statement)) continue;
            for (std::string& text : texts_in(statement))
                if (std::count(text.begin(), text.end(), ' ') > 0 && text.size() > 3 &&
                    text.find('\\') == std::string::npos)
                    out.push_back(std::move(text));
        }
    }
    return out;
}

/// With words in the holes, and where a value comes before or behind.
std::string filled(std::string text) {
    if (text.starts_with(' ')) text.insert(0, "\"x\"");
    if (text.starts_with(": ")) text.insert(0, "x");
    if (text.ends_with(' ')) text += "\"x\"";
    for (std::size_t at = 0; (at = text.find("{}")) != std::string::npos;) text.replace(at, 2, "x");
    return text;
}

}  // namespace

TEST_CASE("surgectl: a mistake is told in the reader's language") {
    const config::Diagnostic mistake{
        "rules/site.yaml",
        3,
        5,
        "queues.a.target: \"2 h\" is out of range",
        "a duration from 0s to 24h",
        "2h"
    };
    CHECK(app::cli::told(mistake, plan::Language::en) == mistake.text());
    const std::string zh =
        "rules/site.yaml:3:5:queues.a.target:\"2 h\" 超出范围;应为 0s 到 24h 的时长;是否指 2h";
    CHECK(app::cli::told(mistake, plan::Language::zh_cn) == zh);
    CHECK(mistakes_in_chinese(mistake.text()) == zh);
    CHECK(
        mistakes_in_chinese("a/b.yaml:1:2: unknown key \"x y\"\nb.yaml: the file is empty") ==
        "a/b.yaml:1:2:未知的键 \"x y\"\nb.yaml:文件为空"
    );
    CHECK(
        mistakes_in_chinese("level is missing; expected IV, III, II or I") ==
        "缺少 level;应为 IV, III, II 或 I"
    );
    CHECK(mistakes_in_chinese("no such incident") == "没有这个事件");
    // None of the sentences: left alone.
    CHECK(mistakes_in_chinese("") == "");
    CHECK(mistakes_in_chinese("it rains: cats") == "it rains: cats");
}

TEST_CASE("surgectl: no mistake in a file or on the command line lacks its Chinese") {
    namespace fs = std::filesystem;
    const std::vector<std::string_view> of_files{
        "say(", "say_at(", "say_place(", "warn(", "bad(", "fail(", "add(", "Complaint{"
    };
    const std::vector<std::string_view> of_commands{"fail(", "complain(", "Error{"};
    std::size_t found = 0;
    for (const std::string folder : {"config", "app/cli", "app/backtest", "app/simulate"}) {
        const fs::path where = fs::path{SURGED_SOURCE_DIR} / "daemon" / folder;
        for (const auto& entry : fs::directory_iterator{where}) {
            const std::string name = entry.path().filename().string();
            if (entry.path().extension() != ".cpp" || name.starts_with("key_")) continue;
            CAPTURE(name);
            const auto& ways = folder == "config" ? of_files : of_commands;
            for (const std::string& text : sentences_in(source_of(entry.path()), ways)) {
                const std::string said = filled(text);
                if (said.find_first_of("abcdefghijklmnopqrstuvw") == said.npos) continue;
                if (said == "BEGIN:VEVENT …" || said == "both: offline" ||
                    said == "\"x\" at the top")
                    continue;
                CAPTURE(said);
                CHECK(
                    (is_chinese(mistakes_in_chinese(said)) ||
                     mistakes_in_chinese("x; expected " + said) != "x;应为 " + said)
                );
                ++found;
            }
        }
    }
    CHECK(found > 300);
}
