// The page of HTML: tables and plots, with everything in it.
#include "app/backtest/html_page.hpp"
#include "app/backtest/plot.hpp"
#include "base/markup.hpp"

#include <fmt/format.h>

namespace surged::app::backtest {
namespace {

constexpr std::size_t plots_max = 40, rows_max = 2000;

std::string incidents(const Outcome& outcome, const Telling& tell) {
    HtmlRows rows{
        {tell.say("触发时间", "Opened"),
         tell.say("持续", "Lasted"),
         tell.say("最高", "Level"),
         tell.say("预案", "Plan"),
         tell.say("队列", "Queues"),
         tell.say("原因", "Because"),
         tell.say("级别变化", "Levels"),
         tell.say("呼叫", "Pages")}
    };
    std::size_t shown = 0;
    for (const IncidentSeen& one : outcome.incidents) {
        if (shown++ == rows_max) break;
        rows.open();
        rows.text(tell.clock(one.opened));
        rows.text(tell.lasted(one));
        rows.level(one.highest);
        rows.text(tell.plan(one.plan));
        rows.text(tell.queues(one));
        rows.text(tell.because(one));
        rows.text(tell.stages(one) + (one.ended_why.empty() ? "" : "; " + one.ended_why));
        rows.number(one.pages);
        rows.close();
    }
    return std::move(rows).take();
}

std::string levels(const Tally& tally, const Telling& tell) {
    HtmlRows rows{
        {tell.say("预案", "Plan"), "IV", "III", "II", "I"}
    };
    for (const auto& [name, counts] : tally.incidents) {
        rows.open();
        rows.text(tell.plan(name));
        for (const plan::Level level : plan::levels) rows.number(counts.at(level));
        rows.close();
    }
    rows.open();
    rows.text(tell.say("每周", "a week"));
    for (const plan::Level level : plan::levels)
        rows.text(tell.alarms_a_week(tally.levels.at(level)));
    rows.close();
    return std::move(rows).take();
}

std::string people(const Tally& tally, const Telling& tell) {
    HtmlRows rows{
        {tell.say("人员", "Person"),
         tell.say("呼叫", "Pages"),
         shift_name(0),
         shift_name(1),
         shift_name(2),
         tell.say("步骤超时", "Overdue steps")}
    };
    for (const auto& [id, person] : tally.people) {
        rows.open();
        rows.text(tell.person(id));
        rows.number(person.pages);
        for (const std::uint64_t count : person.by_shift) rows.number(count);
        rows.number(person.step_pages);
        rows.close();
    }
    return std::move(rows).take();
}

std::string pages(const Outcome& outcome, const Telling& tell) {
    HtmlRows rows{
        {tell.say("时间", "At"),
         tell.say("人员", "Person"),
         tell.say("级别", "Level"),
         tell.say("事件", "Incident"),
         tell.say("途径", "Channel"),
         tell.say("确认", "Taken")}
    };
    std::size_t shown = 0;
    for (const PageSeen& page : outcome.pages) {
        if (!page.step.empty() || shown++ >= rows_max) continue;
        rows.open();
        rows.text(tell.clock(page.at));
        rows.text(tell.person(page.person));
        rows.level(page.level);
        rows.text(page.incident);
        rows.text(page.channel);
        rows.text(page.acked ? tell.time_of_day(*page.acked) : "–");
        rows.close();
    }
    return std::move(rows).take();
}

std::string plots(const Outcome& outcome, const Telling& tell) {
    std::string out;
    std::size_t shown = 0;
    for (const Series& series : outcome.series) {
        if (shown++ == plots_max) break;
        out += series_plot(outcome, series, tell);
    }
    if (outcome.series.size() > plots_max)
        out += paging::phrase(
            tell.language(),
            "<p>…另有 {} 条触发条件触发过</p>",
            "<p>… and {} more triggers that fired</p>",
            outcome.series.size() - plots_max
        );
    return out;
}

}  // namespace

std::string html_report(const Sheet& sheet, plan::Language language) {
    const Outcome& outcome = sheet.outcome;
    const Telling tell{outcome, language};
    const Tally tally = tally_of(outcome);
    const std::string title = tell.say("回测", "Back-test") + " " + outcome.rules->site.id;
    std::string body;
    if (outcome.incidents.empty()) {
        body += "<p>" + tell.say("没有触发。", "Nothing fired.") + "</p>\n";
    } else {
        body += html_section(
            tell.say("会触发的事件", "What would have fired"),
            incident_bars(outcome, tell) + incidents(outcome, tell)
        );
        body += html_section(tell.say("按最高级别", "By highest level"), levels(tally, tell));
        body += html_section(
            tell.say("指标与阈值", "Figures against their thresholds"), plots(outcome, tell)
        );
        body += html_section(
            tell.say("会呼叫谁", "Who would have been paged"),
            people(tally, tell) + paging::phrase(
                                      language,
                                      "<details><summary>每次呼叫({})</summary>{}</details>",
                                      "<details><summary>each page ({})</summary>{}</details>",
                                      tally.pages,
                                      pages(outcome, tell)
                                  )
        );
    }
    return html_page(language, title, tell.preface(sheet), body);
}

}  // namespace surged::app::backtest
