#include "app/offline/trigger_words.hpp"

#include "core/paging/words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <optional>
#include <string_view>
#include <utility>

namespace surged::app::offline {
namespace {

using paging::phrase;
using plan::Condition;
using plan::ConditionKind;
using plan::Language;
using plan::Leaf;
using plan::Level;

constexpr board::Millionths whole = 1'000'000;

class TriggerWriter {
public:
    explicit TriggerWriter(Language language) : language_{language} {}

    std::vector<std::string> lines(const Condition& condition) {
        std::vector<std::string> out{words(condition)};
        out.insert(out.end(), others_.begin(), others_.end());
        return out;
    }

private:
    [[nodiscard]] std::string say(std::string_view zh, std::string_view en) const {
        return std::string{language_ == Language::zh_cn ? zh : en};
    }
    [[nodiscard]] std::string joined(const std::vector<std::string>& parts) const {
        return fmt::format("{}", fmt::join(parts, say(",", ", ")));
    }

    [[nodiscard]] std::string figure(const board::Measure& measure) const {
        const std::string name = paging::measure_words(measure, std::nullopt, language_);
        const std::string more = paging::qualifier_words(measure, language_);
        return more.empty() ? name : phrase(language_, "{}({})", "{} ({})", name, more);
    }

    [[nodiscard]] std::string compared(const Leaf& leaf) const {
        switch (leaf.ratio_to) {
            case plan::Relative::profile:
                return say(" ÷ 往常同时段", " ÷ the usual of this hour");
            case plan::Relative::plan:
                return say(" ÷ 当日计划", " ÷ the plan of the day");
            case plan::Relative::event:
                return phrase(language_, " ÷ 上次 {}", " ÷ the last {}", leaf.event) +
                       (leaf.factor == whole ? "" : " × " + paging::multiple_words(leaf.factor));
            case plan::Relative::none:
                break;
        }
        if (leaf.change_over == Micros{0}) return {};
        return phrase(
            language_, " {}内的变化", ", change over {}", format_duration(leaf.change_over)
        );
    }

    [[nodiscard]] std::string ladder(const Leaf& leaf) const {
        std::vector<std::string> rungs;
        for (const Level level : plan::levels)
            if (const auto& at = leaf.ladder.at.at(level))
                rungs.push_back(fmt::format(
                    "{} {}",
                    plan::name_of(level),
                    leaf.ratio_to == plan::Relative::none
                        ? paging::limit_words(leaf.measure.kpi, *at, language_)
                        : paging::multiple_words(*at)
                ));
        return (leaf.ladder.below ? " ≤ " : " ≥ ") + joined(rungs);
    }

    /// How long it must hold: once where all rungs hold alike.
    [[nodiscard]] std::string holds(const Leaf& leaf) const {
        std::vector<std::string> each;
        bool alike = true;
        std::optional<Micros> first;
        for (const Level level : plan::levels) {
            if (!leaf.ladder.at.at(level)) continue;
            const Micros hold = leaf.hold.at(level);
            alike = alike && first.value_or(hold) == hold;
            first = first.value_or(hold);
            each.push_back(fmt::format("{} {}", plan::name_of(level), format_duration(hold)));
        }
        if (!first || (alike && *first == Micros{0})) return {};
        return phrase(
            language_, "持续 {}", "for {}", alike ? format_duration(*first) : joined(each)
        );
    }

    [[nodiscard]] std::string leaf_words(const Leaf& leaf) const {
        std::vector<std::string> parts{figure(leaf.measure) + compared(leaf) + ladder(leaf)};
        if (auto held = holds(leaf); !held.empty()) parts.push_back(std::move(held));
        for (const plan::Floor& floor : leaf.floors)
            parts.push_back(phrase(
                language_,
                "且{} ≥ {}",
                "and {} ≥ {}",
                figure(floor.measure),
                paging::limit_words(floor.measure.kpi, floor.least, language_)
            ));
        if (leaf.min_calls > 0)
            parts.push_back(
                phrase(language_, "至少 {} 通来电", "of at least {} contacts", leaf.min_calls)
            );
        if (leaf.min_count > 0)
            parts.push_back(phrase(language_, "至少 {} 件", "at least {}", leaf.min_count));
        if (leaf.keep > Micros{0})
            parts.push_back(phrase(
                language_, "无数值后保持 {}", "kept {} after its value", format_duration(leaf.keep)
            ));
        return fmt::format("{}", fmt::join(parts, say(";", "; ")));
    }

    void note_overrides(const Condition& condition) {
        for (const plan::Override& other : condition.overrides) {
            std::vector<std::string> where;
            if (!other.queues.empty()) where.push_back(joined(other.queues));
            if (!other.when.empty())
                where.push_back(phrase(language_, "{} 期间", "during {}", other.when));
            if (where.empty()) where.push_back(say("所有队列", "all queues"));
            others_.push_back(joined(where) + say(":", ": ") + leaf_words(other.leaf));
        }
    }

    [[nodiscard]] std::string named(std::string_view what, const Condition& condition) const {
        std::string out{what};
        if (condition.hold > Micros{0})
            out += phrase(language_, ",持续 {}", ", for {}", format_duration(condition.hold));
        if (condition.then_after)
            out += phrase(
                language_,
                ",再过 {} 为 {}",
                ", {} later {}",
                format_duration(*condition.then_after),
                plan::name_of(condition.then_level)
            );
        return out;
    }

    std::string bare(const Condition& condition) {
        switch (condition.kind) {
            case ConditionKind::leaf:
                note_overrides(condition);
                return leaf_words(condition.leaf);
            case ConditionKind::absent:
                return named(say("数据源中断 ", "feed lost: ") + condition.source, condition);
            case ConditionKind::alert: {
                std::vector<std::string> labels;
                labels.reserve(condition.labels.size());
                for (const auto& [name, value] : condition.labels)
                    labels.push_back(fmt::format("{}={}", name, value));
                return named(
                    say("监控告警 ", "an alert of another system: ") + joined(labels), condition
                );
            }
            case ConditionKind::report:
                return say("人员上报 ", "a person's report: ") + joined(condition.reports);
            case ConditionKind::calendar:
                return say("日期 ", "date: ") + condition.calendar +
                       (condition.lead == Micros{0} ? ""
                                                    : phrase(
                                                          language_,
                                                          ",提前 {} 预警",
                                                          ", IV from {} before",
                                                          format_duration(condition.lead)
                                                      ));
            case ConditionKind::not_:
                return say("不满足 ", "not ") + bracketed(condition.members.front());
            case ConditionKind::all:
            case ConditionKind::any:
                break;
        }
        std::vector<std::string> parts;
        parts.reserve(condition.members.size());
        for (const Condition& member : condition.members) parts.push_back(bracketed(member));
        const bool any = condition.kind == ConditionKind::any;
        return fmt::format(
            "{}", fmt::join(parts, any ? say(" 或 ", " or ") : say(" 且 ", " and "))
        );
    }
    std::string bracketed(const Condition& member) { return "[" + words(member) + "]"; }
    std::string words(const Condition& condition) {
        std::string out = bare(condition);
        if (!condition.during.empty())
            out += phrase(language_, ";只在 {} 期间", "; only during {}", condition.during);
        return out;
    }

    Language language_;
    std::vector<std::string> others_;
};

}  // namespace

std::vector<std::string> trigger_words(const Condition& condition, Language language) {
    return TriggerWriter{language}.lines(condition);
}

}  // namespace surged::app::offline
