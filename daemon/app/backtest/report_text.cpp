// The report for a terminal.
#include "app/backtest/telling.hpp"
#include "app/cli/table.hpp"

#include <fmt/format.h>

namespace surged::app::backtest {
namespace {

constexpr std::size_t pages_shown = 100;

std::string incidents_table(const Outcome& outcome, const Telling& tell) {
    cli::Table table{
        {tell.say("触发时间", "OPENED"),
         tell.say("持续", "LASTED"),
         tell.say("最高", "LEVEL"),
         tell.say("预案", "PLAN"),
         tell.say("队列", "QUEUES"),
         tell.say("原因", "BECAUSE"),
         tell.say("呼叫", "PAGES")}
    };
    for (const IncidentSeen& one : outcome.incidents)
        table.add(
            {tell.clock(one.opened),
             tell.lasted(one),
             level_text(one.highest),
             tell.plan(one.plan),
             tell.queues(one),
             tell.because(one),
             one.pages == 0 ? "–" : fmt::format("{}", one.pages)}
        );
    return table.text();
}

std::string stages_list(const Outcome& outcome, const Telling& tell) {
    std::string out;
    for (const IncidentSeen& one : outcome.incidents) {
        out += fmt::format("{}  {}", one.id, tell.stages(one));
        if (!one.ended_why.empty()) out += "; " + one.ended_why;
        out += '\n';
    }
    return out;
}

std::string levels_table(const Tally& tally, const Telling& tell) {
    cli::Table table{
        {tell.say("预案", "PLAN"), "IV", "III", "II", "I"}
    };
    const auto row = [&](std::string name, const auto& text_of) {
        std::vector<std::string> cells{std::move(name)};
        for (const plan::Level level : plan::levels) cells.push_back(text_of(level));
        table.add(std::move(cells));
    };
    for (const auto& item : tally.incidents)
        row(tell.plan(item.first),
            [&](plan::Level level) { return fmt::format("{}", item.second.at(level)); });
    row(tell.say("每周", "a week"),
        [&](plan::Level level) { return tell.alarms_a_week(tally.levels.at(level)); });
    return table.text();
}

std::string people_table(const Tally& tally, const Telling& tell) {
    std::vector<std::string> headings{tell.say("人员", "PERSON"), tell.say("呼叫", "PAGES")};
    for (std::size_t s = 0; s < shifts; ++s) headings.push_back(shift_name(s));
    headings.push_back(tell.say("步骤超时", "OVERDUE STEPS"));
    cli::Table table{std::move(headings)};
    for (const auto& [id, person] : tally.people) {
        std::vector<std::string> row{tell.person(id), fmt::format("{}", person.pages)};
        for (const std::uint64_t count : person.by_shift) row.push_back(fmt::format("{}", count));
        row.push_back(fmt::format("{}", person.step_pages));
        table.add(std::move(row));
    }
    return table.text();
}

std::string pages_table(const Outcome& outcome, const Tally& tally, const Telling& tell) {
    cli::Table table{
        {tell.say("时间", "AT"),
         tell.say("人员", "PERSON"),
         tell.say("级别", "LEVEL"),
         tell.say("事件", "INCIDENT"),
         tell.say("途径", "CHANNEL"),
         tell.say("梯次", "RUNG"),
         tell.say("确认", "TAKEN")}
    };
    std::size_t shown = 0;
    for (const PageSeen& page : outcome.pages) {
        if (!page.step.empty()) continue;
        if (shown++ == pages_shown) break;
        table.add(
            {tell.clock(page.at),
             tell.person(page.person),
             level_text(page.level),
             page.incident,
             page.channel,
             fmt::format("{}/{}", page.rung + 1, page.round + 1),
             page.acked ? tell.time_of_day(*page.acked) : "–"}
        );
    }
    std::string out = table.text();
    if (tally.pages > pages_shown)
        out += paging::phrase(
            tell.language(),
            "…另有 {} 次,见 --format json\n",
            "… and {} more; --format json has all\n",
            tally.pages - pages_shown
        );
    return out;
}

}  // namespace

std::string text_report(const Sheet& sheet, plan::Language language) {
    const Outcome& outcome = sheet.outcome;
    const Telling tell{outcome, language};
    const Tally tally = tally_of(outcome);
    std::string out;
    for (const std::string& line : tell.preface(sheet)) out += line + '\n';
    if (outcome.incidents.empty())
        return out + '\n' + tell.say("没有触发。", "Nothing fired.") + '\n';
    out += fmt::format(
        "\n{} ({})\n{}\n{}{}",
        tell.say("会触发的事件", "What would have fired"),
        outcome.incidents.size(),
        incidents_table(outcome, tell),
        stages_list(outcome, tell),
        tell.say("\n按最高级别\n", "\nBy highest level\n") + levels_table(tally, tell)
    );
    const std::string answered =
        sheet.ack_after
            ? paging::phrase(
                  language, "每次呼叫 {} 后确认", "each taken after {}", tell.span(*sheet.ack_after)
              )
            : tell.say("无人认领时", "if nobody answers");
    out += fmt::format("\n{} ({})\n", tell.say("会呼叫谁", "Who would have been paged"), answered);
    if (tally.people.empty()) return out + tell.say("无人。", "Nobody.") + '\n';
    return out + people_table(tally, tell) + '\n' + pages_table(outcome, tally, tell);
}

}  // namespace surged::app::backtest
