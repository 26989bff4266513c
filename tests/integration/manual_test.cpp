// The manual pages say what the built programs take: every command, every option, and no other.
#include "places.hpp"
#include "support/help_pages.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

using namespace surged;

namespace {

using Names = std::set<std::string>;

/// The options of a line of mdoc: `.Op Fl -all` has --all.
Names options_in(const std::string& line) {
    static const std::regex option{
        R"(\bFl(?: \|)? (-?[a-z][a-z-]*)((?: \| -?[a-z-]+| , -?[a-z-]+)*))"
    };
    static const std::regex word{R"(-?[a-z][a-z-]*)"};
    Names out;
    for (std::sregex_iterator it{line.begin(), line.end(), option}, end; it != end; ++it) {
        const std::string text = (*it)[1].str() + (*it)[2].str();
        for (std::sregex_iterator w{text.begin(), text.end(), word}; w != end; ++w)
            out.insert("-" + w->str());
    }
    return out;
}

/// Options by the command whose entry they stand in; "" before the first and behind the last.
std::map<std::string, Names> read_manual(
    const std::string& file, const std::vector<test::HelpPage>& pages
) {
    std::ifstream in{std::string{SURGED_SOURCE_DIR "/docs/man/"} + file};
    REQUIRE_MESSAGE(in, file);
    std::map<std::string, Names> out;
    std::string at;
    bool split = false;  // `.It Xo`: the entry's head goes on over lines of its own
    for (std::string line; std::getline(in, line);) {
        if (std::exchange(split, line == ".It Xo")) line = ".It " + line.substr(1);
        if (line.starts_with(".Sh") || line.starts_with(".Ss")) at.clear();
        for (const auto& page : pages) {
            const std::string words = page.words().substr(page.path.front().size());
            if (!words.empty() && (line + " ").starts_with(".It Cm" + words + " ") &&
                (at.size() < words.size() || line.find(" " + at) == std::string::npos))
                at = words.substr(1);
        }
        out[at].merge(options_in(line));
    }
    return out;
}

std::string difference(const Names& from, const Names& minus) {
    std::string out;
    for (const std::string& name : from)
        if (!minus.contains(name)) out += name + " ";
    return out;
}

}  // namespace

TEST_CASE("manual: every command and option of --help stands in the manual page, and no other") {
    for (const auto& [program, file] : {
             std::pair{"surged",   "surged.8"  },
             std::pair{"surgectl", "surgectl.1"}
    }) {
        CAPTURE(file);
        const auto pages = test::help_pages(program);
        const auto manual = read_manual(file, pages);
        for (const auto& page : pages) {
            const std::string command =
                page.path.size() == 1 ? "" : page.words().substr(page.path.front().size() + 1);
            CAPTURE(command);
            if (!page.commands.empty() && !command.empty()) continue;  // its commands have entries
            REQUIRE_MESSAGE(manual.contains(command), "no `.It Cm " << command << "` in " << file);
            Names options{page.options.begin(), page.options.end()};
            const Names& told = manual.at(command);
            if (!command.empty()) options.erase("-h"), options.erase("--help");
            CHECK(difference(options, told) == "");
            const Names outer{pages[0].options.begin(), pages[0].options.end()};
            options.insert(outer.begin(), outer.end());
            CHECK(difference(told, options) == "");
        }
    }
}

TEST_CASE("manual: an option is found wherever a manual page may name it") {
    CHECK(options_in(".It Fl h , -help") == Names{"-h", "--help"});
    CHECK(options_in(".Fl h | -help | -version") == Names{"-h", "--help", "--version"});
    CHECK(options_in(".It Cm ack Ar page Fl -by Ar name Op Fl -all") == Names{"--by", "--all"});
    CHECK(
        options_in(".It Fl -user Ar name , Fl -secret-file Ar file") ==
        Names{"--user", "--secret-file"}
    );
    CHECK(options_in("Flow - by").empty());
}
