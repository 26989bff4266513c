#include "bench/report.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>
#include <vector>

namespace surged::bench {
namespace {

constexpr std::string_view growth_begin = "growth, ";

std::string number(double value) {
    if (value >= 1e6) return fmt::format("{:.3g} M", value / 1e6);
    if (value >= 1000) return fmt::format("{:.0f}", value);
    return fmt::format("{:.3g}", value);
}

std::string asked(const Figure& figure) {
    if (!figure.holds()) return {};
    std::string out = figure.more_is_better() ? "at least " : "at most ";
    const bool of_bound = figure.asked.times > 0 && figure.bound > 0;
    if (of_bound) out += number(figure.asked.times) + "×";
    if (figure.asked.value > 0)
        out += fmt::format(
            "{}{} {}", of_bound ? " and " : "", number(figure.asked.value), figure.unit
        );
    return out;
}

std::string_view held(const Figure& figure) {
    const auto holds = figure.holds();
    if (!holds) return {};
    return *holds ? "yes" : "**no**";
}

std::string line(const Figure& figure) {
    const bool bound = figure.bound > 0;
    return fmt::format(
        "| {} | {} {} | {} | {} | {} | {} |\n",
        figure.what,
        number(figure.value),
        figure.unit,
        bound ? fmt::format("{}: {}", figure.bound_is, number(figure.bound)) : "",
        bound ? fmt::format("{:.2f}", figure.ratio()) : "",
        asked(figure),
        held(figure)
    );
}

struct Grown {
    std::string size, what;
};

std::optional<Grown> grown(const Figure& figure) {
    std::string_view name = figure.what;
    const auto colon = name.find(": ");
    if (!name.starts_with(growth_begin) || colon == std::string_view::npos) return std::nullopt;
    return Grown{
        std::string{name.substr(growth_begin.size(), colon - growth_begin.size())},
        std::string{name.substr(colon + 2)}
    };
}

/// Sizes down, figures across; in the order in which they were measured.
std::string growth_table(const Run& run) {
    std::vector<std::string> heads;
    std::vector<std::pair<std::string, std::string>> lines;
    for (const Figure& figure : run.figures) {
        const auto found = grown(figure);
        if (!found) continue;
        const std::string head = fmt::format("{}, {}", found->what, figure.unit);
        if (std::find(heads.begin(), heads.end(), head) == heads.end()) heads.push_back(head);
        if (lines.empty() || lines.back().first != found->size) lines.emplace_back(found->size, "");
        lines.back().second += fmt::format(" {} |", number(figure.value));
    }
    if (lines.empty()) return {};
    std::string out = "\n| |";
    for (const std::string& head : heads) out += fmt::format(" {} |", head);
    out += "\n|---|";
    for (std::size_t i = 0; i < heads.size(); ++i) out += "---|";
    for (const auto& [size, cells] : lines) out += fmt::format("\n| {} |{}", size, cells);
    return out + "\n";
}

}  // namespace

std::string tables(const Run& run) {
    std::string out = fmt::format(
        "\n{}.\n\n| what | measured | bound of the same run | ratio | asked | holds |\n"
        "|---|---|---|---|---|---|\n",
        run.of
    );
    for (const Figure& figure : run.figures)
        if (!grown(figure)) out += line(figure);
    return out + growth_table(run) + "\n";
}

std::optional<std::string> renewed(std::string_view page, const Run& run) {
    const auto begin = page.find(figures_begin);
    const auto end = page.find(figures_end);
    if (begin == std::string_view::npos || end == std::string_view::npos || end < begin)
        return std::nullopt;
    return std::string{page.substr(0, begin + figures_begin.size())} + tables(run) +
           std::string{page.substr(end)};
}

}  // namespace surged::bench
