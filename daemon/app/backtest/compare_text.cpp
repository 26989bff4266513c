// The comparison for a terminal.
#include "app/backtest/compare.hpp"
#include "app/backtest/compare_words.hpp"
#include "app/cli/table.hpp"

#include <fmt/format.h>

namespace surged::app::backtest {
namespace {

std::string surges_table(const Comparison& both, const CompareWords& words) {
    cli::Table table{words.surge_headings()};
    for (const Surge& surge : both.surges) table.add(words.surge_cells(surge));
    return table.text();
}

std::string levels_table(const Comparison& both, const CompareWords& words) {
    cli::Table table{words.level_headings()};
    for (const plan::Level level : plan::levels)
        table.add(words.level_cells(level, both.levels.at(level)));
    return table.text();
}

std::string people_table(const Comparison& both, const CompareWords& words) {
    cli::Table table{words.people_headings()};
    for (const auto& [id, person] : both.people) table.add(words.people_cells(id, person));
    return table.text();
}

}  // namespace

std::string text_comparison(const Sheet& now, const Sheet& before, plan::Language language) {
    const CompareWords words{now, before, language};
    const Comparison both = compare(now.outcome, before.outcome);
    std::string out;
    for (const std::string& line : words.preface()) out += line + '\n';
    if (both.surges.empty()) return out + '\n' + words.nothing_fired() + '\n';
    out += fmt::format("\n{} ({})\n", words.surges_title(), both.surges.size());
    out += surges_table(both, words);
    out += fmt::format("\n{}\n{}", words.levels_title(), levels_table(both, words));
    out += fmt::format("\n{}\n{}", words.people_title(both), people_table(both, words));
    return out;
}

}  // namespace surged::app::backtest
