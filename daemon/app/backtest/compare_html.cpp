// The comparison as a page of HTML.
#include "app/backtest/compare.hpp"
#include "app/backtest/compare_words.hpp"
#include "app/backtest/html_page.hpp"
#include "app/backtest/plot.hpp"
#include "base/markup.hpp"

namespace surged::app::backtest {
namespace {

void add(HtmlRows& rows, const CompareWords::Cells& cells) {
    rows.open();
    for (const std::string& cell : cells) rows.text(cell);
    rows.close();
}

}  // namespace

std::string html_comparison(const Sheet& now, const Sheet& before, plan::Language language) {
    const CompareWords words{now, before, language};
    const Comparison both = compare(now.outcome, before.outcome);
    const Telling tell{now.outcome, language};
    const Telling tell_before{before.outcome, language};
    const std::string title =
        tell.say("规则对照", "Two rule sets") + " " + now.outcome.rules->site.id;
    if (both.surges.empty())
        return html_page(
            language, title, words.preface(), "<p>" + escape_markup(words.nothing_fired()) + "</p>"
        );
    HtmlRows surges{words.surge_headings()};
    for (const Surge& surge : both.surges) add(surges, words.surge_cells(surge));
    HtmlRows levels{words.level_headings()};
    for (const plan::Level level : plan::levels)
        add(levels, words.level_cells(level, both.levels.at(level)));
    HtmlRows people{words.people_headings()};
    for (const auto& [id, person] : both.people) add(people, words.people_cells(id, person));
    const auto bars = [](const std::string& path, const Outcome& of, const Telling& as) {
        return "<p>" + escape_markup(path) + "</p>\n" + incident_bars(of, as);
    };
    std::string body = html_section(
        words.surges_title(),
        bars(now.rules_path, now.outcome, tell) +
            bars(before.rules_path, before.outcome, tell_before) + std::move(surges).take()
    );
    body += html_section(words.levels_title(), std::move(levels).take());
    body += html_section(words.people_title(both), std::move(people).take());
    return html_page(language, title, words.preface(), body);
}

}  // namespace surged::app::backtest
