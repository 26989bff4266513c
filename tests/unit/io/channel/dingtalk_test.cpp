#include "io/channel/dingtalk/encode.hpp"
#include "io/channel/dingtalk/send.hpp"
#include "robots.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

using namespace surged;
using namespace surged::io;
using delivery::Outcome;
using test::surge_page;

TEST_CASE("dingtalk: the signature is the vendor's") {
    CHECK(
        dingtalk::signature("SECtest0000", 1'700'000'000'000) ==
        "vnXGs3iLBrhWP5FlVeFaKWEXtHxmrew6anASiLXEfm0%3D"
    );
    const dingtalk::Credential locked{"t/k", "SECtest0000", ""};
    CHECK(
        dingtalk::encode_url("https://h", locked, Wall{1'700'000'000'000'000}) ==
        "https://h/robot/send?access_token=t%2Fk&timestamp=1700000000000"
        "&sign=vnXGs3iLBrhWP5FlVeFaKWEXtHxmrew6anASiLXEfm0%3D"
    );
    CHECK(
        dingtalk::encode_url("https://h", {"t", "", ""}, Wall{0}) ==
        "https://h/robot/send?access_token=t"
    );
}

TEST_CASE("dingtalk: a card with the link as its button, or markdown without one") {
    delivery::Page page = surge_page();
    page.to = "13800138000,staff-1";
    const std::string body = dingtalk::encode_body(page, "https://l/a/t", "", Form::rich);
    const auto card = boost::json::parse(body);
    CHECK(card.at("msgtype") == "actionCard");
    CHECK(card.at_pointer("/actionCard/title") == "【Ⅱ级】hz 售前电话 每坐席排队 0.36(阈值 0.35)");
    CHECK(card.at_pointer("/actionCard/btns/0/title") == "认领");
    CHECK(card.at_pointer("/actionCard/btns/0/actionURL") == "https://l/a/t");
    CHECK(card.at_pointer("/at/atMobiles/0") == "13800138000");
    CHECK(card.at_pointer("/at/atUserIds/0") == "staff-1");
    CHECK(card.at_pointer("/at/isAtAll") == false);
    const std::string text{card.at_pointer("/actionCard/text").as_string()};
    CHECK(text.starts_with("### 【Ⅱ级】hz"));
    CHECK(text.find("\n\n排队 104 人,最长等待 1 分 52 秒\n\n") != std::string::npos);
    CHECK(text.ends_with("P06-hz-20261123-2#1.0.0 @13800138000 @staff-1"));
    CHECK(body.find("\\u") == std::string::npos);
    const auto bare = boost::json::parse(dingtalk::encode_body(page, "", "", Form::rich));
    CHECK(bare.at("msgtype") == "markdown");
    page.to = "@all";
    CHECK(
        boost::json::parse(dingtalk::encode_body(page, "", "", Form::rich))
            .at_pointer("/at/isAtAll") == true
    );
}

TEST_CASE("dingtalk: the keyword is in every message, once") {
    for (const Form form : {Form::rich, Form::plain}) {
        const auto count = [&](const char* keyword) {
            const std::string body =
                dingtalk::encode_body(surge_page(), "https://l", keyword, form);
            std::size_t found = 0;
            for (auto at = body.find(keyword); at != std::string::npos;
                 at = body.find(keyword, at + 1))
                ++found;
            return found;
        };
        CHECK(count("值班告警") == 1);
        CHECK(count("首步") == 1);  // it is there already
    }
}

TEST_CASE("dingtalk: the longest page stays under the vendor's limit") {
    delivery::Page page = surge_page();
    for (int i = 0; i < 20'000; ++i) page.content.text += "|队\"";
    for (int i = 0; i < 3000; ++i) page.content.title += "长";
    for (const Form form : {Form::rich, Form::plain}) {
        const auto body = dingtalk::encode_body(page, test::link_text(), "k", form);
        CHECK(body.size() <= dingtalk::body_bytes_max);
        CHECK(body.find(test::link_text()) != std::string::npos);
    }
}

TEST_CASE("dingtalk: what each code means") {
    struct Row {
        const char* body;
        Outcome want;
        std::optional<Micros> after;
        const char* words;
    };
    const Row rows[] = {
        {R"({"errcode":0,"errmsg":"ok"})",                               Outcome::accepted,     {},    "ok"              },
        {R"({"errcode":130101,"errmsg":"x"})",                           Outcome::rate_limited, 10min, "130101"          },
        {R"({"errcode":410100,"errmsg":"x"})",                           Outcome::rate_limited, 10min, "410100"          },
        {R"({"errcode":-1,"errmsg":"busy"})",                            Outcome::retry,        {},    "busy"            },
        {R"({"errcode":310000,"errmsg":"关键词不匹配"})",                Outcome::bad_channel,  {},    "`keyword`"       },
        {R"({"errcode":310000,"errmsg":"keywords not in content"})",
         Outcome::bad_channel,
         {},
         "`keyword`"                                                                                                     },
        {R"({"errcode":310000,"errmsg":"sign not match"})",
         Outcome::bad_channel,
         {},
         "`secret_file`"                                                                                                 },
        {R"({"errcode":310000,"errmsg":"签名不匹配"})",                  Outcome::bad_channel,  {},    "`secret_file`"   },
        {R"({"errcode":310000,"errmsg":"ip 1.2.3.4 not in whitelist"})",
         Outcome::bad_channel,
         {},
         "addresses"                                                                                                     },
        {R"({"errcode":300001,"errmsg":"x"})",                           Outcome::bad_channel,  {},    "300001"          },
        {R"({"errcode":300005,"errmsg":"x"})",                           Outcome::bad_channel,  {},    "300005"          },
        {R"({"errcode":400101,"errmsg":"x"})",                           Outcome::bad_channel,  {},    "400101"          },
        {R"({"errcode":400013,"errmsg":"x"})",                           Outcome::bad_channel,  {},    "400013"          },
        {R"({"errcode":400102,"errmsg":"x"})",                           Outcome::bad_channel,  {},    "400102"          },
        {R"({"errcode":400106,"errmsg":"x"})",                           Outcome::bad_channel,  {},    "400106"          },
        {R"({"errcode":40035,"errmsg":"x"})",                            Outcome::bad_message,  {},    "40035"           },
        {R"({"errcode":43004,"errmsg":"x"})",                            Outcome::bad_message,  {},    "43004"           },
        {R"({"errcode":400105,"errmsg":"x"})",                           Outcome::bad_message,  {},    "400105"          },
        {R"({"errcode":460101,"errmsg":"x"})",                           Outcome::bad_message,  {},    "460101"          },
        {R"({"errcode":777,"errmsg":"new"})",                            Outcome::retry,        {},    "errcode 777: new"},
        {R"({"status":1111,"wait":5,"punish":"deny"})",                  Outcome::rate_limited, 5s,    "1111"            },
        {R"({"errcode":0,"status":1111,"wait":30})",                     Outcome::rate_limited, 30s,   "1111"            },
        {R"({"ok":true})",                                               Outcome::retry,        {},    "without errcode" },
    };
    for (const Row& row : rows) {
        CAPTURE(row.body);
        const auto receipt = dingtalk::judge(test::answer(row.body), Wall{0}, {"t", "s-3cret", ""});
        CHECK(receipt.outcome == row.want);
        CHECK(receipt.retry_after == row.after);
        CHECK(receipt.detail.find(row.words) != std::string::npos);
    }
}

TEST_CASE("dingtalk: a signed page with a keyword arrives once") {
    test::DingtalkFake fake{"t-0ken", "SECs3cret", "客服"};
    auto options =
        test::robot_options(fake, "https://oapi.dingtalk.com/robot/send?access_token=t-0ken");
    const auto channel = dingtalk::make_channel(options, "SECs3cret", "客服");
    const auto receipt = test::deliver(*channel, surge_page());
    CAPTURE(receipt.detail);
    CHECK(receipt.outcome == Outcome::accepted);
    REQUIRE(fake.delivered().size() == 1);
    CHECK(fake.delivered()[0].kind == "actionCard");
    CHECK(fake.delivered()[0].link == test::link_text());
}

TEST_CASE("dingtalk: a lock that refuses us is said in words, without the secret") {
    test::DingtalkFake fake{"t-0ken", "SECs3cret", "客服"};
    struct Row {
        const char *token, *secret, *keyword, *words;
    };
    const Row rows[] = {
        {"t-0ken", "SECwrong",  "客服", "its signature"},
        {"t-0ken", "SECs3cret", "",     "its keyword"  },
        {"wr-0ng", "SECs3cret", "客服", "300001"       },
    };
    for (const Row& row : rows) {
        CAPTURE(row.words);
        const auto channel =
            dingtalk::make_channel(test::robot_options(fake, row.token), row.secret, row.keyword);
        const auto receipt = test::deliver(*channel, surge_page());
        CHECK(receipt.outcome == (*row.keyword == '\0' ? Outcome::accepted : Outcome::bad_channel));
        if (*row.keyword != '\0') CHECK(receipt.detail.find(row.words) != std::string::npos);
        CHECK(receipt.detail.find(row.secret) == std::string::npos);
        CHECK(receipt.detail.find("wr-0ng") == std::string::npos);
    }
}

TEST_CASE("dingtalk: a clock an hour off is named as the likely cause") {
    test::DingtalkFake fake{"t", "SECs", ""};
    auto options = test::robot_options(fake, "t");
    options.clock = [] { return Wall{wall_now().us - 7'200'000'000}; };
    fake.script({});
    const auto channel = dingtalk::make_channel(options, "SECs", "");
    const auto receipt = test::deliver(*channel, surge_page());
    CHECK(receipt.outcome == Outcome::bad_channel);
    CHECK(fake.delivered().empty());
}

TEST_CASE("dingtalk: one page too many does not buy ten minutes of silence") {
    test::DingtalkFake fake{"t", "SECs", ""};
    const auto channel = dingtalk::make_channel(test::robot_options(fake, "t"), "SECs", "");
    const auto receipts =
        test::deliver_all(*channel, std::vector<delivery::Page>(30, surge_page()));
    CHECK(fake.delivered().size() == 20);
    CHECK(fake.requests().size() == 20);
    CHECK(receipts[29].outcome == Outcome::rate_limited);
}

TEST_CASE("dingtalk: once the vendor says too fast, ten minutes pass before it is asked again") {
    test::DingtalkFake fake{"t", "", ""};
    Micros now{0};
    auto options = test::robot_options(fake, "t");
    options.steady = [&] { return now; };
    const auto channel = dingtalk::make_channel(options, "", "");
    fake.script({test::Play::json(R"({"errcode":130101,"errmsg":"send too fast"})")});
    CHECK(test::deliver(*channel, surge_page()).retry_after == Micros{10min});
    now += 4min;
    CHECK(test::deliver(*channel, surge_page()).retry_after == Micros{6min});
    CHECK(fake.requests().size() == 1);
    now += 6min;
    CHECK(test::deliver(*channel, surge_page()).outcome == Outcome::accepted);
}
