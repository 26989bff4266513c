// Pages as alerts in a real Alertmanager: raised, refreshed past their own end, called off.
#include "io/runtime/wall_clock.hpp"
#include "support/page_sink.hpp"
#include "support/prometheus.hpp"
#include "support/site.hpp"
#include "support/surge_events.hpp"

#include <boost/json/parse.hpp>
#include <chrono>
#include <csignal>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <memory>
#include <string>

using namespace surged;

namespace {

std::unique_ptr<test::MonitoringPeer> deaf_alertmanager() {
    return test::alertmanager("route: {receiver: none}\nreceivers: [{name: none}]\n");
}

/// The alerts that it holds for firing.
boost::json::array firing(const test::MonitoringPeer& peer) {
    const auto body = peer.get("/api/v2/alerts?active=true");
    boost::json::error_code ec;
    auto parsed = boost::json::parse(body.value_or("[]"), ec);
    return !ec && parsed.is_array() ? parsed.as_array() : boost::json::array{};
}

}  // namespace

TEST_CASE("alertmanager: an incident fires in a real one until it ends, over a restart too") {
    const auto one = deaf_alertmanager();
    auto two = deaf_alertmanager();
    REQUIRE(one->wait_ready());
    REQUIRE(two->wait_ready());
    test::SiteOptions options;
    options.hook_url = "http://127.0.0.1:1/";
    options.hook_secret = test::PageSink::default_secret();
    // An alert holds for four seconds: what still fires after that has been refreshed.
    options.channels = fmt::format(
        "  am: {{type: alertmanager, resend: 1s, base_urls: [\"{}\", \"{}\"]}}\n",
        one->url(),
        two->url()
    );
    options.roster =
        "people:\n  wang: {name: 王, language: zh-CN, contact: [{channel: am}]}\n"
        "teams:\n  duty: {escalation: [{page: [wang], wait: 5m}], last_resort: wang}\n";
    test::Site site{options};
    site.start();
    REQUIRE(site.post("/api/v1/events", test::offered_now(6)).status == 200);
    const auto fires = [&] { return firing(*one).size() == 1 && firing(*two).size() == 1; };
    REQUIRE_MESSAGE(test::wait_for(fires), site.log());
    const auto alert = firing(*one).front().as_object();
    CHECK(alert.at("labels").at("plan") == "platform-service");
    CHECK(alert.at("labels").at("site") == "hz");
    CHECK(alert.at("annotations").at("queue") == "sales");
    const std::string incident{alert.at("labels").at("incident").as_string()};
    const std::string held_until{alert.at("endsAt").as_string()};
    CHECK(test::wait_for([&] {
        const auto now = firing(*one);
        const auto at = parse_rfc3339(held_until);
        return at && io::wall_now() > *at && now.size() == 1;
    }));
    // surged dies and comes back: the alert is one, and goes on.
    site.stop(SIGKILL);
    site.start();
    CHECK(test::wait_for([&] {
        return firing(*one).size() == 1 &&
               firing(*one).front().at("endsAt").as_string() > held_until;
    }));
    two.reset();  // a member is gone: the other still hears the end
    const auto ended =
        site.post("/api/v1/incidents/" + incident + "/end", R"({"by":"wang","why":"over"})");
    CHECK(ended.status == 200);
    CHECK_MESSAGE(test::wait_for([&] { return firing(*one).empty(); }), site.log());
    site.stop(SIGTERM);
}
