#include "io/channel/smtp/encode.hpp"
#include "io/channel/smtp/mime.hpp"
#include "io/crypto.hpp"
#include "support/peer_process.hpp"
#include "support/surge_page.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

using namespace surged;
using namespace surged::io;

namespace {

smtp::Frame frame() {
    smtp::Frame out;
    out.from = {"呼叫中心告警", "surged@example.org"};
    out.to = {"wang@example.org"};
    out.link = "https://surged.example/a/token?x=1&y=2";
    return out;
}

/// What another MIME reader makes of a message.
boost::json::object read_by_python(const std::string& message) {
    static const std::string script = R"(
import email, email.policy, json, sys
m = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
parts = [p for p in m.iter_parts()]
json.dump({
  "defects": len(m.defects) + sum(len(p.defects) for p in parts),
  "headers": {k.lower(): str(v) for k, v in m.items()},
  "names": [k for k in m.keys()],
  "types": [p.get_content_type() for p in parts],
  "text": parts[0].get_content() if parts else "",
  "html": parts[1].get_content() if len(parts) > 1 else ""}, sys.stdout)
)";
    const auto ran = test::run_program({"/usr/bin/python3", "-c", script}, message);
    REQUIRE_MESSAGE(ran.status == 0, ran.output);
    return boost::json::parse(ran.output).as_object();
}

std::string header(const boost::json::object& mail, const char* name) {
    const auto* found = mail.at("headers").as_object().if_contains(name);
    return found == nullptr ? "" : std::string{found->as_string()};
}

bool lines_are_sound(const std::string& message) {
    for (std::size_t from = 0; from < message.size();) {
        const auto end = message.find('\n', from);
        if (end == std::string::npos || end == 0 || message[end - 1] != '\r') return false;
        if (end - from > 79) return false;
        from = end + 1;
    }
    return true;
}

}  // namespace

TEST_CASE("smtp: a subject is words of RFC 2047, split between characters") {
    CHECK(smtp::text_header("Subject", "all is well") == "Subject: all is well\r\n");
    CHECK(smtp::text_header("Subject", "=?x") == "Subject: =?UTF-8?B?PT94?=\r\n");
    CHECK(smtp::text_header("Subject", "排队") == "Subject: =?UTF-8?B?5o6S6Zif?=\r\n");
    std::string text;
    for (int i = 0; i < 60; ++i) text += "排队a";
    const std::string folded = smtp::text_header("Subject", text);
    std::string back;
    for (std::size_t at = 9; at < folded.size();) {
        const auto end = folded.find("\r\n", at);
        const std::string word = folded.substr(at, end - at);
        CHECK(word.size() <= 75);
        CHECK(end - folded.rfind('\n', at) <= 77);  // 76 and the line break before it
        REQUIRE(word.starts_with("=?UTF-8?B?"));
        const auto bytes = crypto::from_base64(word.substr(10, word.size() - 12));
        REQUIRE(bytes.has_value());
        CHECK((static_cast<unsigned char>(bytes->front()) & 0xC0) != 0x80);  // a whole character
        back += *bytes;
        at = end + 3;
    }
    CHECK(back == text);
}

TEST_CASE("smtp: bodies in both encodings, dots and dates") {
    struct Row {
        const char *text, *want;
    };
    const Row rows[] = {
        {"plain",               "plain\r\n"           },
        {"a=b\ntail ",          "a=3Db\r\ntail=20\r\n"},
        {"\xE6\x8E\x92 x\r\n.", "=E6=8E=92 x\r\n.\r\n"},
        {"tab\t\n",             "tab=09\r\n"          },
    };
    for (const Row& row : rows) CHECK(smtp::quoted_printable(row.text) == row.want);
    const std::string wide = smtp::quoted_printable(std::string(200, 'x'));
    CHECK(wide.find(std::string(75, 'x') + "=\r\n") == 0);
    CHECK(smtp::base64_body(std::string(60, '\0')).substr(0, 78) == std::string(76, 'A') + "\r\n");
    CHECK(smtp::data_of("a\r\n.b\r\n..\r\n") == "a\r\n..b\r\n...\r\n.\r\n");
    CHECK(smtp::data_of("no end") == "no end\r\n.\r\n");
    CHECK(smtp::date_of(Wall{1'795'451'719'360'044}) == "Mon, 23 Nov 2026 16:35:19 +0000");
    CHECK(smtp::date_of(Wall{0}) == "Thu, 01 Jan 1970 00:00:00 +0000");
}

TEST_CASE("smtp: addresses of a contact") {
    CHECK(smtp::recipients_of("a@x.org") == std::vector<std::string>{"a@x.org"});
    CHECK(
        smtp::recipients_of("a@x.org, b@x.org;a@x.org") ==
        std::vector<std::string>{"a@x.org", "b@x.org"}
    );
    CHECK(smtp::recipients_of("王@例子.中国").size() == 1);
    for (const char* wrong :
         {"",
          "wang",
          "@x.org",
          "a@",
          "a@b@c",
          "a@x.org>\r\nRCPT TO:<b@y.org",
          "<a@x.org>",
          "a@x.org,wang",
          "a@.org"}) {
        CAPTURE(wrong);
        CHECK(smtp::recipients_of(wrong).empty());
    }
}

TEST_CASE("smtp: another reader finds the page in the mail") {
    const auto page = test::a_page();
    const std::string message = smtp::encode_message(page, frame());
    CHECK(lines_are_sound(message));
    CHECK(message == smtp::encode_message(page, frame()));  // the same in every attempt
    const auto mail = read_by_python(message);
    CHECK(mail.at("defects").to_number<int>() == 0);
    CHECK(
        header(mail, "subject") == "[Ⅱ级 hz 售前电话 每坐席排队 0.36(阈值 0.35)] P06-hz-20261123-2"
    );
    CHECK(header(mail, "from") == "呼叫中心告警 <surged@example.org>");
    CHECK(header(mail, "to") == "wang@example.org");
    CHECK(header(mail, "date") == "Mon, 23 Nov 2026 16:35:19 +0000");
    CHECK(header(mail, "message-id") == "<inc-P06-hz-20261123-2.1.0.0.wang.mail@example.org>");
    CHECK(header(mail, "in-reply-to").empty());
    CHECK(header(mail, "auto-submitted") == "auto-generated");
    CHECK(header(mail, "importance") == "high");
    CHECK(mail.at("types") == boost::json::parse(R"(["text/plain","text/html"])"));
    const std::string text{mail.at("text").as_string()};
    for (const char* said :
         {"【Ⅱ级】hz 售前电话 每坐席排队 0.36(阈值 0.35)\n",
          "\n排队 104 人,最长等待 1 分 52 秒\n",
          "\n首步:取消小休\n",
          "\n认领:https://surged.example/a/token?x=1&y=2\n",
          "打开邮件不是认领"})
        CHECK_MESSAGE(text.find(said) != std::string::npos, said, " in ", text);
    const std::string html{mail.at("html").as_string()};
    for (const char* said :
         {"width=device-width",
          "background:#bf4400",
          "href=\"https://surged.example/a/token?x=1&amp;y=2\"",
          ">认领</a>",
          ">0.36</span>",
          "font-weight:bold\">首步:取消小休</td>"})
        CHECK_MESSAGE(html.find(said) != std::string::npos, said, " in ", html);
}

TEST_CASE("smtp: mails of one incident are one thread, whose root is the first") {
    auto later = test::a_page();
    later.id = "P06-hz-20261123-2.2.0.0.wang.mail";
    auto of = frame();
    of.root = "P06-hz-20261123-2.1.0.0.王.mail";
    const auto mail = read_by_python(smtp::encode_message(later, of));
    const char* root = "<inc-P06-hz-20261123-2.1.0.0.=E7=8E=8B.mail@example.org>";
    CHECK(header(mail, "in-reply-to") == root);
    CHECK(header(mail, "references") == root);
    CHECK(header(mail, "message-id") != root);
    of.root = later.id;
    CHECK(header(read_by_python(smtp::encode_message(later, of)), "in-reply-to").empty());
}

TEST_CASE("smtp: English, a repeat, a drill; without link or figure") {
    auto page = test::a_page();
    page.content.language = plan::Language::en;
    page.content.title = "[DRILL] [level II] hz sales: waiting per agent 0.36 (threshold 0.35)";
    page.content.text = page.content.title + " for 2 min | 104 waiting | first step: no breaks";
    page.content.drill = true;
    page.possible_repeat = true;
    auto of = frame();
    of.link.clear();
    const auto mail = read_by_python(smtp::encode_message(page, of));
    CHECK(
        header(mail, "subject") ==
        "[DRILL] [possible repeat level II hz sales: waiting per agent 0.36 (threshold 0.35)] "
        "P06-hz-20261123-2"
    );
    const std::string html{mail.at("html").as_string()};
    CHECK(html.find("href") == std::string::npos);
    CHECK(html.find("threshold 0.35</span>") != std::string::npos);
    CHECK(html.find("Sent by surged.") != std::string::npos);
    const std::string text{mail.at("text").as_string()};
    CHECK(text.starts_with("[possible repeat] [DRILL]"));
    page.content.value.clear();
    page.content.level = plan::Level::none;
    CHECK(smtp::html_of(page, "").find("font-size:34px") == std::string::npos);
}

TEST_CASE("smtp: nothing that comes from outside begins a header, a part or a tag") {
    auto page = test::a_page();
    page.id = "P06\r\nBcc: a@x.org\r\n.<";
    page.incident = page.content.incident = "P06\r\nBcc: b@x.org";
    page.content.title = "q\r\nBcc: c@x.org\r\n\r\n--=_surged_<script>alert(1)</script>";
    page.content.text = page.content.title + "\r\n.\r\nMAIL FROM:<evil@x.org>\r\n";
    page.content.value = "<b>\"";
    auto of = frame();
    of.from.name = "x\r\nBcc: d@x.org";
    of.link = "https://x/\"><script>";
    of.root = "other\r\nBcc: e@x.org";
    const std::string message = smtp::encode_message(page, of);
    CHECK(lines_are_sound(message));
    const auto mail = read_by_python(message);
    CHECK(header(mail, "bcc").empty());
    CHECK(mail.at("names").as_array().size() == 11);
    CHECK(mail.at("types").as_array().size() == 2);
    CHECK(mail.at("html").as_string().find("<script>") == std::string_view::npos);
    // In DATA there is one end, at the end.
    const std::string data = smtp::data_of(message);
    CHECK(data.find("\r\n.\r\n") == data.size() - 5);
}
