#include "app/backtest/compare_words.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace surged::app::backtest {

using paging::phrase;

CompareWords::Cells CompareWords::preface() const {
    Cells out = tell_.preface(now_);
    const std::string& hash = before_.outcome.rules_hash;
    const auto at = std::min<std::size_t>(out.size(), now_.outcome.from ? 2 : 1);
    out.insert(
        out.begin() + static_cast<std::ptrdiff_t>(at),
        phrase(
            tell_.language(),
            "对照规则:{}{}",
            "against: {}{}",
            before_.rules_path,
            before_.configured ? fmt::format(" ({})", hash.substr(0, 12)) : ""
        )
    );
    if (hash == now_.outcome.rules_hash)
        out.push_back(tell_.say("两套规则相同。", "The two rule sets are the same."));
    return out;
}

std::string CompareWords::nothing_fired() const {
    return tell_.say("两套规则都没有触发。", "Neither rule set fired.");
}

std::string CompareWords::surges_title() const {
    return tell_.say("两套规则各会触发什么", "What each would have fired");
}

CompareWords::Cells CompareWords::surge_headings() const {
    return {
        tell_.say("预案", "PLAN"),
        tell_.say("队列", "QUEUES"),
        tell_.say("新规则", "NEW"),
        tell_.say("对照", "AGAINST"),
        tell_.say("新规则触发", "NEW OPENS"),
        tell_.say("呼叫", "PAGES")
    };
}

std::string CompareWords::plan(const std::string& name) const {
    const bool known = now_.outcome.rules->plans.contains(name);
    return known ? tell_.plan(name) : tell_before_.plan(name);
}

std::string CompareWords::person(const std::string& id) const {
    const bool known = now_.outcome.rules->people.contains(id);
    return known ? tell_.person(id) : tell_before_.person(id);
}

std::string CompareWords::half(const Half& half) const {
    if (!half.fired()) return "–";
    std::string out = level_text(half.highest);
    if (half.opened) out += " " + tell_.clock(*half.opened);
    if (half.incidents > 1) out += fmt::format(" ×{}", half.incidents);
    return out;
}

std::string CompareWords::lead(std::optional<Micros> earlier) const {
    if (!earlier) return "–";
    if (*earlier == Micros{0}) return tell_.say("同时", "at the same time");
    if (*earlier > Micros{0})
        return phrase(tell_.language(), "早 {}", "{} earlier", tell_.span(*earlier));
    return phrase(tell_.language(), "晚 {}", "{} later", tell_.span(-*earlier));
}

CompareWords::Cells CompareWords::surge_cells(const Surge& surge) const {
    const auto& a = surge.now.opened;
    const auto& b = surge.before.opened;
    IncidentSeen of;
    of.queues = surge.queues;
    return {
        plan(surge.plan),
        tell_.queues(of),
        half(surge.now),
        half(surge.before),
        lead(a && b ? std::optional{*b - *a} : std::nullopt),
        fmt::format("{} / {}", surge.now.pages, surge.before.pages)
    };
}

std::string CompareWords::levels_title() const {
    return tell_.say("到达各级别的次数", "How many reached each level");
}

CompareWords::Cells CompareWords::level_headings() const {
    return {
        tell_.say("级别", "LEVEL"),
        tell_.say("仅新规则", "ONLY NEW"),
        tell_.say("两者都有", "BOTH"),
        tell_.say("仅对照", "ONLY AGAINST"),
        tell_.say("新规则每周", "NEW A WEEK"),
        tell_.say("对照每周", "AGAINST A WEEK"),
        tell_.say("新规则到达(中位)", "NEW REACHES IT (MEDIAN)")
    };
}

CompareWords::Cells CompareWords::level_cells(plan::Level level, const LevelCount& count) const {
    return {
        level_text(level),
        fmt::format("{}", count.only_now),
        fmt::format("{}", count.both),
        fmt::format("{}", count.only_before),
        tell_.alarms_a_week(count.only_now + count.both),
        tell_.alarms_a_week(count.only_before + count.both),
        lead(count.lead)
    };
}

std::string CompareWords::people_title(const Comparison& both) const {
    return phrase(
        tell_.language(),
        "会呼叫谁(新规则 {} 次 / 对照 {} 次)",
        "Who would have been paged (new {} / against {})",
        both.pages_now,
        both.pages_before
    );
}

CompareWords::Cells CompareWords::people_headings() const {
    Cells out{tell_.say("人员", "PERSON"), tell_.say("呼叫", "PAGES")};
    for (std::size_t s = 0; s < shifts; ++s) out.push_back(shift_name(s));
    out.push_back(tell_.say("步骤超时", "OVERDUE STEPS"));
    return out;
}

CompareWords::Cells CompareWords::people_cells(const std::string& id, const PersonShifts& person_of)
    const {
    const auto pair = [](std::uint64_t a, std::uint64_t b) { return fmt::format("{} / {}", a, b); };
    const PersonTally& now = person_of.now;
    const PersonTally& before = person_of.before;
    Cells out{person(id), pair(now.pages, before.pages)};
    for (std::size_t s = 0; s < shifts; ++s)
        out.push_back(pair(now.by_shift[s], before.by_shift[s]));
    out.push_back(pair(now.step_pages, before.step_pages));
    return out;
}

}  // namespace surged::app::backtest
