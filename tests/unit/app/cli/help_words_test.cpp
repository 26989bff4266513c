#include "app/cli/help_words.hpp"

#include "app/cli/language.hpp"
#include "places.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstddef>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

using namespace surged;
using namespace surged::app;

namespace {

bool has_chinese(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) >= 0xe3 && static_cast<unsigned char>(c) <= 0xef;
    });
}

std::string wrong(CLI::App& program, const char* line) {
    std::ostringstream out;
    std::ostringstream err;
    try {
        program.parse(line);
    } catch (const CLI::ParseError& e) {
        program.exit(e, out, err);
    }
    return out.str() + err.str();
}

}  // namespace

TEST_CASE("surgectl: help and what is wrong with a command line, in Chinese where it is asked for"
) {
    const char* asked[] = {"surgectl", "--language", "zh-CN", "--help"};
    CHECK(cli::language_asked(4, asked) == plan::Language::zh_cn);
    const char* in_one[] = {"surgectl", "--language=en"};
    CHECK(cli::language_asked(2, in_one) == plan::Language::en);
    const char* of_another[] = {"surgectl", "run-command", "--", "--language", "zh-CN"};
    CHECK(cli::language_asked(5, of_another) == cli::language_for({}));
    const auto make = [](CLI::App& program) {
        program.add_subcommand("ack", "pages still open")
            ->add_option("--by", "who takes it")
            ->required();
        program.require_subcommand(1);
    };
    CLI::App chinese{"surgectl: the operator's tool of surged"};
    make(chinese);
    cli::speak(chinese, plan::Language::zh_cn);
    const std::string help = wrong(chinese, "ack --help");
    for (const char* part : {"尚待认领的呼叫", "用法", "选项", "认领人", "必填"}) {
        CAPTURE(help);
        CHECK(help.find(part) != std::string::npos);
    }
    CHECK(wrong(chinese, "ack").find("缺少 --by") != std::string::npos);
    CHECK(wrong(chinese, "ack --by wang more").find("多余的参数:more") != std::string::npos);
    CLI::App english{"surgectl: the operator's tool of surged"};
    make(english);
    cli::speak(english, plan::Language::en);
    CHECK_FALSE(has_chinese(wrong(english, "ack --help")));
}

TEST_CASE("surgectl: a mistyped command is named, and the nearest one") {
    struct Row {
        const char *line, *en, *zh;
    };
    for (const Row& row : {
             Row{"reprot fire",
                 "there is no command reprot; did you mean report\n",              "没有命令 reprot;是否指 report\n"             },
             Row{"xyzzy",                     "there is no command xyzzy\n",       "没有命令 xyzzy\n"                            },
             Row{"run",
                 "there is no command run; did you mean dry-run or run-command\n", "没有命令 run;是否指 dry-run 或 run-command\n"},
             Row{"incident shw P06",
                 "incident has no command shw; did you mean show\n",               "incident 没有命令 shw;是否指 show\n"         },
             Row{"incident",                  "A subcommand is required\n",        "须给出子命令\n"                              },
             Row{"",                          "A subcommand is required\n",        "须给出子命令\n"                              },
             Row{"report",                    "KIND is required\n",                "缺少 KIND\n"                                 },
             Row{"report fire --by a --by b",
                 "--by: At Most 1 required but received 2\n",                      "--by 最多给出 1 次,现有 2 次\n"              },
    }) {
        CAPTURE(row.line);
        for (const plan::Language language : {plan::Language::en, plan::Language::zh_cn}) {
            CLI::App program{"surgectl: the operator's tool of surged"};
            program.require_subcommand(1);
            program.fallthrough();
            std::string kind, by;
            auto* report = program.add_subcommand("report");
            report->add_option("KIND", kind)->required();
            report->add_option("--by", by);
            auto* incident = program.add_subcommand("incident");
            incident->require_subcommand(1);
            incident->add_subcommand("show");
            incident->add_subcommand("list");
            program.add_subcommand("dry-run");
            program.add_subcommand("run-command");
            cli::speak(program, language);
            const std::string said = wrong(program, row.line);
            CAPTURE(said);
            CHECK(said.starts_with(language == plan::Language::en ? row.en : row.zh));
            CHECK(said.find("--help") != std::string::npos);
        }
    }
}

TEST_CASE("surgectl: no line of its help lacks its Chinese") {
    namespace fs = std::filesystem;
    const fs::path daemon = fs::path{SURGED_SOURCE_DIR} / "daemon";
    std::vector<fs::path> files{daemon / "surgectl.cpp", daemon / "main.cpp"};
    for (const auto& entry : fs::directory_iterator{daemon / "app" / "cli"})
        if (entry.path().extension() == ".cpp" && entry.path().stem() != "help_words")
            files.push_back(entry.path());
    // The last text of a definition; one that stands alone is a name.
    const std::regex defines{
        R"re((?:add|add_subcommand|add_option|add_flag)\(\s*(?:"[^"]*"|name|verb),[^";{}]*"([^"]+)"(?:\s*"([^"]+)")?)re"
    };
    std::size_t found = 0;
    for (const fs::path& file : files) {
        std::ifstream in{file};
        const std::string source{std::istreambuf_iterator<char>{in}, {}};
        CAPTURE(file.filename().string());
        for (std::sregex_iterator at{source.begin(), source.end(), defines}, end; at != end; ++at) {
            const std::string help = (*at)[1].str() + (*at)[2].str();
            if (help == "1") continue;  // of require_subcommand
            CAPTURE(help);
            CHECK(has_chinese(cli::help_in_chinese(help)));
            ++found;
        }
    }
    CHECK(found > 120);
}
