// The completion scripts that the built programs print, run by the shells they are for.
#include "places.hpp"
#include "support/help_pages.hpp"
#include "support/process.hpp"
#include "support/temp_folder.hpp"

#include <algorithm>
#include <chrono>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

using namespace surged;
using namespace std::chrono_literals;

namespace {

using Words = std::set<std::string>;

/// A shell, and how to ask the completion of a line in it: `ask WORD…` prints what it offers for
/// the last word, one a line.
struct Shell {
    std::string name;
    std::string harness;
};

const Shell shells[] = {
    {"bash", R"(source "$1"
ask() {
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    "_$1"
    printf '%s\n' "${COMPREPLY[@]}"
}
)"    },
    // Its own functions only draw; these print what they are given to draw.
    {"zsh",  R"(compdef() { : }
_describe() { local name=${@[-1]}; print -rl -- ${${(P)name}%%:*} }
_files() { print -r -- a-file }
_message() { : }
compset() { : }
source "$1"
ask() {
    local -a words=("$@")
    local CURRENT=$#
    "_$1"
}
)"},
    {"fish", R"(source $argv[1]
function ask
    complete -C (string join ' ' -- $argv) | string replace -r '\t.*' ''
end
)"},
};

/// What the shell offers for the last word of each line.
std::map<std::string, Words> offered(
    const Shell& shell, const std::string& program, const std::vector<std::string>& lines
) {
    const test::TempFolder folder;
    const std::string made = folder.path() + "/made", harness = folder.path() + "/harness";
    std::ofstream{folder.path() + "/a-file"} << "\n";
    std::ofstream script{made};
    test::Process printer{
        {SURGED_BINARY_DIR "/daemon/" + program,
         program == "surged" ? "--completion" : "completion",
         shell.name},
        "/dev/null"
    };
    while (const auto line = printer.line(10s)) script << *line << '\n';
    script.close();
    std::ofstream ask{harness};
    ask << "cd " << folder.path() << '\n' << shell.harness;
    for (const std::string& line : lines) {
        const bool open = line.ends_with(' ');  // an empty last word
        ask << "echo '? " << line << "'\nask " << line << (open ? "''" : "") << '\n';
    }
    ask.close();
    std::vector<std::string> argv{fmt::format("/usr/bin/{}", shell.name)};
    if (shell.name == "bash") argv.emplace_back("--norc");
    if (shell.name == "zsh") argv.emplace_back("-f");
    if (shell.name == "fish") argv.emplace_back("--no-config");
    argv.insert(argv.end(), {harness, made});
    test::Process process{argv, folder.path() + "/complaints"};
    std::map<std::string, Words> out;
    std::string at;
    while (const auto line = process.line(30s)) {
        if (line->starts_with("? "))
            at = line->substr(2);
        else if (!line->empty())
            out[at].insert(*line);
    }
    CHECK(process.wait(10s).has_value());
    std::ifstream complaints{folder.path() + "/complaints"};
    std::string complaint;
    CHECK_MESSAGE(!std::getline(complaints, complaint), shell.name, ": ", complaint);
    return out;
}

std::string missing(const std::vector<std::string>& wanted, const Words& there) {
    std::string out;
    for (const std::string& word : wanted)
        if (!there.contains(word)) out += word + " ";
    return out;
}

}  // namespace

TEST_CASE("completion: bash, zsh and fish know every command and option of both programs") {
    for (const char* program : {"surged", "surgectl"}) {
        const auto pages = test::help_pages(program);
        std::vector<std::string> lines;
        for (const auto& page : pages) {
            lines.push_back(page.words() + " ");
            lines.push_back(page.words() + " --");
        }
        for (const Shell& shell : shells) {
            CAPTURE(shell.name);
            auto answers = offered(shell, program, lines);
            for (const auto& page : pages) {
                CAPTURE(page.words());
                CHECK(missing(page.commands, answers[page.words() + " "]).empty());
                std::vector<std::string> options = page.options;
                std::erase_if(options, [](const auto& name) { return !name.starts_with("--"); });
                REQUIRE_FALSE(options.empty());
                const Words& dashed = answers[page.words() + " --"];
                CHECK(missing(options, dashed).empty());
                // Those of the program hold behind a command too.
                if (program == std::string{"surgectl"})
                    CHECK(missing({"--url", "--output"}, dashed).empty());
            }
        }
    }
}

TEST_CASE("completion: values that are a choice or a file are completed, and lead to no command") {
    struct Row {
        std::string line;
        Words holds;
        Words lacks;
    };
    const Row rows[] = {
        {"surgectl --output ",                        {"table", "json"},       {"queues"}},
        {"surgectl completion ",                      {"bash", "zsh", "fish"}, {"queues"}},
        {"surgectl --url queues inci",                {"incident"},            {"ack"}   },
        {"surgectl --token-file ",                    {"a-file"},              {"queues"}},
        {"surgectl simulate --to ",                   {"a-file"},              {"--wait"}},
        {"surgectl incident ",                        {"list", "show", "end"}, {"queues"}},
        {"surgectl incident list --url show --",      {"--all"},               {"--by"}  },
        {"surgectl incident end --by list --",        {"--why"},               {"--all"} },
        {"surgectl status --by-which-nobody-knows x", {},                      {"queues"}},
    };
    std::vector<std::string> lines;
    for (const Row& row : rows) lines.push_back(row.line);
    for (const Shell& shell : shells) {
        auto answers = offered(shell, "surgectl", lines);
        for (const Row& row : rows) {
            CAPTURE(shell.name);
            CAPTURE(row.line);
            const Words& answer = answers[row.line];
            for (const std::string& word : row.holds) CHECK_MESSAGE(answer.contains(word), word);
            // zsh's own functions choose among what they are given; here nobody does.
            const bool chooses = shell.name != "zsh" || row.line.ends_with(' ');
            for (const std::string& word : row.lacks)
                CHECK_MESSAGE((!chooses || !answer.contains(word)), word);
        }
    }
}
