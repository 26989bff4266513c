#include "app/cli/unknown_command.hpp"

#include "base/nearest.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <string_view>
#include <vector>

namespace surged::app::cli {

std::string unknown_command(const CLI::App& program, const CLI::Error& wrong) {
    if (wrong.get_name() != "RequiredError") return {};
    const CLI::App* at = &program;
    for (auto given = at->get_subcommands(); !given.empty(); given = at->get_subcommands())
        at = given.back();
    if (at->get_require_subcommand_min() == 0) return {};  // an option of it is missing
    // What no command took is left with the program: `fallthrough`.
    const std::vector<std::string> left = program.remaining();
    if (left.empty() || left.front().starts_with('-')) return {};
    std::vector<std::string> names;
    for (const CLI::App* one : at->get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(one->get_name());
    const std::string meant =
        nearest(left.front(), std::vector<std::string_view>{names.begin(), names.end()});
    return fmt::format(
        "{} no command {}{}{}",
        at == &program ? "there is" : at->get_name() + " has",
        left.front(),
        meant.empty() ? "" : "; did you mean ",
        meant
    );
}

}  // namespace surged::app::cli
