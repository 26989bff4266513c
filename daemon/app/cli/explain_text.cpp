// An explanation as JSON to sentences, in the glossary's words.
#include "app/cli/explain.hpp"
#include "app/cli/show.hpp"
#include "core/paging/words.hpp"

#include <boost/json/array.hpp>
#include <cmath>
#include <fmt/format.h>
#include <optional>

namespace surged::app::cli {
namespace {

namespace json = boost::json;
using paging::phrase;
using plan::Language;

class Teller {
public:
    explicit Teller(const Manner& manner) : manner_{manner} {}

    std::string text(const json::value& told) {
        head(told);
        for (const json::value& trigger : list_at(told, "triggers")) tell_trigger(trigger);
        if (const json::array& queues = list_at(told, "queues"); !queues.empty()) {
            out_ += "\n";
            for (const json::value& queue : queues) {
                const std::string incident = cell(queue, "/incident");
                line(
                    0,
                    cell(queue, "/queue") + "  " + level(queue, "/level") +
                        (incident.empty() ? "" : "  " + incident)
                );
            }
        }
        order(told);
        return std::move(out_);
    }

private:
    template <class... Args>
    [[nodiscard]] std::string say(
        fmt::format_string<Args...> zh, fmt::format_string<Args...> en, Args&&... args
    ) const {
        return phrase(language_, zh, en, std::forward<Args>(args)...);
    }
    void line(std::size_t depth, const std::string& text) {
        out_ += std::string(depth * 2, ' ') + text + "\n";
    }
    [[nodiscard]] std::string level(const json::value& root, std::string_view pointer) const {
        const auto parsed = plan::parse_level(cell(root, pointer));
        if (!parsed || *parsed == plan::Level::none) return say("未触发", "calm");
        return paging::level_word(*parsed, language_);
    }
    [[nodiscard]] std::string lasts(const json::value& root, std::string_view pointer) const {
        const double s = number_at(root, pointer).value_or(0);
        return paging::elapsed_words(Micros{std::llround(s * 1e6)}, language_);
    }
    [[nodiscard]] static std::string joined(const json::array& list) {
        std::string out;
        for (const json::value& one : list) out += (out.empty() ? "" : ", ") + cell(one, "");
        return out;
    }

    void head(const json::value& told) {
        const std::string title =
            cell(told, language_ == Language::zh_cn ? "/title_zh" : "/title_en");
        const std::string queue = cell(told, "/queue");
        const std::string plan = cell(told, "/plan");
        line(
            0,
            fmt::format(
                "{} ({} {}){}{}, {}",
                title,
                cell(told, "/source"),
                plan,
                queue.empty() ? "" : say(",队列 ", " on "),
                queue,
                manner_.time(told, "/at")
            )
        );
        if (!queue.empty() && cell(told, "/known") != "yes")
            line(0, say("看板上没有这个队列。", "There is no such queue on the board."));
        if (cell(told, "/watched") != "yes")
            line(0, say("该预案不监测这个队列。", "The plan does not watch this queue."));
        standing(told);
        const std::string calendars = joined(list_at(told, "calendars"));
        line(
            0,
            say("生效的日历:{}",
                "Calendars in force: {}",
                calendars.empty() ? say("无", "none") : calendars)
        );
    }

    /// Asked without a queue, a plan does what it does on the one where it is gravest.
    [[nodiscard]] std::string firing(const json::value& told) const {
        const auto at = [](const json::value& root, std::string_view pointer) {
            return plan::parse_level(cell(root, pointer)).value_or(plan::Level::none);
        };
        plan::Level gravest = at(told, "/firing");
        std::string where;
        for (const json::value& queue : list_at(told, "queues")) {
            const plan::Level here = at(queue, "/level");
            if (here <= gravest) continue;
            gravest = here;
            where = cell(queue, "/queue");
        }
        if (gravest == plan::Level::none) return say("未触发", "calm");
        const std::string word = paging::level_word(gravest, language_);
        return where.empty() ? word : say("{}(队列 {})", "{} (on {})", word, where);
    }

    void standing(const json::value& told) {
        const std::string incident = cell(told, "/incident");
        const std::string leader = cell(told, "/led_by");
        line(0, say("现在:{}", "Now: {}", firing(told)));
        if (!incident.empty()) line(0, say("事件:{}", "Incident: {}", incident));
        if (!leader.empty())
            line(
                0,
                say("由 {} 主导:本预案不另立事件,也不呼叫任何人。",
                    "{} leads: this plan opens nothing and pages nobody.",
                    leader)
            );
        if (cell(told, "/ended_at") != "none" && !cell(told, "/ended_at").empty())
            line(
                0,
                say("已由人工结束:{} 及以下不再立事件,直到恢复。",
                    "Ended by hand: nothing opens again up to {}, until it has cleared.",
                    level(told, "/ended_at"))
            );
    }

    void tell_trigger(const json::value& trigger) {
        out_ += "\n";
        const std::string since = manner_.time(trigger, "/since");
        line(
            0,
            cell(trigger, "/trigger") + ": " + level(trigger, "/level") +
                (since.empty() ? "" : say(",自 {}", " since {}", since))
        );
        if (const std::string by = joined(list_at(trigger, "muted_by")); !by.empty())
            line(1, say("被抑制,因为 {} 正在触发", "muted while {} fires", by));
        if (const auto* temporary = trigger.get_object().if_contains("temporary");
            temporary != nullptr && temporary->is_object())
            line(
                1,
                say("临时阈值,{} 设,至 {}:{}",
                    "temporary threshold by {} until {}: {}",
                    cell(*temporary, "/by"),
                    manner_.time(*temporary, "/until"),
                    cell(*temporary, "/why"))
            );
        for (const json::value& node : list_at(trigger, "nodes")) tell_node(node);
    }

    void tell_node(const json::value& node) {
        const auto depth = static_cast<std::size_t>(number_at(node, "/depth").value_or(0)) + 1;
        const std::string kind = cell(node, "/kind");
        if (kind == "leaf")
            leaf(node, depth);
        else
            line(depth, other(node, kind) + ": " + level(node, "/level"));
        if (cell(node, "/asleep") == "yes" && !cell(node, "/during").empty())
            line(
                depth + 1,
                say("只在 {} 生效,现在不在其中", "asleep: only during {}", cell(node, "/during"))
            );
    }

    [[nodiscard]] std::string other(const json::value& node, const std::string& kind) const {
        if (kind == "all") return say("全部满足(取最轻)", "all of (the mildest counts)");
        if (kind == "any") return say("任一满足(取最重)", "any of (the gravest counts)");
        if (kind == "not") return say("不满足", "not");
        if (kind == "absent") {
            const bool silent = cell(node, "/silent") == "yes";
            return say(
                "来源 {} {},持续 {} 算数",
                "source {} {}, counts after {}",
                cell(node, "/source"),
                silent ? say("无数据", "is silent") : say("有数据", "is heard"),
                lasts(node, "/for")
            );
        }
        if (kind == "calendar")
            return say(
                "日期 {},提前 {}",
                "date {}, {} ahead",
                cell(node, "/calendar"),
                lasts(node, "/lead")
            );
        const std::string told = cell(node, "/told");
        const std::string nothing = say("没有", "nothing");
        if (kind == "report")
            return say(
                "人工报告 {}:{}",
                "report of {}: {}",
                joined(list_at(node, "reports")),
                told.empty() ? nothing : told
            );
        std::string labels;
        if (const auto* all = node.get_object().if_contains("labels"); all != nullptr)
            for (const auto& label : all->as_object())
                labels += (labels.empty() ? "" : ", ") + std::string{label.key()} + "=" +
                          cell(label.value(), "");
        return say("外部告警 {}:{}", "alert with {}: {}", labels, told.empty() ? nothing : told);
    }

    /// An amount of the node's figure; of a multiple, times.
    [[nodiscard]] std::string amount(
        const json::value& node, const json::value& from, std::string_view pointer, bool limit
    ) const {
        const auto number = number_at(from, pointer);
        const auto kpi = board::parse_kpi(cell(node, "/kpi"));
        if (!number || !kpi) return say("无值", "no value");
        const board::Millionths at = std::llround(*number * 1e6);
        const board::Quantity value{at, 1'000'000};
        if (!cell(node, "/ratio_to").empty())
            return limit ? paging::multiple_words(at) : paging::multiple_words(value);
        return limit ? paging::limit_words(*kpi, at, language_)
                     : paging::figure_words(*kpi, value, language_);
    }

    void leaf(const json::value& node, std::size_t depth) {
        const std::string words =
            cell(node, language_ == Language::zh_cn ? "/words/zh-CN" : "/words/en");
        std::string what = words;
        if (const std::string ratio = cell(node, "/ratio_to"); !ratio.empty())
            what +=
                say(" ÷ {}(应为 {})",
                    " ÷ {} (expected {})",
                    baseline(node, ratio),
                    number_at(node, "/expected") ? cell(node, "/expected")
                                                 : say("未知", "not known"));
        if (number_at(node, "/change_over"))
            what += say(",{} 内的变化", ", change over {}", lasts(node, "/change_over"));
        line(
            depth,
            fmt::format(
                "{}: {}; {}", what, amount(node, node, "/value", false), level(node, "/level")
            )
        );
        source(node, depth + 1);
        for (const json::value& rung : list_at(node, "levels")) tell_rung(node, rung, depth + 1);
        conditions(node, depth + 1);
        way_down(node, depth + 1);
    }

    [[nodiscard]] std::string baseline(const json::value& node, const std::string& ratio) const {
        if (ratio == "profile") return say("往常同时段", "the usual of this hour");
        if (ratio == "plan") return say("当日计划", "the plan of the day");
        return say("上一次 {}", "the last {}", cell(node, "/event"));
    }

    void source(const json::value& node, std::size_t depth) {
        if (cell(node, "/data") != "yes")
            line(depth, say("数据中断:级别保持不变", "its data is lost: the level stays"));
        if (cell(node, "/from") == "temporary")
            line(depth, say("阈值:临时设定", "thresholds: set by a person for a while"));
        if (cell(node, "/from") != "override") return;
        const std::string during = cell(node, "/override/during");
        const std::string queues = joined(list_at(node.at("override"), "queues"));
        line(
            depth,
            say("阈值:第 {} 条覆盖{}{}",
                "thresholds: override {}{}{}",
                cell(node, "/override/number"),
                queues.empty() ? "" : say(",队列 {}", " for {}", queues),
                during.empty() ? "" : say(",在 {} 期间", " during {}", during))
        );
    }

    void tell_rung(const json::value& node, const json::value& rung, std::size_t depth) {
        std::string how = say("未达到", "not met");
        if (number_at(rung, "/held"))
            how = say(
                "已持续 {},需 {}", "met for {}, needs {}", lasts(rung, "/held"), lasts(rung, "/for")
            );
        line(
            depth,
            fmt::format(
                "{} {} {}: {}",
                level(rung, "/level"),
                cell(node, "/below") == "yes" ? "≤" : "≥",
                amount(node, rung, "/threshold", true),
                how
            )
        );
    }

    void conditions(const json::value& node, std::size_t depth) {
        for (const json::value& floor : list_at(node, "floors")) {
            const std::string words =
                cell(floor, language_ == Language::zh_cn ? "/words/zh-CN" : "/words/en");
            line(
                depth,
                say("下限:{} ≥ {},现为 {},{}",
                    "floor: {} ≥ {}, now {}: {}",
                    words,
                    amount(floor, floor, "/least", true),
                    amount(floor, floor, "/value", false),
                    cell(floor, "/met") == "yes" ? say("满足", "met") : say("不满足", "not met"))
            );
        }
        if (number_at(node, "/min_calls"))
            line(
                depth,
                say("至少 {} 个联络,现有 {}",
                    "at least {} contacts, now {}",
                    cell(node, "/min_calls"),
                    cell(node, "/calls"))
            );
        if (number_at(node, "/min_count"))
            line(
                depth,
                say("计数至少 {},现有 {}",
                    "a count of at least {}, now {}",
                    cell(node, "/min_count"),
                    cell(node, "/count"))
            );
    }

    void way_down(const json::value& node, std::size_t depth) {
        const std::string at = cell(node, "/level");
        if (at == "none") return;
        for (const json::value& rung : list_at(node, "levels"))
            if (cell(rung, "/level") == at)
                line(
                    depth,
                    say("降级:{} {} 持续 {}",
                        "comes down at {} {} for {}",
                        cell(node, "/below") == "yes" ? "≥" : "≤",
                        amount(node, rung, "/clear", true),
                        lasts(rung, "/clear_for"))
                );
        if (const std::string inside = manner_.time(node, "/inside_since"); !inside.empty())
            line(depth + 1, say("已回落,自 {}", "inside since {}", inside));
        if (const std::string until = manner_.time(node, "/dwells_until"); !until.empty())
            line(depth + 1, say("至少停留到 {}", "stays at least until {}", until));
        if (cell(node, "/held_up") == "yes")
            line(
                depth + 1,
                say("仍有客户等待超过目标时间:不降级",
                    "callers still wait beyond the target: it does not come down")
            );
        if (const std::string gone = manner_.time(node, "/gone_since"); !gone.empty())
            line(
                depth + 1,
                say("自 {} 无值,保持 {}",
                    "no value since {}, kept for {}",
                    gone,
                    lasts(node, "/keep"))
            );
    }

    void order(const json::value& told) {
        const json::array& over = list_at(told, "yields_to");
        const json::array& under = list_at(told, "leads");
        if (!over.empty() || !under.empty()) out_ += "\n";
        for (const json::value& plan : over)
            line(
                0,
                say("让位于 {}(该队列上{})",
                    "yields to {} (on this queue: {})",
                    cell(plan, "/plan"),
                    level(plan, "/level"))
            );
        for (const json::value& plan : under)
            line(
                0,
                say("{} 让位于本预案({}):不另立事件",
                    "{} yields to this plan ({}): it opens nothing",
                    cell(plan, "/plan"),
                    level(plan, "/level"))
            );
    }

    const Manner& manner_;
    Language language_{manner_.language()};
    std::string out_;
};

}  // namespace

std::string explanation_text(const json::value& told, const Manner& manner) {
    return Teller{manner}.text(told);
}

}  // namespace surged::app::cli
