// What every channel of a vendor must do, whatever the network does to it.
#include "io/channel/aliyun_sms/send.hpp"
#include "io/channel/dingtalk/send.hpp"
#include "io/channel/feishu/send.hpp"
#include "io/channel/wecom_app/send.hpp"
#include "io/channel/wecom_robot/send.hpp"
#include "robots.hpp"
#include "support/aliyun_fake.hpp"

#include <doctest/doctest.h>
#include <memory>
#include <string>
#include <vector>

using namespace surged;
using namespace surged::io;
using delivery::Outcome;
using test::Play;

namespace {

constexpr const char* key = "k3y-secret";
constexpr const char* lock = "SEC-secret";

/// A channel and its vendor. `before`: requests that an attempt makes before the message.
struct Party {
    std::string name;
    std::shared_ptr<test::VendorFake> fake;
    std::shared_ptr<Channel> channel;
};

std::vector<Party> parties() {
    std::vector<Party> out;
    {
        auto fake = std::make_shared<test::WecomRobotFake>(key);
        auto channel = wecom_robot::make_channel(test::robot_options(*fake, key));
        out.push_back({"wecom_robot", fake, channel});
    }
    {
        auto fake = std::make_shared<test::DingtalkFake>(key, lock, "");
        auto channel = dingtalk::make_channel(test::robot_options(*fake, key), lock, "");
        out.push_back({"dingtalk", fake, channel});
    }
    {
        auto fake = std::make_shared<test::FeishuFake>(key, lock, "");
        auto channel = feishu::make_channel(test::robot_options(*fake, key), lock, "");
        out.push_back({"feishu", fake, channel});
    }
    {
        auto fake = std::make_shared<test::WecomAppFake>("ww1", key, std::set<std::string>{"wang"});
        auto channel = std::make_shared<wecom_app::WecomApp>(
            test::robot_options(*fake, key), "ww1", 1'000'002
        );
        out.push_back({"wecom_app", fake, channel});
    }
    {
        const test::AliyunFake::Rules rules{"LTAI-me", key, {"site"}};
        auto fake = std::make_shared<test::AliyunFake>(rules);
        auto channel = aliyun_sms::make_channel(
            test::robot_options(*fake, key),
            "LTAI-me",
            {
                "sign", "SMS_1", {"site", "queue"}
        }
        );
        out.push_back({"aliyun_sms", fake, channel});
    }
    return out;
}

delivery::Page page() {
    delivery::Page out = test::surge_page();
    out.content.created = wall_now();
    return out;
}

/// `to` is "wang" for the one that must be told; a robot would only mention him.
delivery::Page page_for(const Party& party) {
    delivery::Page out = page();
    if (party.name == "wecom_app") out.to = "wang";
    if (party.name == "aliyun_sms") out.to = "13800000000";
    return out;
}

}  // namespace

TEST_CASE("channels: outcome of whatever the network does to a vendor's answer") {
    struct Row {
        const char* name;
        Play play;
        Outcome want;
        std::optional<Micros> after;
    };
    const Row rows[] = {
        {"429 with a time", Play::status(429, "7"), Outcome::rate_limited, 7s},
        {"500", Play::status(500), Outcome::retry, {}},
        {"408", Play::status(408), Outcome::retry, {}},
        {"503 with a time", Play::status(503, "3"), Outcome::retry, 3s},
        {"403", Play::status(403), Outcome::bad_channel, {}},
        {"a portal's page", Play::html(), Outcome::retry, {}},
        {"a portal's redirect", Play::redirect(), Outcome::retry, {}},
        {"an empty 200", Play::status(200), Outcome::unknown, {}},
        {"half a JSON", Play::json(R"({"errcode":0,"code":0,"errm)"), Outcome::unknown, {}},
        {"another's JSON", Play::json(R"({"ok":true})"), Outcome::retry, {}},
        {"success in words", Play::json(R"({"errcode":"0","code":"0"})"), Outcome::retry, {}},
        {"taken, no answer", Play::hang(), Outcome::unknown, {}},
        {"taken, half an answer", Play::half(), Outcome::unknown, {}},
        {"taken, a short answer", Play::short_body(), Outcome::unknown, {}},
        {"taken, reset", Play::reset(), Outcome::unknown, {}},
    };
    for (const Row& row : rows) {
        for (const Party& party : parties()) {
            CAPTURE(row.name);
            CAPTURE(party.name);
            const bool app = party.name == "wecom_app";
            if (app)
                CHECK(
                    test::deliver(*party.channel, page_for(party)).outcome == Outcome::accepted
                );  // has its token
            const std::size_t before = party.fake->delivered().size();
            party.fake->script({row.play});
            delivery::Page sent = page_for(party);
            sent.round = 1;
            const auto receipt = test::deliver(*party.channel, sent);
            CAPTURE(receipt.detail);
            CHECK(receipt.outcome == row.want);
            CHECK(receipt.retry_after == row.after);
            CHECK_FALSE(receipt.detail.empty());
            CHECK(receipt.detail.find("secret") == std::string::npos);
            CHECK(receipt.page == page().id);
            CHECK(party.fake->delivered().size() == before);
        }
    }
}

TEST_CASE("channels: nobody there is a retry, and says nothing secret") {
    auto all = parties();
    for (Party& party : all) {
        CAPTURE(party.name);
        party.fake.reset();  // its port is closed now
        const auto receipt = test::deliver(*party.channel, page_for(party));
        CHECK(receipt.outcome == Outcome::retry);
        CHECK_FALSE(receipt.detail.empty());
        CHECK(receipt.detail.find("secret") == std::string::npos);
    }
}

TEST_CASE("channels: a vendor that hangs delays no other, nor the next page to itself") {
    auto all = parties();
    for (Party& party : all) {
        if (party.name == "wecom_app") continue;  // its token is asked for first
        CAPTURE(party.name);
        party.fake->script({Play::hang()});
        const auto receipts = test::deliver_all(*party.channel, {page_for(party), page_for(party)});
        const auto accepted = receipts[0].outcome == Outcome::accepted ? 1 : 0;
        CHECK(accepted + (receipts[1].outcome == Outcome::accepted ? 1 : 0) == 1);
        CHECK(party.fake->delivered().size() == 1);
    }
}
