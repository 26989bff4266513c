#include "app/offline/binder.hpp"

#include "app/offline/rule_test.hpp"
#include "app/offline/trigger_words.hpp"
#include "base/markup.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>
#include <utility>

namespace surged::app::offline {
namespace {

using plan::Bilingual;
using plan::Level;
using Kind = Block::Kind;

class Writer {
public:
    Writer(const plan::RuleSet& rules, plan::Language language)
        : rules_{rules}, language_{language} {}

    void plan(const plan::Plan& plan) {
        plan_ = &plan;
        put(Kind::title, fmt::format("{} {}", plan.source, plan.title.in(language_)));
        put(Kind::paragraph,
            fmt::format("{} {} · {}", say("版本", "version"), plan.version, plan.name));
        starts();
        decides();
        steps();
        notices();
        cards();
        duties();
        ready();
    }

    void contacts() {
        put(Kind::title, say("联系方式", "Contacts"));
        put(Kind::heading, say("工作组", "Teams"));
        for (const auto& [name, team] : rules_.teams) {
            row({name, ladder(team.escalation), team.last_resort});
            for (const plan::Shift& shift : team.shifts)
                row({name + " · " + shift.when, ladder(shift.escalation), ""});
        }
        put(Kind::heading, say("人员", "People"));
        for (const auto& [name, person] : rules_.people) {
            std::vector<std::string> ways;
            ways.reserve(person.contact.size());
            for (const plan::Method& way : person.contact)
                ways.push_back(way.to.empty() ? way.channel : way.channel + " " + way.to);
            row({name, person.name, fmt::format("{}", fmt::join(ways, ", "))});
        }
    }

    Document take() { return std::move(out_); }

private:
    [[nodiscard]] std::string say(std::string_view zh, std::string_view en) const {
        return std::string{language_ == plan::Language::zh_cn ? zh : en};
    }
    void put(Kind kind, std::string text) { out_.push_back({kind, {std::move(text)}}); }
    void row(std::vector<std::string> cells) { out_.push_back({Kind::row, std::move(cells)}); }
    void list(const std::string& heading, const std::vector<Bilingual>& items) {
        if (items.empty()) return;
        put(Kind::minor, heading);
        for (const Bilingual& item : items) put(Kind::item, item.in(language_));
    }

    [[nodiscard]] std::string team(const std::string& role) const {
        const auto found = plan_->teams.find(role);
        if (found == plan_->teams.end() || found->second == role) return role;
        return fmt::format("{} ({})", role, found->second);
    }
    [[nodiscard]] std::string teams(const std::vector<std::string>& roles) const {
        std::vector<std::string> out;
        out.reserve(roles.size());
        for (const std::string& role : roles) out.push_back(team(role));
        return fmt::format("{}", fmt::join(out, ", "));
    }
    [[nodiscard]] std::string ladder(const std::vector<plan::Rung>& rungs) const {
        std::vector<std::string> out;
        for (const plan::Rung& rung : rungs) {
            std::vector<std::string> names;
            for (const std::string& person : rung.page) {
                const auto found = rules_.people.find(person);
                names.push_back(found == rules_.people.end() ? person : found->second.name);
            }
            out.push_back(fmt::format("{} ({})", fmt::join(names, ", "), format_duration(rung.wait))
            );
        }
        return fmt::format("{}", fmt::join(out, " → "));
    }

    void starts() {
        put(Kind::heading, say("触发条件", "What starts it"));
        for (const plan::Trigger& trigger : plan_->triggers) {
            std::vector<std::string> levels;
            for (const Level level : levels_of(trigger.condition))
                levels.emplace_back(plan::name_of(level));
            const auto words = trigger_words(trigger.condition, language_);
            row({trigger.id, words.front(), fmt::format("{}", fmt::join(levels, " "))});
            for (std::size_t i = 1; i < words.size(); ++i) row({"", words[i], ""});
        }
        if (plan_->kinds.empty()) return;
        put(Kind::minor, say("事件类别", "Kinds of event"));
        for (const plan::KindRule& kind : plan_->kinds)
            row({kind.id, kind.title.in(language_), std::string{plan::name_of(kind.level)}});
    }

    void decides() {
        put(Kind::heading, say("响应级别", "Levels"));
        for (const Level level : plan::levels) {
            const plan::ActivationRule& rule = plan_->activation.at(level);
            const std::array<std::string, 4> modes{
                say("仅预警", "warns"),
                say("自动启动", "starts by itself"),
                say("请示", "asks"),
                say("先启动、后确认", "starts, then is confirmed")
            };
            std::string mode = modes.at(static_cast<std::size_t>(rule.mode));
            if (!rule.by.empty())
                mode += fmt::format(" · {} · {}", team(rule.by), format_duration(rule.within));
            row({std::string{plan::name_of(level)}, mode, teams(plan_->page.at(level))});
        }
    }

    void steps() {
        put(Kind::heading, say("处置步骤", "Steps"));
        const std::array<std::pair<const char*, std::string>, 8> phases{
            {
             {"report", say("上报", "Report")},
             {"confirm", say("核实", "Confirm")},
             {"activate", say("启动", "Activate")},
             {"respond", say("处置", "Respond")},
             {"inform", say("告知", "Inform")},
             {"recover", say("恢复", "Recover")},
             {"end", say("终止", "End")},
             {"review", say("复盘", "Review")},
             }
        };
        for (const auto& [phase, title] : phases) {
            bool first = true;
            for (const plan::StepRule& step : plan_->steps) {
                if (step.phase != phase) continue;
                if (std::exchange(first, false)) put(Kind::minor, title);
                std::string when;
                if (step.before) when = "T-" + format_duration(*step.before) + " ";
                if (step.within > Micros{0}) when += format_duration(step.within);
                std::string text = "☐ " + step.text.in(language_);
                if (!step.kinds.empty()) text += fmt::format(" [{}]", fmt::join(step.kinds, ", "));
                row(
                    {text,
                     team(step.team),
                     when,
                     std::string{plan::name_of(step.from_level)} + (step.required ? " !" : "")}
                );
            }
        }
    }

    void notices() {
        if (plan_->binder.notices.empty()) return;
        put(Kind::heading, say("公告", "Notices"));
        for (const plan::NoticeRule& notice : plan_->binder.notices) {
            const auto text = rules_.notices.find(notice.text);
            row(
                {notice.to,
                 fmt::format("{}", fmt::join(notice.via, ", ")),
                 text == rules_.notices.end() ? notice.text : text->second.in(language_),
                 std::string{plan::name_of(notice.from_level)}}
            );
        }
    }

    void cards() {
        for (const plan::CardRule& card : plan_->binder.cards) {
            put(Kind::heading, say("现场处置卡:", "Card: ") + card.title.in(language_));
            list(say("呼叫", "Call"), card.call);
            list(say("处置", "Do"), card.act);
            list(say("记录", "Record"), card.record);
            list(say("不得", "Never"), card.never);
        }
    }

    void duties() {
        if (plan_->binder.duties.empty()) return;
        put(Kind::heading, say("职责", "Duties"));
        for (const auto& [role, words] : plan_->binder.duties)
            row({team(role), words.in(language_)});
    }

    void ready() {
        if (plan_->binder.readiness.empty() && plan_->binder.risks.empty()) return;
        put(Kind::heading, say("应急准备", "Readiness"));
        for (const plan::ReadinessRule& one : plan_->binder.readiness)
            row({one.text.in(language_), team(one.owner), format_duration(one.every)});
        for (const plan::RiskRule& risk : plan_->binder.risks)
            row({risk.risk.in(language_), risk.rating, risk.prevention.in(language_)});
    }

    const plan::RuleSet& rules_;
    plan::Language language_;
    const plan::Plan* plan_{nullptr};
    Document out_;
};

constexpr std::string_view style =
    "body{font:14px/1.5 sans-serif;max-width:52em;margin:2em auto;padding:0 1em}"
    "h1{border-bottom:2px solid;page-break-before:always}h1:first-of-type{page-break-before:auto}"
    "table{border-collapse:collapse;width:100%}td{border:1px solid #999;padding:.2em .5em;"
    "vertical-align:top}@media print{body{margin:0;max-width:none}}";

}  // namespace

Document plan_document(
    const plan::RuleSet& rules, const plan::Plan& plan, plan::Language language
) {
    Writer writer{rules, language};
    writer.plan(plan);
    return writer.take();
}

Document binder(
    const plan::RuleSet& rules, const std::vector<std::string>& plans, plan::Language language
) {
    Writer writer{rules, language};
    for (const auto& [name, plan] : rules.plans)
        if (plans.empty() || std::find(plans.begin(), plans.end(), name) != plans.end())
            writer.plan(plan);
    writer.contacts();
    return writer.take();
}

std::string as_text(const Document& document) {
    std::string out;
    for (const Block& block : document) {
        const std::string& first = block.cells.front();
        switch (block.kind) {
            case Kind::title:
                out += fmt::format("{}{}\n{:=<70}\n", out.empty() ? "" : "\n\f\n", first, "");
                break;
            case Kind::heading:
                out += fmt::format("\n{}\n{:-<70}\n", first, "");
                break;
            case Kind::minor:
                out += fmt::format("\n[{}]\n", first);
                break;
            case Kind::paragraph:
                out += first + "\n";
                break;
            case Kind::item:
                out += "  - " + first + "\n";
                break;
            case Kind::row:
                out += fmt::format("  {}\n", fmt::join(block.cells, " | "));
        }
    }
    return out;
}

std::string as_html(const Document& document, plan::Language language) {
    std::string out = fmt::format(
        "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><title>surged</title>"
        "<style>{}</style></head><body>\n",
        language == plan::Language::zh_cn ? "zh-CN" : "en",
        style
    );
    std::string_view open;  // the list or table that stands open
    const auto within = [&](std::string_view tag) {
        if (open == tag) return;
        if (!open.empty()) out += fmt::format("</{}>\n", open);
        if (!tag.empty()) out += fmt::format("<{}>\n", tag);
        open = tag;
    };
    for (const Block& block : document) {
        const std::string first = escape_markup(block.cells.front());
        within(
            block.kind == Kind::row    ? "table"
            : block.kind == Kind::item ? "ul"
                                       : std::string_view{}
        );
        switch (block.kind) {
            case Kind::title:
                out += fmt::format("<h1>{}</h1>\n", first);
                break;
            case Kind::heading:
                out += fmt::format("<h2>{}</h2>\n", first);
                break;
            case Kind::minor:
                out += fmt::format("<h3>{}</h3>\n", first);
                break;
            case Kind::paragraph:
                out += fmt::format("<p>{}</p>\n", first);
                break;
            case Kind::item:
                out += fmt::format("<li>{}</li>\n", first);
                break;
            case Kind::row:
                out += "<tr>";
                for (const std::string& cell : block.cells)
                    out += fmt::format("<td>{}</td>", escape_markup(cell));
                out += "</tr>\n";
        }
    }
    within({});
    return out + "</body></html>\n";
}

}  // namespace surged::app::offline
