#include "app/cli/command_tree.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

namespace surged::app::cli {
namespace {

/// "TEXT:{table,json}" → table, json; "UINT:[1,9]:{a}" → a.
std::vector<std::string> choices_in(const std::string& type) {
    const auto open = type.find('{');
    const auto close = type.find('}', open == std::string::npos ? 0 : open);
    std::vector<std::string> out;
    if (open == std::string::npos || close == std::string::npos) return out;
    std::istringstream in{type.substr(open + 1, close - open - 1)};
    for (std::string word; std::getline(in, word, ',');) out.push_back(word);
    return out;
}

Option option_of(const CLI::Option& from) {
    Option out;
    for (const std::string& name : from.get_snames()) out.names.push_back("-" + name);
    for (const std::string& name : from.get_lnames()) out.names.push_back("--" + name);
    out.help = from.get_description();
    if (from.get_expected_max() == 0 || from.get_items_expected_max() == 0) return out;
    const std::string type = from.get_type_name();
    const auto ends_in_file = [](const std::string& name) { return name.ends_with("-file"); };
    out.choices = choices_in(type);
    if (!out.choices.empty())
        out.takes = Takes::choice;
    else if (type == "FILE" || std::any_of(out.names.begin(), out.names.end(), ends_in_file))
        out.takes = Takes::file;
    else
        out.takes = type == "DIR" ? Takes::folder : Takes::text;
    return out;
}

}  // namespace

Command tree_of(const CLI::App& app, const std::string& program) {
    Command out;
    out.name = program;
    out.help = app.get_description();
    for (const CLI::Option* option : app.get_options()) {
        if (option->get_group().empty()) continue;  // hidden
        auto& list = option->get_positional() ? out.arguments : out.options;
        list.push_back(option_of(*option));
    }
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
        if (!command->get_group().empty())
            out.commands.push_back(tree_of(*command, command->get_name()));
    return out;
}

}  // namespace surged::app::cli
