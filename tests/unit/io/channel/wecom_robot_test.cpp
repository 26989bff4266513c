#include "io/channel/wecom_robot/encode.hpp"
#include "io/channel/wecom_robot/send.hpp"
#include "robots.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

using namespace surged;
using namespace surged::io;
using delivery::Outcome;
using test::surge_page;

namespace {

std::string content(const std::string& body) {
    const auto parsed = boost::json::parse(body);
    const std::string kind{parsed.at("msgtype").as_string()};
    return std::string{parsed.at(kind).at("content").as_string()};
}

}  // namespace

TEST_CASE("wecom_robot: markdown with colour, facts, link, mention and number") {
    delivery::Page page = surge_page();
    page.to = "wangfang";
    const std::string body = wecom_robot::encode_body(page, "https://s.example/a/t", Form::rich);
    CHECK(
        content(body) ==
        "**<font color=\"warning\">【Ⅱ级】hz 售前电话 每坐席排队 0.36(阈值 0.35)</font>**\n"
        "> 已 2 分钟(16:33 起)\n> 排队 104 人,最长等待 1 分 52 秒\n> 首步:取消小休\n"
        "> P06-hz-20261123-2 平台客服应急\n[认领](https://s.example/a/t)\n<@wangfang>\n"
        "<font color=\"comment\">P06-hz-20261123-2#1.0.0</font>"
    );
    CHECK(body.find("\\u") == std::string::npos);
    CHECK(
        content(wecom_robot::encode_body(surge_page(), "", Form::rich)).find("](") ==
        std::string::npos
    );
}

TEST_CASE("wecom_robot: telephone numbers and everybody are called by text") {
    delivery::Page page = surge_page();
    page.to = "13800138000|wangfang";
    auto body = boost::json::parse(wecom_robot::encode_body(page, "https://l", Form::rich));
    CHECK(body.at("msgtype") == "text");
    CHECK(body.at_pointer("/text/mentioned_mobile_list/0") == "13800138000");
    CHECK(body.at_pointer("/text/mentioned_list/0") == "wangfang");
    page.to = "@all";
    body = boost::json::parse(wecom_robot::encode_body(page, "https://l", Form::rich));
    CHECK(body.at_pointer("/text/mentioned_list/0") == "@all");
}

TEST_CASE("wecom_robot: the longest page fits in bytes, with its link and number whole") {
    delivery::Page page = surge_page();
    for (int i = 0; i < 3000; ++i) page.content.text += "|队列";
    for (int i = 0; i < 3000; ++i) page.content.title += "长";
    const std::string& link = test::link_text();
    for (const Form form : {Form::rich, Form::plain}) {
        const std::string text = content(wecom_robot::encode_body(page, link, form));
        CHECK(text.size() <= (form == Form::rich ? 4096U : 2048U));
        CHECK(text.find(link) != std::string::npos);
        CHECK(text.find("P06-hz-20261123-2#1.0.0") != std::string::npos);
    }
}

TEST_CASE("wecom_robot: what each code means") {
    struct Row {
        int code;
        Outcome want;
    };
    const Row rows[] = {
        {0,     Outcome::accepted    },
        {45009, Outcome::rate_limited},
        {-1,    Outcome::retry       },
        {40058, Outcome::bad_message },
        {40008, Outcome::bad_message },
        {40033, Outcome::bad_message },
        {44004, Outcome::bad_message },
        {93000, Outcome::bad_channel },
        {93008, Outcome::bad_channel },
        {60020, Outcome::bad_channel },
        {12345, Outcome::retry       },
    };
    for (const Row& row : rows) {
        CAPTURE(row.code);
        const auto receipt = wecom_robot::judge(
            test::answer(fmt::format(R"({{"errcode":{},"errmsg":"said so"}})", row.code)),
            Wall{45'000'000},
            "k"
        );
        CHECK(receipt.outcome == row.want);
        if (row.code != 0) CHECK(receipt.detail == fmt::format("errcode {}: said so", row.code));
        if (row.code == 45009) CHECK(receipt.retry_after == Micros{15s});  // the minute's end
    }
    CHECK(wecom_robot::judge(test::answer("{}"), Wall{0}, "k").outcome == Outcome::retry);
    CHECK(
        wecom_robot::judge(test::answer(R"({"errcode":"0"})"), Wall{0}, "k").outcome ==
        Outcome::retry
    );
}

TEST_CASE("wecom_robot: a page arrives once, and the record says so") {
    test::WecomRobotFake fake{"k-3y"};
    auto options = test::robot_options(fake, "https://qyapi.weixin.qq.com/x/send?key=k-3y");
    const auto channel = wecom_robot::make_channel(options);
    const auto receipt = test::deliver(*channel, surge_page());
    CHECK(receipt.outcome == Outcome::accepted);
    CHECK(receipt.page == surge_page().id);
    CHECK(receipt.attempt == 1);
    REQUIRE(fake.delivered().size() == 1);
    CHECK(fake.delivered()[0].kind == "markdown");
    CHECK(fake.delivered()[0].link == test::link_text());
    CHECK(fake.delivered()[0].text.find("售前电话") != std::string::npos);
}

TEST_CASE("wecom_robot: a wrong key is the channel's fault, and is not told") {
    test::WecomRobotFake fake{"right"};
    const auto channel = wecom_robot::make_channel(test::robot_options(fake, "s3cret-key"));
    const auto receipt = test::deliver(*channel, surge_page());
    CHECK(receipt.outcome == Outcome::bad_channel);
    CHECK(receipt.detail == "errcode 93000: invalid webhook url, key ***");
}

TEST_CASE("wecom_robot: a message refused for its layout goes once more as plain text") {
    test::WecomRobotFake fake{"k"};
    fake.script({test::Play::json(R"({"errcode":40058,"errmsg":"markdown"})")});
    const auto channel = wecom_robot::make_channel(test::robot_options(fake, "k"));
    const auto receipt = test::deliver(*channel, surge_page());
    CHECK(receipt.outcome == Outcome::accepted);
    CHECK(receipt.detail == "as plain text: ok (before: errcode 40058: markdown)");
    REQUIRE(fake.delivered().size() == 1);
    CHECK(fake.delivered()[0].kind == "text");
    fake.script({
        test::Play::json(R"({"errcode":40058,"errmsg":"a"})"),
        test::Play::json(R"({"errcode":40058,"errmsg":"b"})"),
        test::Play::json(R"({"errcode":40058,"errmsg":"c"})"),
    });
    const std::size_t before = fake.requests().size();
    CHECK(test::deliver(*channel, surge_page()).outcome == Outcome::bad_message);
    CHECK(fake.requests().size() == before + 2);  // never a loop
}

TEST_CASE("wecom_robot: the twenty-first page of a minute waits here and not at the vendor") {
    test::WecomRobotFake fake{"k"};
    const auto channel = wecom_robot::make_channel(test::robot_options(fake, "k"));
    const std::vector<delivery::Page> pages(22, surge_page());
    const auto receipts = test::deliver_all(*channel, pages);
    CHECK(fake.delivered().size() == 20);
    CHECK(fake.requests().size() == 20);
    CHECK(receipts[20].outcome == Outcome::rate_limited);
    REQUIRE(receipts[21].retry_after.has_value());
    CHECK(*receipts[21].retry_after <= Micros{60s});
}
