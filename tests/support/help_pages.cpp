#include "support/help_pages.hpp"

#include "places.hpp"
#include "support/process.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sstream>

namespace surged::test {
namespace {

using namespace std::chrono_literals;

/// "  -h,--help      Print this" → -h, --help; a line that goes on from the one before has none.
std::vector<std::string> names_at(const std::string& line) {
    if (!line.starts_with("  ") || line.size() < 3 || line[2] == ' ') return {};
    std::istringstream in{line.substr(2, line.find(' ', 2) - 2)};
    std::vector<std::string> out;
    for (std::string name; std::getline(in, name, ',');) out.push_back(name);
    return out;
}

void read(const std::vector<std::string>& path, std::vector<HelpPage>& out) {
    std::vector<std::string> argv{SURGED_BINARY_DIR "/daemon/" + path.front()};
    argv.insert(argv.end(), path.begin() + 1, path.end());
    argv.emplace_back("--help");
    Process process{argv, "/dev/null"};
    HelpPage page;
    page.path = path;
    std::string section;
    while (const auto line = process.line(10s)) {
        if (line->ends_with(':') && !line->starts_with(' ')) section = *line;
        auto* list = section == "Options:"       ? &page.options
                     : section == "Subcommands:" ? &page.commands
                                                 : nullptr;
        if (list != nullptr)
            for (std::string& name : names_at(*line)) list->push_back(std::move(name));
    }
    out.push_back(page);
    for (const std::string& command : page.commands) {
        std::vector<std::string> below = path;
        below.push_back(command);
        read(below, out);
    }
}

}  // namespace

std::string HelpPage::words() const { return fmt::format("{}", fmt::join(path, " ")); }

std::vector<HelpPage> help_pages(const std::string& program) {
    std::vector<HelpPage> out;
    read({program}, out);
    return out;
}

}  // namespace surged::test
