// A program's command line as plain values, taken from the definition it parses with.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): the library's own name
class App;
}

namespace surged::app::cli {

/// What a value is, as far as a shell can help with it.
enum class Takes : std::uint8_t { nothing, text, file, folder, choice };

struct Option {
    std::vector<std::string> names;  // with their dashes; empty: an argument without a name
    std::string help;
    Takes takes{Takes::nothing};
    std::vector<std::string> choices;
};

struct Command {
    std::string name;
    std::string help;
    std::vector<Option> options;
    std::vector<Option> arguments;
    std::vector<Command> commands;
};

/// `program`: its name as typed. An option takes a file if its type is FILE or its name ends in
/// -file, a folder if its type is DIR; one out of a set (CLI::IsMember) is a choice.
[[nodiscard]] Command tree_of(const CLI::App& app, const std::string& program);

}  // namespace surged::app::cli
