#include "app/cli/mistake_words.hpp"

#include "app/cli/mistake_table.hpp"
#include "places.hpp"

#include <algorithm>
#include <cstddef>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <string_view>
#include <utility>
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

/// Two words beside each other that nothing cites: a sentence in part.
bool has_english(const std::string& text) {
    static const std::regex words{"[a-z]{2,} [a-z]{2,}"};
    static const std::regex names{"surgectl [a-z]+( [a-z]+)?|chmod [a-z]+"};
    return std::regex_search(std::regex_replace(text, names, ""), words);
}

/// With words in the holes, and where a value comes before or behind.
std::string filled(std::string text) {
    if (text.starts_with(' ')) text.insert(0, "\"x\"");
    if (text.starts_with(": ") || text.starts_with(", ")) text.insert(0, "x");
    // What these are filled with is English itself.
    for (const auto& [hole, word] : {
             std::pair{"there {} is worse", "there less is worse"},
             std::pair{"there is no {} {}", "there is no step x" }
    })
        if (const auto at = text.find(hole); at != std::string::npos)
            text.replace(at, std::string_view{hole}.size(), word);
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

TEST_CASE("surgectl: every sentence is found by its own words, and fills its holes") {
    // Words of their own in the holes, so that each is known again.
    const auto with = [](std::string_view text) {
        std::string out{text};
        int hole = 0;
        for (std::size_t at = 0; (at = out.find("{}")) != std::string::npos;)
            out.replace(at, 2, "c" + std::to_string(++hole));
        return std::pair{out, hole};
    };
    using namespace app::cli;
    std::size_t found = 0;
    for (const Sentences table :
         {problem_sentences(), wrong_sentences(), command_sentences(), cause_sentences()}) {
        for (const Sentence& one : table) {
            const auto [en, holes] = with(one.en);
            const auto [zh, same_holes] = with(one.zh);
            CAPTURE(en);
            CHECK(holes == same_holes);
            CHECK(mistakes_in_chinese(en) == zh);
            ++found;
        }
    }
    for (const Sentence& one : expected_sentences()) {
        const auto [en, holes] = with(one.en);
        const auto [zh, same_holes] = with(one.zh);
        CAPTURE(en);
        CHECK(holes == same_holes);
        const std::string said = mistakes_in_chinese("c0; expected " + en);
        const bool as_meant = zh.starts_with("请")
                                  ? said == "c0;" + zh
                                  : said == "c0;应为" + zh || said == "c0;应为 " + zh;
        CHECK(as_meant);
        ++found;
    }
    CHECK(found > 400);
}

TEST_CASE("surgectl: a mistake is found in its line, whatever the names") {
    CHECK(
        mistakes_in_chinese("my rules/a b/site.yaml:1:1: site is missing; expected a map") ==
        "my rules/a b/site.yaml:1:1:缺少 site;应为映射"
    );
    CHECK(mistakes_in_chinese("规则/没有: there is no such folder") == "规则/没有:没有这个文件夹");
    CHECK(mistakes_in_chinese("/tmp/h.gz: damaged, or cut off") == "/tmp/h.gz:已损坏或被截断");
    CHECK(
        mistakes_in_chinese("secret file /etc/s: there is no such file") ==
        "密钥文件 /etc/s:没有这个文件"
    );
    CHECK(
        mistakes_in_chinese("x.yaml:1:2: unknown key \"a; expected b\"; did you mean above") ==
        "x.yaml:1:2:未知的键 \"a; expected b\";是否指 above"
    );
}

TEST_CASE("surgectl: what was meant, and why it failed, are said in Chinese") {
    struct Row {
        const char *en, *zh;
    };
    for (const Row& row : {
             Row{"a.yaml:1:1: unknown key \"x：\"; did you mean : instead of ：",
                 "a.yaml:1:1:未知的键 \"x：\";是否指 : 而非 ："                                                         },
             Row{"a.yaml:1:1: unknown token; did you mean a space instead of \u3000",
                 "a.yaml:1:1:无法识别的内容;是否指空格而非 \u3000"                                                      },
             Row{"a.yaml:1:1: unknown token; did you mean \" instead of “",
                 "a.yaml:1:1:无法识别的内容;是否指 \" 而非 “"                                                           },
             Row{"x; did you mean calls_waiting or waiting_per_agent",
                 "x;是否指 calls_waiting 或 waiting_per_agent"                                                          },
             Row{"x; did you mean text",                                                    "x;是否指 text"             },
             Row{"sim.ndjson: it is a file; expected the rules folder; did you mean surgectl check "
                 "--config FILE, for the daemon's own",                    "sim.ndjson:这是文件;应为规则文件夹;是否指 surgectl check --config "
                 "FILE,检查守护进程自身的配置"  },
             Row{"--duration: want a duration such as 90s or 10m",
                 "--duration:须为时长,如 90s 或 10m"                                                                    },
             Row{"the store /s is in use by process 14",                                    "日志库 /s 正被进程 14 使用"},
             Row{"there is no version zzz; a version is 6 characters of its hash at least",
                 "没有版本 zzz;版本至少写哈希的前 6 个字符"                                                             },
             Row{"a.yaml:3:1: not YAML: illegal map value",
                 "a.yaml:3:1:不是合法的 YAML:此处不能有冒号和值"                                                        },
             Row{"a.yaml:3:1: not YAML: unknown escape character: q",
                 "a.yaml:3:1:不是合法的 YAML:未知的转义字符:q"                                                          },
             Row{"cannot write /nodir/x: No such file or directory",
                 "无法写入 /nodir/x:没有这个文件或文件夹"                                                               },
             Row{"secret file /etc/s: Permission denied",                                   "密钥文件 /etc/s:没有权限"  },
             Row{"cannot listen at 127.0.0.1 port 19470: Address already in use",
                 "无法监听 127.0.0.1 端口 19470:地址已被占用"                                                           },
             Row{"connecting: Connection refused",                                          "连接时:连接被拒绝"         },
             Row{"--set http.listn: unknown key \"listn\"; did you mean listen",
                 "--set http.listn:未知的键 \"listn\";是否指 listen"                                                    },
             Row{"a.yaml:1:1: no space after the colon; expected a space after it",
                 "a.yaml:1:1:冒号后缺少空格;请在其后加空格"                                                             },
    }) {
        CAPTURE(row.en);
        CHECK(mistakes_in_chinese(row.en) == row.zh);
    }
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
                const std::string whole = mistakes_in_chinese(said);
                const std::string expected = mistakes_in_chinese("x; expected " + said);
                const bool is_wrong = is_chinese(whole) && !has_english(whole);
                const bool is_expected = expected != "x;应为 " + said && !has_english(expected);
                CAPTURE(whole);
                CAPTURE(expected);
                CHECK((is_wrong || is_expected));
                ++found;
            }
        }
    }
    CHECK(found > 300);
}
