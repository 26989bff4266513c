#include "io/channel/wecom_app/send.hpp"
#include "robots.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

using namespace surged;
using namespace surged::io;
using delivery::Outcome;

namespace {

constexpr std::int64_t agent = 1'000'002;

delivery::Page page_to(std::string to) {
    delivery::Page page = test::surge_page();
    page.content.created = wall_now();
    page.to = std::move(to);
    return page;
}

struct Bench {
    test::WecomAppFake fake{
        "ww1", "s3cret", {"wangfang", "liwei"}
    };
    wecom_app::WecomApp channel{test::robot_options(fake, "s3cret"), "ww1", agent};

    std::size_t asked(const std::string& path) const {
        const auto all = fake.requests();
        return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const auto& r) {
            return r.path == path;
        }));
    }
    std::size_t tokens() const { return asked("/cgi-bin/gettoken"); }
};

}  // namespace

TEST_CASE("wecom_app: one token serves all that come, even at once") {
    Bench b;
    const auto receipts =
        test::deliver_all(b.channel, std::vector<delivery::Page>(5, page_to("wangfang")));
    for (const auto& receipt : receipts) CHECK(receipt.outcome == Outcome::accepted);
    CHECK(b.tokens() == 1);
    CHECK(test::deliver(b.channel, page_to("liwei")).outcome == Outcome::accepted);
    CHECK(b.tokens() == 1);
}

TEST_CASE("wecom_app: the message has title, facts, number and the link as an anchor") {
    Bench b;
    const auto receipt = test::deliver(b.channel, page_to("wangfang"));
    CHECK(receipt.detail.starts_with("msgid m-"));
    REQUIRE(b.fake.delivered().size() == 1);
    const test::Delivered got = b.fake.delivered().front();
    CHECK(got.text.starts_with("【Ⅱ级】hz 售前电话 每坐席排队 0.36(阈值 0.35)\n已 2 分钟"));
    CHECK(got.text.find("\nP06-hz-20261123-2#1.0.0\n") != std::string::npos);
    CHECK(got.link == test::link_text());
    const auto body = boost::json::parse(got.body);
    CHECK(body.at("touser") == "wangfang");
    CHECK(body.at("enable_duplicate_check") == 1);
    CHECK(body.at("duplicate_check_interval") == 1800);
    CHECK(got.body.find("\\u") == std::string::npos);
}

TEST_CASE("wecom_app: a token that is refused is renewed once and the message sent again") {
    for (const int code : {40014, 42001}) {
        CAPTURE(code);
        Bench b;
        CHECK(test::deliver(b.channel, page_to("wangfang")).outcome == Outcome::accepted);
        b.fake.refuse_tokens(code);
        auto page = page_to("liwei");
        CHECK(test::deliver(b.channel, page).outcome == Outcome::accepted);
        CHECK(b.tokens() == 2);
        CHECK(b.fake.delivered().size() == 2);
        const std::string refusal = fmt::format(R"({{"errcode":{},"errmsg":"no"}})", code);
        b.fake.script({
            test::Play::json(refusal),
            test::Play::json(R"({"errcode":0,"access_token":"new","expires_in":7200})"),
            test::Play::json(refusal),
        });
        const std::size_t before = b.fake.requests().size();
        CHECK(test::deliver(b.channel, page_to("wangfang")).outcome == Outcome::bad_channel);
        CHECK(b.fake.requests().size() == before + 3);  // not again and again
    }
}

TEST_CASE("wecom_app: a token is renewed five minutes before its end") {
    test::WecomAppFake fake{"ww1", "s3cret", {"wangfang"}};
    Micros now{0};
    auto options = test::robot_options(fake, "s3cret");
    options.steady = [&] { return now; };
    wecom_app::WecomApp channel{options, "ww1", agent};
    const auto asked = [&] {
        CHECK(test::deliver(channel, page_to("wangfang")).outcome == Outcome::accepted);
        return fake.requests().size();
    };
    CHECK(asked() == 2);
    now += 114min;
    CHECK(asked() == 3);
    now += 2min;
    CHECK(asked() == 5);
}

TEST_CASE("wecom_app: who is not reached is named, and is not counted as reached") {
    Bench b;
    const auto some = test::deliver(b.channel, page_to("wangfang|nobody"));
    CHECK(some.outcome == Outcome::accepted);
    CHECK(some.detail == "not reached: nobody");
    const auto none = test::deliver(b.channel, page_to("nobody"));
    CHECK(none.outcome == Outcome::bad_message);
    CHECK(none.detail.starts_with("errcode 81013"));
    CHECK(b.asked("/cgi-bin/message/send") == 2);  // plain text would reach nobody either
    const auto page = page_to("wangfang");
    const auto judged = wecom_app::judge(
        test::answer(R"({"errcode":0,"invaliduser":"","unlicenseduser":"wangfang"})"),
        Wall{0},
        {},
        page
    );
    CHECK(judged.receipt.outcome == Outcome::bad_message);
    CHECK(test::deliver(b.channel, page_to("")).outcome == Outcome::bad_message);
}

TEST_CASE("wecom_app: a repeat within the half hour is the same text, so it arrives once") {
    Bench b;
    auto page = page_to("wangfang");
    CHECK(test::deliver(b.channel, page).outcome == Outcome::accepted);
    page.attempts = 2;
    page.possible_repeat = true;
    CHECK(test::deliver(b.channel, page).outcome == Outcome::accepted);
    CHECK(b.fake.delivered().size() == 1);
    page.content.created.us -= 1'900'000'000;  // the vendor no longer knows: say it
    CHECK(test::deliver(b.channel, page).outcome == Outcome::accepted);
    REQUIRE(b.fake.delivered().size() == 2);
    CHECK(b.fake.delivered()[1].text.starts_with("【可能重复】"));
}

TEST_CASE("wecom_app: a wrong secret or company is the channel's fault, and is not told") {
    test::WecomAppFake fake{"ww1", "s3cret", {"wangfang"}};
    wecom_app::WecomApp wrong{test::robot_options(fake, "wr0ng-secret"), "ww1", agent};
    const auto receipt = test::deliver(wrong, page_to("wangfang"));
    CHECK(receipt.outcome == Outcome::bad_channel);
    CHECK(receipt.detail == "gettoken: errcode 40001: invalid credential ***");
    wecom_app::WecomApp other{test::robot_options(fake, "s3cret"), "ww2", agent};
    CHECK(test::deliver(other, page_to("wangfang")).detail.starts_with("gettoken: errcode 40013"));
    CHECK(fake.delivered().empty());
}

TEST_CASE("wecom_app: without a token nothing has gone out, so it is only tried again") {
    Bench b;
    using test::Play;
    for (const Play& play :
         {Play::hang(),
          Play::reset(),
          Play::half(),
          Play::html(),
          Play::json(R"({"errcode":0,"acc)"),
          Play::json("{}"),
          Play::status(502)}) {
        b.fake.script({play});
        const auto receipt = test::deliver(b.channel, page_to("wangfang"));
        CHECK(receipt.outcome == Outcome::retry);
        CHECK(receipt.detail.starts_with("gettoken: "));
    }
    CHECK(b.fake.delivered().empty());
}

TEST_CASE("wecom_app: what each code of a message means") {
    struct Row {
        int code;
        Outcome want;
    };
    const Row rows[] = {
        {45009,  Outcome::rate_limited},
        {-1,     Outcome::retry       },
        {81013,  Outcome::bad_message },
        {40058,  Outcome::bad_message },
        {40033,  Outcome::bad_message },
        {40008,  Outcome::bad_message },
        {60020,  Outcome::bad_channel },
        {40056,  Outcome::bad_channel },
        {301002, Outcome::bad_channel },
        {99999,  Outcome::retry       },
    };
    for (const Row& row : rows) {
        CAPTURE(row.code);
        const auto judged = wecom_app::judge(
            test::answer(fmt::format(R"({{"errcode":{},"errmsg":"t0ken-x"}})", row.code)),
            Wall{0},
            {"ww1", "s", "t0ken-x"},
            page_to("wangfang")
        );
        CHECK(judged.receipt.outcome == row.want);
        CHECK(judged.receipt.detail == fmt::format("errcode {}: ***", row.code));
        CHECK_FALSE(judged.token_refused);
    }
}

TEST_CASE("wecom_app: one member gets no more than the vendor delivers in a minute") {
    Bench b;
    std::vector<delivery::Page> pages;
    for (int i = 0; i < 32; ++i) {
        pages.push_back(page_to("wangfang"));
        pages.back().round = static_cast<std::uint32_t>(i);
    }
    pages.push_back(page_to("liwei"));
    const auto receipts = test::deliver_all(b.channel, pages);
    CHECK(b.fake.delivered().size() == 31);
    CHECK(receipts[31].outcome == Outcome::rate_limited);
    CHECK(receipts[32].outcome == Outcome::accepted);
}
