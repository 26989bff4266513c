// Receivers that are dead, slow or flood us, beside one that is well.
#include "app/courier.hpp"
#include "io/channel/alertmanager/send.hpp"
#include "io/channel/aliyun_sms/send.hpp"
#include "io/channel/command/send.hpp"
#include "io/channel/smtp/send.hpp"
#include "io/channel/webhook/send.hpp"
#include "support/page_sink.hpp"
#include "support/rules_builder.hpp"
#include "support/smtp_server.hpp"
#include "support/surge_page.hpp"
#include "support/temp_folder.hpp"
#include "support/vendor_server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <chrono>
#include <doctest/doctest.h>
#include <map>
#include <memory>
#include <string>

using namespace surged;
using delivery::Outcome;
namespace net = boost::asio;

namespace {

constexpr Micros patience{5s};  // of the channels with their receivers

std::shared_ptr<io::Channel> mail_to(const test::SmtpServer& server) {
    io::smtp::SmtpOptions options;
    options.host = "127.0.0.1";
    options.port = server.port();
    options.account.security = io::smtp::Security::none;
    options.from = {"", "surged@example.org"};
    options.timeout = patience;
    return std::make_shared<io::smtp::SmtpChannel>(std::move(options));
}

std::shared_ptr<io::Channel> message_by(const test::VendorServer& vendor) {
    io::RobotOptions options;
    options.base_url = vendor.url();
    options.key = "k";
    options.timeout = patience;
    return io::aliyun_sms::make_channel(std::move(options), "id", {"s", "SMS_1", {"site"}});
}

std::shared_ptr<io::Channel> alert_to(const test::VendorServer& server) {
    io::alertmanager::AlertmanagerOptions options;
    options.base_urls = {server.url()};
    options.timeout = patience;
    return std::make_shared<io::alertmanager::AlertmanagerChannel>(std::move(options));
}

std::shared_ptr<io::Channel> command_at(const std::string& socket) {
    io::command::CommandOptions options;
    options.socket = socket;
    options.timeout = patience;
    return std::make_shared<io::command::CommandChannel>(std::move(options));
}

std::shared_ptr<io::Channel> hook_to(const test::PageSink& sink) {
    io::webhook::WebhookOptions options;
    options.base_url = sink.url();
    options.secret = test::PageSink::default_secret();
    options.timeout = patience;
    return std::make_shared<io::webhook::WebhookChannel>(std::move(options));
}

test::VendorReply nothing(const test::VendorRequest&) { return {}; }

}  // namespace

TEST_CASE("courier: a receiver that is dead, slow or floods delays no other") {
    const test::TempFolder folder;
    test::SmtpServer silent, flooding;
    silent.fail({test::SmtpStep::greeting, test::SmtpFault::Kind::hang, "", 0});
    flooding.fail({test::SmtpStep::greeting, test::SmtpFault::Kind::flood, "", 0});
    test::VendorServer vendor{nothing}, alerts{nothing};
    vendor.script({test::Play::hang()});
    alerts.script({test::Play::half()});
    net::io_context loop{1};
    // Takes connections, and nobody ever looks at them.
    const net::local::stream_protocol::acceptor deaf{
        loop, net::local::stream_protocol::endpoint{folder.path() + "/deaf.sock"}
    };
    const test::PageSink well;

    std::map<std::string, engine::Receipt> receipts;
    const plan::RuleSet rules = test::small_center();
    app::Channels channels{
        {"silent-mail",   mail_to(silent)                         },
        {"flooding-mail", mail_to(flooding)                       },
        {"slow-sms",      message_by(vendor)                      },
        {"slow-alerts",   alert_to(alerts)                        },
        {"deaf-command",  command_at(folder.path() + "/deaf.sock")},
        {"no-command",    command_at(folder.path() + "/none.sock")},
        {"well",          hook_to(well)                           },
    };
    app::Courier courier{
        loop.get_executor(),
        channels,
        {[](const std::string&, std::uint32_t) { return true; },
          [&](engine::Receipt receipt) { receipts[receipt.page] = std::move(receipt); },
          [] { return Micros{0}; },
          [] { return Wall{1'764'000'000'000'000}; },
          [&]() -> const plan::RuleSet& { return rules; }}
    };
    const auto send = [&](const std::string& channel) {
        delivery::Page page = test::a_page(channel == "slow-sms" ? "13800000000" : "a@example.org");
        page.id = page.channel = channel;
        courier.send(std::move(page));
    };
    for (const auto& [name, channel] : channels)
        if (name != "well") send(name);
    // All of them have been turned to, and now there is a page for one who is well.
    send("well");
    const auto until = std::chrono::steady_clock::now() + 30s;
    while (!receipts.contains("well") && std::chrono::steady_clock::now() < until)
        loop.run_one_for(100ms);
    CHECK(receipts["well"].outcome == Outcome::accepted);
    CHECK(courier.under_way() >= 4);  // the four who say nothing are still waited for

    loop.restart();
    loop.run_for(30s);  // to the end of their time
    CHECK(courier.under_way() == 0);
    CHECK(receipts["silent-mail"].outcome == Outcome::retry);
    CHECK(receipts["flooding-mail"].outcome == Outcome::retry);
    CHECK(receipts["slow-sms"].outcome == Outcome::unknown);
    CHECK(receipts["slow-alerts"].outcome == Outcome::retry);
    CHECK(receipts["deaf-command"].outcome == Outcome::retry);
    CHECK(receipts["no-command"].outcome == Outcome::retry);
    for (const auto& [page, receipt] : receipts) CHECK_MESSAGE(!receipt.detail.empty(), page);
}
