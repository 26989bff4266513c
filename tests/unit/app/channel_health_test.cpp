#include "app/channel_health.hpp"

#include "support/rules_builder.hpp"

#include <doctest/doctest.h>
#include <string>

using namespace surged;
using app::ChannelHealth;
using Change = app::ChannelHealth::Change;
using delivery::Outcome;

namespace {

constexpr Wall noon{1'764'000'000'000'000};

engine::Receipt receipt(Outcome outcome, std::string detail = "said so") {
    engine::Receipt out;
    out.outcome = outcome;
    out.detail = std::move(detail);
    return out;
}

/// wang is reached by hook, then by sms; li and boss by hook alone.
delivery::Page page_to(const char* person, const char* channel, std::uint32_t method = 0) {
    delivery::Page page;
    page.person = person;
    page.channel = channel;
    page.method = method;
    return page;
}

io::Component told(const ChannelHealth& health, const std::string& name) {
    for (const io::Component& one : health.components())
        if (one.name == name) return one;
    return {};
}

}  // namespace

TEST_CASE("courier: how a channel does is told in words, with since when") {
    ChannelHealth health{
        {"hook", "sms"}
    };
    CHECK(told(health, "channel hook").ok);
    CHECK(told(health, "channel hook").detail == "not used yet");
    CHECK(health.heard("hook", receipt(Outcome::retry, "HTTP 503"), noon, 0s) == Change::none);
    CHECK_FALSE(told(health, "channel hook").ok);
    CHECK(told(health, "channel hook").detail == "retry: HTTP 503");
    CHECK(told(health, "channel hook").since == "2025-11-24T16:00:00.000000Z");
    const Wall later{noon.us + 60'000'000};
    CHECK(health.heard("hook", receipt(Outcome::bad_channel, "key"), later, 60s) == Change::broke);
    CHECK(told(health, "channel hook").since == "2025-11-24T16:01:00.000000Z");
    CHECK(health.heard("hook", receipt(Outcome::bad_channel, "still"), later, 90s) == Change::none);
    CHECK(health.heard("hook", receipt(Outcome::retry, "no network"), later, 95s) == Change::none);
    CHECK(told(health, "channel hook").detail == "bad_channel: still");
    CHECK(health.heard("hook", receipt(Outcome::accepted), later, 99s) == Change::recovered);
    CHECK(told(health, "channel hook").ok);
    CHECK(told(health, "channel sms").detail == "not used yet");
    // A message that is refused is not the channel's fault.
    CHECK(health.heard("hook", receipt(Outcome::bad_message), later, 100s) == Change::none);
    CHECK(told(health, "channel hook").ok);
    CHECK(health.heard("gone", receipt(Outcome::bad_channel), later, 100s) == Change::none);
}

TEST_CASE("courier: a broken channel is spared for five minutes, where there is another way") {
    const plan::RuleSet rules = test::small_center();
    ChannelHealth health{
        {"hook", "sms"}
    };
    const auto spared = [&](const delivery::Page& page, Micros now) {
        return health.spare(page, rules, now).has_value();
    };
    CHECK_FALSE(spared(page_to("wang", "hook"), 0s));
    health.heard("hook", receipt(Outcome::bad_channel), noon, 10s);
    CHECK(spared(page_to("wang", "hook"), 20s));
    CHECK(spared(page_to("wang", "hook"), 309s));
    CHECK_FALSE(spared(page_to("wang", "hook"), 310s));  // the probe
    CHECK_FALSE(spared(page_to("li", "hook"), 20s));     // his only way
    CHECK_FALSE(spared(page_to("wang", "sms", 1), 20s));
    CHECK_FALSE(spared(page_to("nobody", "hook"), 20s));
    health.heard("sms", receipt(Outcome::bad_channel), noon, 20s);
    CHECK_FALSE(spared(page_to("wang", "hook"), 30s));  // no better way is left
    health.heard("sms", receipt(Outcome::accepted), noon, 40s);
    health.heard("hook", receipt(Outcome::accepted), noon, 50s);
    CHECK_FALSE(spared(page_to("wang", "hook"), 60s));
}

TEST_CASE("courier: somebody is told of a broken channel by another one") {
    plan::RuleSet rules = test::small_center();
    rules.people["it"] = {
        "IT", plan::Language::en, {{"hook", "it", 0s}, {"mail", "it@x.example", 60s}}
    };
    rules.teams["it-oncall"].escalation.push_back({{"it"}, 5min});
    rules.plans["platform-service"].teams["technical"] = "it-oncall";
    ChannelHealth health{
        {"hook", "sms", "mail"}
    };
    health.heard("hook", receipt(Outcome::bad_channel), noon, 0s);
    auto notice = app::notice_of("hook", "errcode 93000", rules, health, noon);
    REQUIRE(notice.has_value());
    CHECK(notice->person == "it");  // the technical team first
    CHECK(notice->channel == "mail");
    CHECK(notice->to == "it@x.example");
    CHECK(notice->content.title == "[surged] hz: channel hook does not work");
    CHECK(
        notice->content.text.find("since 2025-11-25 00:00:00 | errcode 93000") != std::string::npos
    );
    CHECK(notice->incident.empty());

    health.heard("mail", receipt(Outcome::bad_channel), noon, 0s);
    notice = app::notice_of("mail", "550", rules, health, noon);
    REQUIRE(notice.has_value());  // then whoever leads and can be reached
    CHECK(notice->person == "wang");
    CHECK(notice->channel == "sms");
    CHECK(notice->content.title == "【surged】hz 呼叫渠道 mail 不可用");
    health.heard("sms", receipt(Outcome::bad_channel), noon, 0s);
    CHECK_FALSE(app::notice_of("sms", "x", rules, health, noon).has_value());
}
