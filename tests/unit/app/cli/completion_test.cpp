// A command line as values, and that signs of the shell in a help text stay text.
#include "app/cli/completion.hpp"

#include <CLI/CLI.hpp>
#include <doctest/doctest.h>
#include <string>

using namespace surged::app;
using cli::Takes;

TEST_CASE("completion: the tree has what the program parses with") {
    CLI::App app{"what it is"};
    std::string text;
    bool flag = false;
    app.add_option("-o,--output", text, "how")->check(CLI::IsMember({"table", "json"}));
    app.add_option("--token-file", text);
    app.add_option("--to", text)->type_name("FILE");
    app.add_option("--url", text);
    app.add_flag("--hidden", flag)->group("");
    auto* check = app.add_subcommand("check", "right?");
    check->add_flag("--all", flag, "more");
    check->add_option("DIR", text)->type_name("DIR");

    const cli::Command tree = cli::tree_of(app, "tool");
    CHECK(tree.name == "tool");
    struct Row {
        std::vector<std::string> names;
        Takes takes;
        std::size_t choices;
    };
    const Row rows[] = {
        {{"-h", "--help"},   Takes::nothing, 0},
        {{"-o", "--output"}, Takes::choice,  2},
        {{"--token-file"},   Takes::file,    0},
        {{"--to"},           Takes::file,    0},
        {{"--url"},          Takes::text,    0},
    };
    REQUIRE(tree.options.size() == std::size(rows));
    for (std::size_t i = 0; i < std::size(rows); ++i) {
        CHECK(tree.options[i].names == rows[i].names);
        CHECK(tree.options[i].takes == rows[i].takes);
        CHECK(tree.options[i].choices.size() == rows[i].choices);
    }
    REQUIRE(tree.commands.size() == 1);
    const cli::Command& below = tree.commands[0];
    CHECK(below.help == "right?");
    REQUIRE(below.options.size() == 2);
    CHECK(below.options[1].takes == Takes::nothing);
    REQUIRE(below.arguments.size() == 1);
    CHECK(below.arguments[0].takes == Takes::folder);
}

TEST_CASE("completion: quotes in a help text stay text in every shell") {
    cli::Command program{"tool", "", {}, {}, {}};
    program.commands.push_back({"go", "it's $HOME", {}, {}, {}});
    CHECK(cli::completion(program, "zsh").find(R"('go:it'\''s $HOME')") != std::string::npos);
    CHECK(cli::completion(program, "fish").find(R"('it\'s $HOME')") != std::string::npos);
}
