#include "io/channel/feishu/encode.hpp"
#include "io/channel/feishu/send.hpp"
#include "robots.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

using namespace surged;
using namespace surged::io;
using delivery::Outcome;
using test::surge_page;

TEST_CASE("feishu: the signature is the vendor's, in the body") {
    CHECK(
        feishu::signature("test0000", 1'700'000'000) ==
        "RvFU09uBsU5SIOC8S2Ww3ywszT7zNWJ0KaZUZW9amkI="
    );
    const auto body = boost::json::parse(feishu::encode_body(
        surge_page(), "", {"t", "test0000", ""}, Wall{1'700'000'000'000'000}, Form::rich
    ));
    CHECK(body.at("timestamp") == "1700000000");
    CHECK(body.at("sign") == "RvFU09uBsU5SIOC8S2Ww3ywszT7zNWJ0KaZUZW9amkI=");
    CHECK_FALSE(boost::json::parse(
                    feishu::encode_body(surge_page(), "", {"t", "", ""}, Wall{0}, Form::rich)
    )
                    .as_object()
                    .contains("sign"));
    CHECK(feishu::encode_url("https://h", "t-1") == "https://h/open-apis/bot/v2/hook/t-1");
}

TEST_CASE("feishu: a card with the level's colour, the facts and the button") {
    delivery::Page page = surge_page();
    page.to = "ou_1";
    const std::string text =
        feishu::encode_body(page, "https://l/a/t", {"t", "", ""}, Wall{0}, Form::rich);
    const auto body = boost::json::parse(text);
    CHECK(body.at("msg_type") == "interactive");
    CHECK(body.at_pointer("/card/header/template") == "orange");
    CHECK(body.at_pointer("/card/header/title/content") == page.content.title.c_str());
    CHECK(
        body.at_pointer("/card/elements/0/text/content") ==
        "已 2 分钟(16:33 起)\n排队 104 人,最长等待 1 分 52 秒\n首步:取消小休\n"
        "P06-hz-20261123-2 平台客服应急\n<at id=\"ou_1\"></at>"
    );
    CHECK(body.at_pointer("/card/elements/1/actions/0/url") == "https://l/a/t");
    CHECK(body.at_pointer("/card/elements/1/actions/0/text/content") == "认领");
    CHECK(body.at_pointer("/card/elements/2/elements/0/content") == "P06-hz-20261123-2#1.0.0");
    CHECK(text.find("\\u") == std::string::npos);
    const std::pair<plan::Level, const char*> colours[] = {
        {plan::Level::I,   "red"   },
        {plan::Level::III, "yellow"},
        {plan::Level::IV,  "blue"  },
    };
    for (const auto& [level, colour] : colours) {
        page.content.level = level;
        const auto card =
            boost::json::parse(feishu::encode_body(page, "", {"t", "", ""}, Wall{0}, Form::rich));
        CHECK(card.at_pointer("/card/header/template") == colour);
    }
}

TEST_CASE("feishu: a queue's name calls nobody") {
    delivery::Page page = surge_page();
    page.content.title = "<at user_id=\"all\">x</at>";
    page.content.text = page.content.title + "|<at id=all></at>";
    for (const Form form : {Form::rich, Form::plain})
        CHECK(
            feishu::encode_body(page, "", {"t", "", ""}, Wall{0}, form).find("<at") ==
            std::string::npos
        );
}

TEST_CASE("feishu: the longest page stays under the vendor's limit") {
    delivery::Page page = surge_page();
    for (int i = 0; i < 20'000; ++i) page.content.text += "|队\"";
    for (int i = 0; i < 3000; ++i) page.content.title += "长";
    for (const Form form : {Form::rich, Form::plain}) {
        const auto body =
            feishu::encode_body(page, test::link_text(), {"t", "s", "k"}, Wall{0}, form);
        CHECK(body.size() <= feishu::body_bytes_max);
        CHECK(body.find(test::link_text()) != std::string::npos);
    }
}

TEST_CASE("feishu: what each code means") {
    struct Row {
        int code;
        Outcome want;
        const char* words;
    };
    const Row rows[] = {
        {0,        Outcome::accepted,     "ok"            },
        {11232,    Outcome::rate_limited, "11232"         },
        {99991400, Outcome::rate_limited, "99991400"      },
        {9499,     Outcome::bad_message,  "9499"          },
        {19002,    Outcome::bad_message,  "19002"         },
        {19001,    Outcome::bad_channel,  "19001"         },
        {19021,    Outcome::bad_channel,  "`secret_file`" },
        {19022,    Outcome::bad_channel,  "addresses"     },
        {19024,    Outcome::bad_channel,  "`keyword`"     },
        {424242,   Outcome::retry,        "code 424242: x"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.code);
        const auto receipt = feishu::judge(
            test::answer(fmt::format(R"({{"code":{},"msg":"x"}})", row.code)),
            Wall{0},
            {"t", "", ""}
        );
        CHECK(receipt.outcome == row.want);
        CHECK(receipt.detail.find(row.words) != std::string::npos);
    }
    CHECK(
        feishu::judge(test::answer(R"({"StatusCode":0})"), Wall{0}, {"t", "", ""}).outcome ==
        Outcome::retry
    );
    // Some of its failures come with 400: the body still says which.
    CHECK(
        feishu::judge(test::answer(R"({"code":9499,"msg":"x"})", 400), Wall{0}, {"t", "", ""})
            .outcome == Outcome::bad_message
    );
}

TEST_CASE("feishu: a signed card with a keyword arrives once") {
    test::FeishuFake fake{"t-0ken", "s3cret", "值班"};
    const auto channel = feishu::make_channel(
        test::robot_options(fake, "https://open.feishu.cn/open-apis/bot/v2/hook/t-0ken"),
        "s3cret",
        "值班"
    );
    const auto receipt = test::deliver(*channel, surge_page());
    CAPTURE(receipt.detail);
    CHECK(receipt.outcome == Outcome::accepted);
    REQUIRE(fake.delivered().size() == 1);
    CHECK(fake.delivered()[0].kind == "interactive");
    CHECK(fake.delivered()[0].link == test::link_text());
    fake.script({test::Play::json(R"({"code":9499,"msg":"card"})")});
    CHECK(test::deliver(*channel, surge_page()).outcome == Outcome::accepted);
    CHECK(fake.delivered().back().kind == "text");
    CHECK(fake.delivered().back().text.find("值班") != std::string::npos);
}

TEST_CASE("feishu: a refused signature or token is told without either") {
    test::FeishuFake fake{"t-0ken", "s3cret", ""};
    const auto wrong_secret =
        feishu::make_channel(test::robot_options(fake, "t-0ken"), "wr0ng", "");
    auto receipt = test::deliver(*wrong_secret, surge_page());
    CHECK(receipt.outcome == Outcome::bad_channel);
    CHECK(receipt.detail.starts_with("code 19021"));
    const auto wrong_token =
        feishu::make_channel(test::robot_options(fake, "wr0ng-token"), "s3cret", "");
    receipt = test::deliver(*wrong_token, surge_page());
    CHECK(receipt.outcome == Outcome::bad_channel);
    CHECK(receipt.detail.ends_with("access token ***"));
}
