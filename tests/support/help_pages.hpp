// What the built programs say of their own command line: `--help` of every command, read back.
#pragma once

#include <string>
#include <vector>

namespace surged::test {

struct HelpPage {
    std::vector<std::string> path;     // surgectl, incident, list
    std::vector<std::string> options;  // -h, --help, …: its own
    std::vector<std::string> commands;
    [[nodiscard]] std::string words() const;  // the path, a blank between
};

/// Pages of surged or surgectl and of every command below, outermost first.
[[nodiscard]] std::vector<HelpPage> help_pages(const std::string& program);

}  // namespace surged::test
