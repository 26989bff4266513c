#include "io/ack/page.hpp"

#include <doctest/doctest.h>
#include <string>

using namespace surged;
using namespace surged::io::ack;

namespace {

Shown shown() {
    Shown out;
    out.standing = Standing::waiting;
    out.incident = "P06-hz-20261123-2";
    out.person = "王芳";
    out.content.title = "【Ⅱ级】hz 售前电话 每坐席排队 0.36(阈值 0.35)";
    out.content.text =
        out.content.title + "已 2 分钟(16:33 起)|排队 104 人|首步:取消小休|P06-hz-20261123-2";
    out.level = plan::Level::II;
    out.rise = 3;
    out.form = "123.abc";
    out.may_acknowledge = out.may_come = out.may_pass_on = true;
    return out;
}

bool has(const std::string& html, std::string_view text) {
    return html.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("ack: the page says what, where, since when, and that nobody has it") {
    const std::string html = render(shown());
    for (const char* text :
         {"<html lang=\"zh-CN\">",
          "width=device-width",
          "class=\"card II\"",
          "<h1>【Ⅱ级】hz 售前电话 每坐席排队 0.36(阈值 0.35)</h1>",
          "<li>已 2 分钟(16:33 起)</li>",
          "<li>排队 104 人</li>",
          "P06-hz-20261123-2",
          "尚无人认领",
          "认领:我来处理",
          "无法处理,升级至下一级",
          "呼叫对象:王芳。打开本页不等于认领。",
          "href=\"?lang=en\"",
          "name=\"form\" value=\"123.abc\"",
          "name=\"rise\" value=\"3\"",
          "method=\"post\""}) {
        CAPTURE(text);
        CHECK(has(html, text));
    }
    Shown english = shown();
    english.language = plan::Language::en;
    for (const char* text :
         {"<html lang=\"en\">",
          "Nobody has acknowledged yet",
          "Acknowledge: I have it",
          "I cannot: page the next person",
          "Paged: 王芳.",
          "href=\"?lang=zh-CN\"",
          ">中文<"}) {
        CAPTURE(text);
        CHECK(has(render(english), text));
    }
}

TEST_CASE("ack: the page needs no script and fetches nothing") {
    const std::string html = render(shown());
    for (const char* text :
         {"<script",
          "onload",
          "onclick",
          "http://",
          "https://",
          "src=",
          "@import",
          "url(",
          "autofocus"}) {
        CAPTURE(text);
        CHECK_FALSE(has(html, text));
    }
    CHECK(has(html, "noindex"));
    CHECK(html.size() < 8000);
}

TEST_CASE("ack: what is over or expired has no form") {
    Shown over = shown();
    over.form.clear();
    over.expired = true;
    CHECK_FALSE(has(render(over), "<form"));
    CHECK_FALSE(has(render(over), "<button"));
    CHECK(has(render(over), "链接已过期,仅显示状态。"));
    over.expired = false;
    over.standing = Standing::ended;
    over.ended = {"李伟", "2026-11-23 17:02:00"};
    CHECK(has(render(over), "事件已终止(李伟 2026-11-23 17:02:00)"));
    over.standing = Standing::recovered;
    CHECK(has(render(over), "指标已恢复,观察期中,无需认领"));
    over.standing = Standing::closed;
    CHECK(has(render(over), "该处置步骤已办结,无需认领"));
    over.standing = Standing::unknown;
    over.content = {};
    CHECK(has(render(over), "此处没有该事件的记录"));
}

TEST_CASE("ack: who has it is told, and another may join him") {
    Shown taken = shown();
    taken.standing = Standing::taken;
    taken.taken = {
        {"王芳", "2026-11-23 16:35:19"},
        {"李伟", "2026-11-23 16:36:00"}
    };
    taken.may_pass_on = false;
    const std::string html = render(taken);
    CHECK(has(html, "王芳 已认领(2026-11-23 16:35:19)"));
    CHECK(has(html, "李伟 已认领(2026-11-23 16:36:00)"));
    CHECK(has(html, "我也认领"));
    CHECK_FALSE(has(html, "pass_on"));
    CHECK_FALSE(has(html, "尚无人认领"));
}

TEST_CASE("ack: whose team is asked sees the decision first") {
    Shown asked = shown();
    CHECK_FALSE(has(render(asked), "value=\"activate\""));
    asked.may_decide = true;
    CHECK(has(render(asked), "value=\"activate\">启动<"));
    CHECK(has(render(asked), "value=\"decline\">不予启动<"));
    CHECK(has(render(asked), "class=\"\" type=\"submit\" name=\"answer\" value=\"acknowledge\""));
    asked.started = true;
    CHECK(has(render(asked), "确认启动"));
    asked.language = plan::Language::en;
    CHECK(has(render(asked), "Confirm the activation"));
}

TEST_CASE(
    "ack: thresholds can be raised only where the site lets a link do it, in a form of its own"
) {
    CHECK_FALSE(has(render(shown()), "临时上调阈值"));
    Shown may = shown();
    may.hold_most = 1h;
    const std::string html = render(may);
    for (const char* text :
         {"临时上调阈值",
          "<option value=\"20\">20</option>",
          "<option value=\"60\">60</option>",
          "原因:",
          "name=\"answer\" value=\"raise\""}) {
        CAPTURE(text);
        CHECK(has(html, text));
    }
    CHECK_FALSE(has(html, "<option value=\"120\">"));
    CHECK(html.find("value=\"raise\"") > html.rfind("<form "));
    CHECK(html.find("value=\"acknowledge\"") < html.rfind("<form "));
    may.language = plan::Language::en;
    CHECK(has(render(may), "Raise the thresholds for a while"));
}

TEST_CASE("ack: names from outside stay text") {
    Shown evil = shown();
    evil.content.title = "<script>alert(1)</script>";
    evil.content.text = evil.content.title + " \"'&<img src=x onerror=y>";
    evil.person = "<b>";
    evil.incident = "\"><i>";
    const std::string html = render(evil);
    for (const char* text : {"<script", "<img", "<b>", "<i>"}) {
        CAPTURE(text);
        CHECK_FALSE(has(html, text));
    }
    CHECK(has(html, "&quot;&#39;&amp;&lt;img"));
}

TEST_CASE("ack: each thing that can come of an answer has its words in both languages") {
    for (int i = static_cast<int>(Notice::acknowledged); i <= static_cast<int>(Notice::unsaved);
         ++i) {
        Shown zh = shown();
        zh.notice = static_cast<Notice>(i);
        zh.content = {};
        Shown en = zh;
        en.language = plan::Language::en;
        Shown none = zh;
        none.notice = Notice::none;
        CAPTURE(i);
        CHECK(render(zh).size() > render(none).size());
        CHECK(render(zh) != render(en));
        CHECK(render(zh).find("<p class=\"state") < render(zh).find("<div class=\"card"));
    }
    CHECK(has(render_invalid(), "链接无效"));
    CHECK(has(render_invalid(), "not valid"));
}
