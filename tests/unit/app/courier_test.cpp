#include "app/courier.hpp"

#include "support/rules_builder.hpp"

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>
#include <memory>
#include <string>
#include <vector>

using namespace surged;
using delivery::Outcome;
namespace net = boost::asio;

namespace {

/// Answers as it is told, and keeps what it got.
class ScriptedChannel : public io::Channel {
public:
    net::awaitable<engine::Receipt> deliver(delivery::Page page) override {
        pages.push_back(page);
        engine::Receipt receipt;
        receipt.page = page.id;
        receipt.attempt = page.attempts;
        receipt.outcome = outcome;
        receipt.detail = "said so";
        co_return receipt;
    }
    Outcome outcome{Outcome::accepted};
    std::vector<delivery::Page> pages;
};

struct Bench {
    net::io_context loop{1};
    std::shared_ptr<ScriptedChannel> hook = std::make_shared<ScriptedChannel>();
    std::shared_ptr<ScriptedChannel> sms = std::make_shared<ScriptedChannel>();
    plan::RuleSet rules = test::small_center();
    Micros now{0};
    bool wanted{true};
    std::vector<engine::Receipt> receipts;
    app::Courier courier{
        loop.get_executor(),
        {{"hook", hook}, {"sms", sms}},
        {[this](const std::string&, std::uint32_t) { return wanted; },
                         [this](engine::Receipt receipt) { receipts.push_back(std::move(receipt)); },
                         [this] { return now; },
                         [this] { return Wall{1'764'000'000'000'000 + now.count()}; },
                         [this]() -> const plan::RuleSet& { return rules; }}
    };

    void send(const char* person, const char* channel, std::uint32_t method = 0) {
        delivery::Page page;
        page.id = std::string{person} + "." + channel;
        page.incident = "i";
        page.person = person;
        page.channel = channel;
        page.method = method;
        page.attempts = 1;
        courier.send(page);
        loop.restart();
        loop.poll();
    }
    io::Component told(const std::string& name) const {
        for (const io::Component& one : courier.components())
            if (one.name == name) return one;
        return {};
    }
};

}  // namespace

TEST_CASE("courier: a broken channel is not hammered, is told of once, and comes back") {
    Bench b;
    b.hook->outcome = Outcome::bad_channel;
    b.send("wang", "hook");
    REQUIRE(b.receipts.size() == 1);
    CHECK(b.receipts[0].outcome == Outcome::bad_channel);
    REQUIRE(b.sms->pages.size() == 1);  // the notice, by another channel
    CHECK(b.sms->pages[0].content.title == "【surged】hz 呼叫渠道 hook 不可用");
    CHECK_FALSE(b.told("channel hook").ok);
    CHECK(b.told("channel hook").detail == "bad_channel: said so");
    CHECK(b.told("channel sms").ok);

    for (int i = 0; i < 10; ++i) b.send("wang", "hook");
    CHECK(b.hook->pages.size() == 1);  // wang has another way, at once
    REQUIRE(b.receipts.size() == 11);
    CHECK(b.receipts[5].outcome == Outcome::bad_channel);
    CHECK(b.receipts[5].detail.starts_with("not tried: broken since 2025-11-24T16:00:00"));
    b.send("li", "hook");
    CHECK(b.hook->pages.size() == 2);  // his only way: never lose a page
    CHECK(b.sms->pages.size() == 1);   // told once

    b.now = 6min;
    b.hook->outcome = Outcome::accepted;
    b.send("wang", "hook");  // the probe
    CHECK(b.hook->pages.size() == 3);
    CHECK(b.told("channel hook").ok);
    CHECK(b.receipts.back().outcome == Outcome::accepted);
    b.send("wang", "hook");
    CHECK(b.hook->pages.size() == 4);
}

TEST_CASE("courier: with every channel broken there is no notice and no end of trying") {
    Bench b;
    b.hook->outcome = b.sms->outcome = Outcome::bad_channel;
    b.send("wang", "hook");
    CHECK(b.sms->pages.size() == 1);  // the notice found it broken too, and nobody else was left
    CHECK(b.receipts.size() == 1);
    b.send("wang", "hook");
    CHECK(b.hook->pages.size() == 2);
    b.send("wang", "nonsense");
    CHECK(b.receipts.back().detail == "no channel of this name");
}

TEST_CASE("courier: what is no longer wanted when it is to leave does not leave") {
    Bench b;
    b.wanted = false;  // taken, or over, while its commit was under way
    b.send("wang", "hook");
    CHECK(b.hook->pages.empty());
    CHECK(b.receipts.empty());
    b.wanted = true;
    b.send("wang", "hook");
    CHECK(b.hook->pages.size() == 1);
}
