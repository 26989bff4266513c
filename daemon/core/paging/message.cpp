#include "core/paging/message.hpp"

#include "core/paging/words.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string_view>

namespace surged::paging {
namespace {

using board::Kpi;
using board::Measure;
using board::Quantity;
using board::Wide;
using board::Window;
using plan::Language;

// In characters: names come from outside, and a phone shows only so much.
constexpr std::size_t name_most = 24;
constexpr std::size_t title_most = 24;
constexpr std::size_t step_most = 80;
constexpr std::size_t text_most = 400;

Measure measure(Kpi kpi, Window window = Window::now) { return {kpi, window, {}, {}, {}}; }

/// a ÷ b in thousandths; none where b is nothing.
std::optional<Quantity> quotient(Wide a, Wide b) {
    if (b <= 0 || a < 0) return std::nullopt;
    constexpr Wide most = 1'000'000'000'000;
    return Quantity{static_cast<std::int64_t>(std::min((a * 1000 + b / 2) / b, most)), 1000};
}

std::optional<std::int64_t> whole(const std::optional<Quantity>& value) {
    if (!value) return std::nullopt;
    return value->num / value->den;
}

std::optional<Quantity> arrivals_against_usual(const board::View& view, board::QueueIx queue) {
    const auto offered = [&](Window window) {
        return whole(view.value(queue, measure(Kpi::calls_offered, window)));
    };
    const auto last = offered(Window::m5);
    const auto hour = offered(Window::m60);
    const auto day = offered(Window::day);
    if (!last || !hour || !day || *day <= *hour) return std::nullopt;
    return quotient(static_cast<Wide>(*last) * 55, static_cast<Wide>(*hour - *last) * 5);
}

std::optional<Quantity> handle_time_against_usual(const board::View& view, board::QueueIx queue) {
    const auto last = view.value(queue, measure(Kpi::average_handle_time, Window::m5));
    const auto hour = view.value(queue, measure(Kpi::average_handle_time, Window::m60));
    if (!last || !hour) return std::nullopt;
    const auto us = [](const Quantity& value) {
        return static_cast<Wide>(value.num) * 1'000'000 / value.den;
    };
    return quotient(us(*last), us(*hour));
}

/// One language's way to put the facts.
class Writer {
public:
    Writer(const MessageFacts& facts, Language language)
        : facts_{facts}, language_{language}, zh_{language == Language::zh_cn} {}

    /// 【演练】【Ⅱ级】hz sales 每坐席排队 0.36(阈值 0.35)
    [[nodiscard]] std::string title() const {
        std::string out;
        if (facts_.drill) out = zh_ ? "【演练】" : "[DRILL] ";
        const std::string level = level_word(facts_.level, language_);
        if (!level.empty()) out += phrase(language_, "【{}】", "[{}] ", level);
        return out + where() + (zh_ ? " " : ": ") + what();
    }

    [[nodiscard]] std::string text() const {
        std::string out = title();
        if (!zh_ || !out.ends_with(')')) out += ' ';
        out += facts_.late ? late() : since();
        const auto part = [&](const std::string& more) {
            if (!more.empty()) out += (zh_ ? "|" : " | ") + more;
        };
        if (facts_.asked) part(decision());
        if (facts_.cause.source.empty() && facts_.cause.told.empty() && !facts_.late) {
            part(waiting());
            part(why());
        }
        const std::string step = clip(facts_.first_step.in(language_), step_most);
        if (facts_.late)
            part(clip(facts_.late->text.in(language_), step_most));
        else if (!step.empty())
            part((zh_ ? "首步:" : "first step: ") + step);
        part(facts_.incident + named_plan());
        return clip(out, text_most);
    }

    [[nodiscard]] std::string value() const {
        if (!facts_.cause.value) return "";
        if (is_multiple()) return times(multiple_words(*facts_.cause.value));
        return figure_words(facts_.cause.measure.kpi, *facts_.cause.value, language_);
    }
    [[nodiscard]] std::string threshold() const {
        if (!facts_.cause.threshold) return "";
        if (is_multiple()) return times(multiple_words(*facts_.cause.threshold));
        return limit_words(facts_.cause.measure.kpi, *facts_.cause.threshold, language_);
    }

private:
    [[nodiscard]] bool is_multiple() const { return facts_.cause.relative != plan::Relative::none; }
    [[nodiscard]] std::string times(const std::string& number) const {
        return number + (zh_ ? " 倍" : " ×");
    }
    /// 进线(与当日计划比)1.9 倍; offered (against the plan of the day) 1.9 ×.
    [[nodiscard]] std::string compared(const std::string& name) const {
        const bool change = facts_.cause.change_over > Micros{0};
        std::string subject = name;
        if (change)
            subject = phrase(
                language_,
                "{} {}内变化",
                "{} changed in {} by",
                name,
                elapsed_words(facts_.cause.change_over, language_)
            );
        switch (facts_.cause.relative) {
            case plan::Relative::profile:
                return phrase(
                    language_,
                    "{}(与同期基线比){}",
                    "{} (against the baseline) {}",
                    subject,
                    value()
                );
            case plan::Relative::plan:
                return phrase(
                    language_,
                    "{}(与当日计划比){}",
                    "{} (against the plan of the day) {}",
                    subject,
                    value()
                );
            case plan::Relative::event:
                return phrase(
                    language_,
                    "{}(与上次活动比){}",
                    "{} (against the last time) {}",
                    subject,
                    value()
                );
            case plan::Relative::none:
                break;
        }
        return fmt::format("{} {}", subject, value());
    }
    [[nodiscard]] std::string where() const {
        std::string out = clip(facts_.site, name_most);
        const std::string queue = clip(facts_.cause.queue, name_most);
        if (!facts_.cause.source.empty() || queue.empty()) return out;
        if (!out.empty()) out += " ";
        out += queue;
        if (facts_.queues > 1)  // the Chinese form counts the one named, the English does not
            out += zh_ ? fmt::format(" 等 {} 个队列", facts_.queues)
                       : fmt::format(" and {} more", facts_.queues - 1);
        return out;
    }

    [[nodiscard]] std::string what() const {
        const incident::Cause& cause = facts_.cause;
        if (facts_.late)
            return phrase(
                language_,
                "处置步骤 {} 超时",
                "step {} is overdue",
                clip(facts_.late->step, name_most)
            );
        if (!cause.told.empty()) return told();
        if (!cause.source.empty())
            return phrase(
                language_,
                "数据源 {} 数据中断,非零来电",
                "source {}: no data, which is not zero calls",
                clip(cause.source, name_most)
            );
        if (!cause.value) return clip(facts_.title.in(language_), title_most);
        std::string aside = qualifier_words(cause.measure, language_);
        if (cause.threshold) add(aside, (zh_ ? "阈值 " : "threshold ") + threshold());
        const std::string name = measure_words(cause.measure, facts_.figures.target, language_);
        if (aside.empty()) return compared(name);
        return phrase(language_, "{}({})", "{} ({})", compared(name), aside);
    }

    /// "report …", "alert …", "date …": a word of ours, then theirs.
    [[nodiscard]] std::string told() const {
        const std::string_view all = facts_.cause.told;
        const std::size_t space = all.find(' ');
        const std::string_view kind = all.substr(0, space);
        const std::string theirs =
            clip(space == std::string_view::npos ? "" : all.substr(space + 1), step_most);
        if (kind == "report") return phrase(language_, "接报:{}", "reported: {}", theirs);
        if (kind == "alert") return phrase(language_, "外部告警:{}", "alert: {}", theirs);
        return phrase(language_, "按日历启动:{}", "by calendar: {}", theirs);
    }

    [[nodiscard]] std::string late() const {
        return phrase(language_, "已超时 {}", "for {}", elapsed_words(facts_.late->by, language_));
    }

    [[nodiscard]] std::string decision() const {
        const MessageFacts::Asked& asked = *facts_.asked;
        const std::string within = elapsed_words(asked.within, language_);
        if (asked.confirm)
            return phrase(
                language_,
                "已自动启动,{}内可决定不予启动",
                "already activated; decline within {} to take it back",
                within
            );
        if (asked.then_activate)
            return phrase(
                language_,
                "请在 {}内决定是否启动,逾期自动启动",
                "decide within {} whether to activate; without an answer it is activated",
                within
            );
        return phrase(
            language_,
            "请在 {}内决定是否启动,逾期不予启动",
            "decide within {} whether to activate; without an answer it is not",
            within
        );
    }

    /// 已 2 分钟(16:33 起),由Ⅲ级提级
    [[nodiscard]] std::string since() const {
        const Micros lasted{std::max<std::int64_t>(0, facts_.now.us - facts_.since.us)};
        const plan::Zone utc;
        const std::string clock =
            plan::local_clock(facts_.zone ? *facts_.zone : utc, facts_.since).substr(11, 5);
        const std::string length = elapsed_words(lasted, language_);
        std::string out =
            lasted < 1s ? phrase(language_, "{} 起", "since {}", clock)
                        : phrase(language_, "已 {}({} 起)", "for {} (since {})", length, clock);
        if (facts_.previous != plan::Level::none) {
            const std::string before = level_word(facts_.previous, language_);
            out += phrase(language_, ",由{}提级", ", raised from {}", before);
        }
        return out;
    }

    [[nodiscard]] std::string waiting() const {
        const Figures& figures = facts_.figures;
        std::string out;
        if (figures.calls_waiting)
            out = phrase(language_, "排队 {} 人", "{} waiting", *figures.calls_waiting);
        // With nobody waiting there is no oldest caller to speak of.
        if (figures.longest_wait && figures.calls_waiting.value_or(1) > 0)
            add(out,
                (zh_ ? "最长等待 " : "longest ") + duration_words(*figures.longest_wait, language_)
            );
        return out;
    }

    [[nodiscard]] std::string why() const {
        const Figures& figures = facts_.figures;
        std::string out;
        if (figures.arrivals)
            out = phrase(
                language_,
                "近 5 分钟进线为前一小时的 {} 倍",
                "arrivals {} × the hour before",
                times_words(*figures.arrivals)
            );
        if (figures.handle_time)
            add(out,
                phrase(
                    language_,
                    "平均处理时长为 {} 倍",
                    "handle time {} ×",
                    times_words(*figures.handle_time)
                ));
        if (figures.staffed) {
            std::string heads = phrase(language_, "在线 {}", "staffed {}", *figures.staffed);
            if (figures.scheduled) heads += fmt::format("/{}", *figures.scheduled);
            add(out, heads);
        }
        return out;
    }

    [[nodiscard]] std::string named_plan() const {
        const std::string title = clip(facts_.title.in(language_), title_most);
        // Without a figure the title has already said it.
        const incident::Cause& cause = facts_.cause;
        const bool said = !cause.value && cause.source.empty() && cause.told.empty();
        if (title.empty() || (said && !facts_.late)) return "";
        return " " + title;
    }

    void add(std::string& list, const std::string& more) const {
        if (!list.empty()) list += zh_ ? "," : ", ";
        list += more;
    }

    const MessageFacts& facts_;
    Language language_;
    bool zh_;
};

}  // namespace

Figures gather(const board::View& view, board::QueueIx queue) {
    Figures figures;
    figures.target = view.target(queue);
    if (!view.data_live(queue)) return figures;
    figures.calls_waiting = whole(view.value(queue, measure(Kpi::calls_waiting)));
    if (const auto wait = view.value(queue, measure(Kpi::longest_wait)))
        figures.longest_wait = Seconds{wait->num / wait->den};
    figures.arrivals = arrivals_against_usual(view, queue);
    figures.handle_time = handle_time_against_usual(view, queue);
    figures.staffed = whole(view.value(queue, measure(Kpi::agents_staffed)));
    figures.scheduled = whole(view.value(queue, measure(Kpi::agents_scheduled)));
    return figures;
}

std::vector<Measure> measures_of_figures() {
    return {
        measure(Kpi::calls_offered, Window::m5),
        measure(Kpi::calls_offered, Window::m60),
        measure(Kpi::calls_offered, Window::day),
        measure(Kpi::average_handle_time, Window::m5),
        measure(Kpi::average_handle_time, Window::m60),
    };
}

delivery::Content render(const MessageFacts& facts, Language language) {
    const Writer writer{facts, language};
    const Measure& measured = facts.cause.measure;
    delivery::Content out;
    out.incident = facts.incident;
    out.plan = facts.plan;
    out.site = facts.site;
    out.queue = facts.cause.queue;
    out.trigger = facts.cause.trigger;
    if (facts.cause.value || facts.cause.threshold)
        out.kpi = measured.kpi == Kpi::gauge ? measured.gauge
                                             : std::string{board::info_of(measured.kpi).name};
    out.level = facts.level;
    out.rise = facts.rise;
    out.title = writer.title();
    out.text = writer.text();
    out.value = writer.value();
    out.threshold = writer.threshold();
    out.since = facts.since;
    out.created = facts.now;
    out.first_step = facts.first_step.in(language);
    out.link = facts.link;
    out.drill = facts.drill;
    out.language = language;
    return out;
}

}  // namespace surged::paging
