#include "app/backtest/telling.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace surged::app::backtest {

using paging::phrase;

std::string level_text(plan::Level level) {
    return level == plan::Level::none ? "–" : std::string{plan::name_of(level)};
}

std::size_t shift_of(const Outcome& outcome, Instant at) {
    const std::int64_t local = plan::local_seconds(outcome.rules->site.zone, outcome.wall(at));
    const std::int64_t of_day = ((local % 86'400) + 86'400) % 86'400;
    return static_cast<std::size_t>(of_day / (86'400 / static_cast<std::int64_t>(shifts)));
}

std::string shift_name(std::size_t shift) {
    constexpr std::size_t hours = 24 / shifts;
    return fmt::format("{:02}:00-{:02}:00", shift * hours, (shift + 1) * hours);
}

Tally tally_of(const Outcome& outcome) {
    Tally out;
    for (const IncidentSeen& one : outcome.incidents) {
        if (one.highest == plan::Level::none) continue;
        ++out.incidents[one.plan].at(one.highest);
        ++out.levels.at(one.highest);
    }
    for (const PageSeen& page : outcome.pages) {
        PersonTally& person = out.people[page.person];
        if (!page.step.empty()) {
            ++person.step_pages;
            ++out.step_pages;
            continue;
        }
        ++person.pages;
        ++person.by_shift[shift_of(outcome, page.at)];
        ++out.pages;
    }
    return out;
}

std::string Telling::clock(Instant at) const {
    return plan::local_clock(outcome_.rules->site.zone, outcome_.wall(at));
}

std::string Telling::time_of_day(Instant at) const {
    const std::string whole = clock(at);
    return whole.size() > 11 ? whole.substr(11) : whole;
}

std::string Telling::span(Micros time) const { return paging::elapsed_words(time, language_); }

std::string Telling::lasted(const IncidentSeen& one) const {
    if (one.ended) return span(*one.ended - one.opened);
    return span(outcome_.to.value_or(one.opened) - one.opened) + "+";
}

std::string Telling::plan(const std::string& name) const {
    const auto found = outcome_.rules->plans.find(name);
    if (found == outcome_.rules->plans.end()) return name;
    const std::string& title = found->second.title.in(language_);
    const std::string& called = title.empty() ? name : title;
    return found->second.source.empty() ? called : found->second.source + " " + called;
}

std::string Telling::queues(const IncidentSeen& one) const {
    constexpr std::size_t most = 3;
    std::string out;
    std::size_t n = 0;
    for (const std::string& queue : one.queues) {
        if (n++ == most) break;
        out += (out.empty() ? "" : ", ") + queue;
    }
    if (one.queues.size() > most) out += fmt::format(" +{}", one.queues.size() - most);
    return out;
}

std::string Telling::person(const std::string& id) const {
    const auto found = outcome_.rules->people.find(id);
    return found == outcome_.rules->people.end() ? id : found->second.name;
}

std::string Telling::measure(const board::Measure& measure) const {
    std::string what = paging::measure_words(measure, std::nullopt, language_);
    const std::string more = paging::qualifier_words(measure, language_);
    if (more.empty()) return what;
    return phrase(language_, "{}({})", "{} ({})", what, more);
}

std::string Telling::because(const IncidentSeen& one) const {
    if (!one.cause) return {};
    const incident::Cause& cause = *one.cause;
    std::string out;
    if (!cause.queue.empty()) out = cause.queue + ": ";
    if (!cause.source.empty())
        out += phrase(language_, "{} 无数据", "no data from {}", cause.source);
    else if (!cause.told.empty())
        out += cause.told;
    else if (cause.value)
        out += measure(cause.measure) + " " +
               paging::figure_words(cause.measure.kpi, *cause.value, language_);
    if (cause.told.empty() && cause.source.empty() && cause.threshold)
        out += fmt::format(
            " {} {}",
            board::info_of(cause.measure.kpi).less_is_worse ? "≤" : "≥",
            paging::limit_words(cause.measure.kpi, *cause.threshold, language_)
        );
    return fmt::format("{} [{}]", out, cause.trigger);
}

std::string Telling::stages(const IncidentSeen& one) const {
    std::string out;
    for (const Stage& stage : one.stages) {
        if (!out.empty()) out += ", ";
        out += level_text(stage.level) + " " + time_of_day(stage.at);
    }
    return out;
}

std::string Telling::alarms_a_week(std::uint64_t count) const {
    if (!outcome_.from || *outcome_.to - *outcome_.from < 24h) return "–";  // it would say nothing
    const double weeks =
        std::chrono::duration<double>(*outcome_.to - *outcome_.from).count() / (7 * 86'400.0);
    return fmt::format("{:.2f}", static_cast<double>(count) / weeks);
}

std::string Telling::out_of_order(const Sheet& sheet) const {
    const auto late = outcome_.refused.find(std::string{acd::name_of(acd::Reject::late)});
    if (late == outcome_.refused.end()) return {};
    std::string out = phrase(
        language_,
        "  未按时间顺序:{} 条事件之前有比其晚 {} "
        "以上的事件,未被采纳;请将各行按时间排序,或检查发送方的时钟",
        "  not in the order of time: {} events stand behind others that are later by more than {}, "
        "and were not taken; sort the lines by time, or look at the sender's clock",
        late->second,
        span(sheet.lateness)
    );
    const Disorder& found = sheet.reading.disorder;
    if (found.events == 0) return out;
    return out + phrase(
                     language_,
                     ";首次跳变在 {}:{},其时间为 {}",
                     "; the first such jump: {}:{}, of {}",
                     found.file,
                     found.line,
                     plan::local_clock(outcome_.rules->site.zone, found.newest)
                 );
}

std::vector<std::string> Telling::preface(const Sheet& sheet) const {
    std::vector<std::string> out;
    if (outcome_.from)
        out.push_back(phrase(
            language_,
            "{} 至 {}({}),站点 {}",
            "{} to {} ({}), site {}",
            clock(*outcome_.from),
            clock(*outcome_.to),
            span(*outcome_.to - *outcome_.from),
            outcome_.rules->site.id
        ));
    const std::string version =
        sheet.configured ? fmt::format(" ({})", outcome_.rules_hash.substr(0, 12)) : "";
    out.push_back(phrase(language_, "规则:{}{}", "rules: {}{}", sheet.rules_path, version));
    out.push_back(phrase(
        language_,
        "读入:{};{} 行,{} 条事件,不可读 {} 行",
        "read: {}; {} lines, {} events, {} lines unreadable",
        fmt::join(sheet.files, " "),
        sheet.reading.lines,
        sheet.reading.events,
        sheet.reading.bad.total
    ));
    for (const auto& [reason, count] : sheet.reading.bad.by_reason)
        out.push_back(phrase(language_, "  不可读 {}:{}", "  unreadable, {}: {}", reason, count));
    for (const BadLines::Shown& bad : sheet.reading.bad.newest)
        out.push_back(fmt::format(
            "    {}:{}: {}{}{}",
            bad.file,
            bad.line,
            bad.reason,
            bad.words.empty() ? "" : ": ",
            bad.words
        ));
    for (const std::string& text : sheet.reading.notes)
        out.push_back(phrase(language_, "  略过:{}", "  passed over: {}", text));
    for (const auto& [reason, count] : outcome_.refused)
        out.push_back(phrase(
            language_, "  引擎未采纳 {}:{}", "  refused by the engine, {}: {}", reason, count
        ));
    if (std::string words = out_of_order(sheet); !words.empty()) out.push_back(std::move(words));
    for (const auto& [what, count] : outcome_.troubles)
        out.push_back(phrase(language_, "  问题 {}:{}", "  trouble, {}: {}", what, count));
    if (!outcome_.untested.empty())
        out.push_back(phrase(
            language_,
            "未测试(历史数据看不出来源是否中断;能看出则用 --source 指明):{}",
            "not tested, as a history does not tell whether a source lived (--source, if it does): "
            "{}",
            fmt::join(outcome_.untested, ", ")
        ));
    return out;
}

}  // namespace surged::app::backtest
