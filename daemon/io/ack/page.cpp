#include "io/ack/page.hpp"

#include "base/markup.hpp"
#include "core/paging/words.hpp"
#include "io/ack/document.hpp"
#include "io/ack/raise.hpp"
#include "io/channel/wording.hpp"

#include <fmt/format.h>
#include <iterator>

namespace surged::io::ack {
namespace {

using paging::phrase;
using plan::Language;

std::string thresholds_text(Language l, Notice notice) {
    switch (notice) {
        case Notice::thresholds:
            return phrase(
                l,
                "阈值已临时上调,到时自动恢复",
                "The thresholds are raised for a while; they come back by themselves"
            );
        case Notice::reason:
            return phrase(
                l,
                "阈值未上调:请选择幅度和时长,并写明原因",
                "The thresholds are as they were: choose by how much and for how long, and say why"
            );
        case Notice::already:
            return phrase(
                l,
                "阈值此前已临时调整,本次未再改动",
                "The thresholds have been set for a while already; nothing was done"
            );
        default:
            return {};
    }
}

std::string notice_text(const Shown& shown) {
    const Language l = shown.language;
    switch (shown.notice) {
        case Notice::none:
            return {};
        case Notice::acknowledged:
            return phrase(l, "您已认领,不再升级", "You have acknowledged; the escalation stops");
        case Notice::on_my_way:
            return phrase(
                l,
                "您已认领,并告知正在赶来;不再升级",
                "You have acknowledged and are on your way; the escalation stops"
            );
        case Notice::passed_on:
            return phrase(l, "已升级至下一级", "Passed on: the next person is paged now");
        case Notice::activated:
            return phrase(l, "已启动", "Activated");
        case Notice::declined:
            return phrase(l, "不予启动", "Declined");
        case Notice::choose:
            return phrase(l, "请选择一项", "Please choose one answer");
        case Notice::again:
            return phrase(
                l,
                "页面打开过久,尚未生效:请核对后再点一次",
                "This page was open for too long and nothing was done: look, then press once more"
            );
        case Notice::raised:
            return phrase(
                l,
                "级别已变化,尚未生效:请核对后再点一次",
                "The level has changed and nothing was done: look, then press once more"
            );
        case Notice::busy:
            return phrase(
                l, "系统繁忙,尚未生效:请再点一次", "Too busy, nothing was done: press once more"
            );
        case Notice::too_late:
            return phrase(l, "该呼叫已失效,无需认领", "This page is over and needs no answer");
        case Notice::foreign:
            return phrase(
                l,
                "请求来自其他网站,已拒绝:请从呼叫消息中打开链接",
                "Another site sent this request; it was refused: open the link in the page itself"
            );
        case Notice::unsaved:
            return phrase(
                l,
                "已生效,但暂时无法存盘:若系统重启,请再确认一次",
                "Done, but it could not be written down: after a restart of the system, look again"
            );
        default:
            return thresholds_text(l, shown.notice);
    }
    return {};
}

std::string_view notice_kind(Notice notice) {
    switch (notice) {
        case Notice::acknowledged:
        case Notice::on_my_way:
        case Notice::passed_on:
        case Notice::activated:
        case Notice::declined:
        case Notice::thresholds:
            return "good";
        case Notice::too_late:
            return "plain";
        default:
            return "bad";
    }
}

std::string state_box(const Shown& shown) {
    const Language l = shown.language;
    switch (shown.standing) {
        case Standing::waiting:
            return box("", phrase(l, "尚无人认领", "Nobody has acknowledged yet"));
        case Standing::taken: {
            std::string out;
            for (const Said& said : shown.taken)
                out +=
                    box("good",
                        phrase(l, "{} 已认领({})", "Acknowledged by {} ({})", said.who, said.clock)
                    );
            return out;
        }
        case Standing::recovered:
            return box(
                "plain",
                phrase(
                    l, "指标已恢复,观察期中,无需认领", "Back to normal, watched; no answer needed"
                )
            );
        case Standing::closed:
            return box(
                "plain",
                phrase(l, "该处置步骤已办结,无需认领", "This step is closed; no answer needed")
            );
        case Standing::ended:
            return box(
                "plain",
                phrase(
                    l,
                    "事件已终止({} {})",
                    "The incident has ended ({}, {})",
                    shown.ended.who,
                    shown.ended.clock
                )
            );
        case Standing::unknown:
            return box(
                "bad",
                phrase(
                    l,
                    "此处没有该事件的记录;若系统刚重启,请稍后重新打开",
                    "This incident is not known here; after a restart, open the link again soon"
                )
            );
    }
    return {};
}

std::string set_for_a_while(const Shown& shown) {
    std::string out;
    for (const Said& said : shown.set)
        out +=
            box("plain",
                phrase(
                    shown.language,
                    "阈值已由 {} 临时调整,至 {} 自动恢复",
                    "Thresholds set for a while by {}, until {}",
                    said.who,
                    said.clock
                ));
    return out;
}

std::string card(const Shown& shown) {
    std::string out = fmt::format("<div class=\"card {}\">\n", plan::name_of(shown.level));
    const auto& content = shown.content;
    if (!content.title.empty()) {
        out += fmt::format("<h1>{}</h1>\n<ul>\n", escape_markup(content.title));
        for (const std::string& fact : wording::facts_below_title(content))
            out += fmt::format("<li>{}</li>\n", escape_markup(fact));
        return out + "</ul>\n</div>\n";  // its id is one of the facts
    }
    return out + fmt::format("<p class=\"id\">{}</p>\n</div>\n", escape_markup(shown.incident));
}

std::string button(std::string_view kind, std::string_view value, const std::string& text) {
    return fmt::format(
        "<button class=\"{}\" type=\"submit\" name=\"answer\" value=\"{}\">{}</button>\n",
        kind,
        value,
        escape_markup(text)
    );
}

/// Asked first, or started and to be confirmed.
std::string decision(const Shown& shown) {
    const Language l = shown.language;
    const bool started = shown.started;
    return button(
               "main",
               "activate",
               started ? phrase(l, "确认启动", "Confirm the activation")
                       : phrase(l, "启动", "Activate")
           ) +
           button(
               "",
               "decline",
               started ? phrase(l, "不予启动,撤回", "Decline and take it back")
                       : phrase(l, "不予启动", "Decline")
           );
}

std::string choice(std::string_view name, const auto& offered, int most) {
    std::string out = fmt::format("<select name=\"{}\">", name);
    for (const int each : offered)
        if (each <= most) out += fmt::format("<option value=\"{0}\">{0}</option>", each);
    return out + "</select>";
}

/// Folded away: nobody raises thresholds by a slip of the thumb.
std::string raising(const Shown& shown) {
    const Language l = shown.language;
    std::string out = fmt::format(
        "<details>\n<summary>{}</summary>\n<p class=\"row\">{} {} %, {} {} {}</p>\n",
        phrase(l, "临时上调阈值", "Raise the thresholds for a while"),
        phrase(l, "上调", "By"),
        choice("percent", percents_offered, 1000),
        phrase(l, "持续", "for"),
        choice("hold", hold_minutes_offered, static_cast<int>(shown.hold_most / 1min)),
        phrase(l, "分钟", "minutes")
    );
    out += fmt::format(
        "<p class=\"row\">{} <input name=\"why\" maxlength=\"150\"></p>\n",
        phrase(l, "原因:", "Reason:")
    );
    out += button(
        "other", "raise", phrase(l, "上调,到时自动恢复", "Raise; they come back by themselves")
    );
    return out + "</details>\n";
}

/// One form an answer that is typed: Enter presses the first button of its form.
std::string form_of(const Shown& shown, const std::string& buttons) {
    return fmt::format(
        "<form method=\"post\" action=\"?lang={}\" autocomplete=\"off\">\n"
        "<input type=\"hidden\" name=\"form\" value=\"{}\">\n"
        "<input type=\"hidden\" name=\"rise\" value=\"{}\">\n{}</form>\n",
        code_of(shown.language),
        escape_markup(shown.form),
        shown.rise,
        buttons
    );
}

std::string form(const Shown& shown) {
    if (shown.form.empty()) return {};
    const Language l = shown.language;
    std::string out;
    if (shown.may_decide) out += decision(shown);
    const bool also = shown.standing == Standing::taken;
    if (shown.may_acknowledge)
        out += button(
            shown.may_decide ? "" : "main",
            "acknowledge",
            also ? phrase(l, "我也认领", "Acknowledge too")
                 : phrase(l, "认领:我来处理", "Acknowledge: I have it")
        );
    if (shown.may_come) {
        out += fmt::format(
            "<p class=\"row\">{} <select name=\"minutes\">", phrase(l, "在路上,", "On my way,")
        );
        for (const int minutes : minutes_offered)
            out += fmt::format(
                "<option value=\"{0}\"{1}>{0}</option>", minutes, minutes == 15 ? " selected" : ""
            );
        out += fmt::format("</select> {}</p>\n", phrase(l, "分钟内到", "minutes"));
        out += button("", "on_my_way", phrase(l, "认领并告知在路上", "Acknowledge, on my way"));
    }
    if (shown.may_pass_on)
        out += button(
            "other", "pass_on", phrase(l, "无法处理,升级至下一级", "I cannot: page the next person")
        );
    std::string forms = out.empty() ? std::string{} : form_of(shown, out);
    if (shown.hold_most > Micros{0}) forms += form_of(shown, raising(shown));
    return forms;
}

std::string foot(const Shown& shown) {
    const Language l = shown.language;
    std::string out = "<p class=\"foot\">";
    if (!shown.form.empty())
        out += escape_markup(phrase(
                   l,
                   "呼叫对象:{}。打开本页不等于认领。",
                   "Paged: {}. Opening this page is not an acknowledgement.",
                   shown.person
               )) +
               " ";
    else if (shown.expired)
        out +=
            escape_markup(phrase(l, "链接已过期,仅显示状态。", "The link has expired: status only.")
            ) +
            " ";
    out += other_language(l);
    return out + "</p>\n";
}

}  // namespace

std::string render(const Shown& shown, std::string_view more) {
    std::string body;
    const std::string notice = notice_text(shown);
    if (!notice.empty()) body += box(notice_kind(shown.notice), notice);
    body += card(shown);
    body += state_box(shown);
    body += set_for_a_while(shown);
    body += form(shown);
    body += more;
    body += foot(shown);
    const std::string& title = shown.content.title.empty() ? shown.incident : shown.content.title;
    return document(code_of(shown.language), title, body);
}

std::string render_invalid() {
    return document(
        "zh-CN",
        "surged",
        box("bad", "链接无效。请从呼叫消息中重新打开。") +
            box("bad", "This link is not valid. Open it from the page you were sent.")
    );
}

}  // namespace surged::io::ack
