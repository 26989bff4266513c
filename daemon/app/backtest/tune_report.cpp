#include "app/backtest/tune_report.hpp"

#include "app/backtest/compare_words.hpp"
#include "app/cli/table.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace surged::app::backtest {
namespace {

using paging::phrase;
using plan::Language;
using plan::Level;

class Words {
public:
    Words(const TuneSheet& sheet, Language language)
        : sheet_{sheet},
          language_{language},
          tell_{sheet.before.outcome, language},
          compare_{sheet.before, sheet.before, language},
          weeks_{weeks_of(sheet.before.outcome)} {}

    std::string text() const {
        std::string out;
        for (const std::string& line : tell_.preface(sheet_.before)) out += line + '\n';
        out += wanted() + '\n';
        for (const LadderTrials& ladder : sheet_.ladders) out += '\n' + one(ladder);
        if (!sheet_.untuned.empty()) out += '\n' + left_out();
        if (!sheet_.proposes())
            return out + '\n' + tell_.say("没有要改的阈值。", "No threshold to change.") + '\n';
        out += fmt::format("\n{}\n{}", totals_title(), totals());
        return out + '\n' +
               tell_.say(
                   "在规则目录下用 patch -p1 应用:\n", "Apply with patch -p1 in the rules folder:\n"
               ) +
               sheet_.diff;
    }

private:
    std::string wanted() const {
        std::string levels;
        for (const Level level : plan::levels)
            if (const auto& a_week = sheet_.wish.a_week.at(level))
                levels += fmt::format(
                    "{} {}={:g}", levels.empty() ? "" : ",", plan::name_of(level), *a_week
                );
        return phrase(
            language_,
            "每个触发条件每周想要的报警次数:{};历史 {}",
            "alarms wanted a week of each trigger by itself:{}; {} of history",
            levels,
            weeks_words(weeks_)
        );
    }
    /// So finely that two spans which differ do not look the same.
    [[nodiscard]] std::string weeks_words(double weeks) const {
        const double days = weeks * 7;
        const double hours = days * 24;
        if (weeks >= 1) return phrase(language_, "{:.2f} 周", "{:.2f} weeks", weeks);
        if (days >= 1) return phrase(language_, "{:.2f} 天", "{:.2f} days", days);
        if (hours >= 1) return phrase(language_, "{:.2f} 小时", "{:.2f} hours", hours);
        return phrase(language_, "{:.2f} 分钟", "{:.2f} minutes", hours * 60);
    }
    [[nodiscard]] const plan::Leaf& leaf_of(const LadderTrials& ladder) const {
        const auto& triggers = sheet_.before.outcome.rules->plans.at(ladder.plan).triggers;
        const auto at = std::find_if(triggers.begin(), triggers.end(), [&](const auto& one) {
            return one.id == ladder.trigger;
        });
        return at->condition.leaf;
    }
    [[nodiscard]] std::string limit(const plan::Leaf& leaf, board::Millionths at) const {
        if (leaf.ratio_to != plan::Relative::none)
            return fmt::format("×{:g}", static_cast<double>(at) / 1e6);
        return paging::limit_words(leaf.measure.kpi, at, language_);
    }
    std::string mark(const RungTrials& rung, std::size_t i) const {
        std::string out = i == rung.now ? tell_.say("现在", "now") : "";
        if (i == rung.chosen && rung.choice == Choice::moved)
            out += (out.empty() ? "" : " ") + tell_.say("← 建议", "<- proposed");
        return out;
    }
    std::string one(const LadderTrials& ladder) const {
        const plan::Leaf& leaf = leaf_of(ladder);
        std::string out = fmt::format(
            "{} / {}: {} {}\n",
            tell_.plan(ladder.plan),
            ladder.trigger,
            tell_.measure(leaf.measure),
            leaf.ladder.below ? "≤" : "≥"
        );
        cli::Table table{
            {tell_.say("级别", "LEVEL"),
             tell_.say("倍数", "TIMES"),
             tell_.say("阈值", "THRESHOLD"),
             tell_.say("每周报警", "ALARMS A WEEK"),
             tell_.say("提前(中位)", "MEDIAN LEAD"),
             ""}
        };
        std::string notes;
        for (const RungTrials& rung : ladder.rungs) {
            for (std::size_t i = 0; i < rung.trials.size(); ++i) {
                if (rung.choice == Choice::silent && i != rung.now) continue;  // all the same
                const Trial& trial = rung.trials[i];
                table.add(
                    {std::string{plan::name_of(rung.level)},
                     fmt::format("{:g}", trial.factor),
                     limit(leaf, trial.threshold),
                     weeks_ > 0 ? fmt::format("{:.2f}", static_cast<double>(trial.alarms) / weeks_)
                                : "–",
                     i == rung.now ? "–" : compare_.lead(trial.lead),
                     mark(rung, i)}
                );
            }
            if (const std::string why = reason(rung); !why.empty())
                notes += fmt::format("  {}: {}\n", plan::name_of(rung.level), why);
        }
        if (ladder.crossed)
            notes +=
                "  " +
                tell_.say("各级别会相互越过,保持不变", "the levels would cross: left as it is") +
                '\n';
        return out + table.text() + notes;
    }
    std::string reason(const RungTrials& rung) const {
        const double wanted = *sheet_.wish.a_week.at(rung.level);
        switch (rung.choice) {
            case Choice::moved:
                return static_cast<double>(rung.trials[rung.chosen].alarms) < 3
                           ? tell_.say(
                                 "报警不足 3 次,把握不大", "fewer than 3 alarms: little to go by"
                             )
                           : "";
            case Choice::fits:
                return tell_.say("现有阈值最合适", "the threshold as it is fits best");
            case Choice::silent:
                return tell_.say(
                    "历史中从未接近阈值,保持不变",
                    "nothing in this history comes near: left as it is"
                );
            case Choice::short_:
                return phrase(
                    language_,
                    "历史太短:{};每周 {:g} 次至少要 {},保持不变",
                    "the history is too short: {}; {:g} a week wants {} at least: left as it is",
                    weeks_words(weeks_),
                    wanted,
                    weeks_words(1 / wanted)
                );
            case Choice::too_many:
                return tell_.say(
                    "提高到最高倍数仍然太多,保持不变",
                    "too many even at the highest multiple: left as it is"
                );
        }
        return "";
    }
    std::string left_out() const {
        std::string out = tell_.say("未调整:", "not tuned: ");
        bool first = true;
        for (const Untuned& one : sheet_.untuned) {
            const std::string why =
                one.why == "composite" ? tell_.say("多个指标", "several figures")
                : one.why == "zero"    ? tell_.say("阈值为 0", "a threshold of 0")
                                       : tell_.say("没有想要的级别", "no such level");
            out += fmt::format("{}{}/{} ({})", first ? "" : ", ", one.plan, one.trigger, why);
            first = false;
        }
        return out + '\n';
    }
    std::string totals_title() const {
        return tell_.say(
            "全部规则合起来,每周按最高级别(同时触发的算一件)",
            "All rules together, incidents a week by their highest level (what fires together is "
            "one)"
        );
    }
    std::string totals() const {
        cli::Table table{
            {"", "IV", "III", "II", "I", tell_.say("呼叫", "PAGES")}
        };
        const auto row = [&](std::string name, const Sheet& of) {
            const Tally tally = tally_of(of.outcome);
            std::vector<std::string> cells{std::move(name)};
            for (const Level level : plan::levels)
                cells.push_back(tell_.alarms_a_week(tally.levels.at(level)));
            cells.push_back(tell_.alarms_a_week(tally.pages));
            table.add(std::move(cells));
        };
        row(tell_.say("现在", "now"), sheet_.before);
        row(tell_.say("建议", "proposed"), sheet_.after);
        return table.text();
    }

    const TuneSheet& sheet_;
    Language language_;
    Telling tell_;
    CompareWords compare_;
    double weeks_;
};

}  // namespace

bool TuneSheet::proposes() const {
    return std::any_of(ladders.begin(), ladders.end(), [](const auto& one) { return one.changed; });
}

std::string text_tuning(const TuneSheet& sheet, Language language) {
    return Words{sheet, language}.text();
}

}  // namespace surged::app::backtest
