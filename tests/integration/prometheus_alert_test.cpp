// A real Prometheus evaluates an alert of its own and posts it, without an Alertmanager between.
#include "io/runtime/wall_clock.hpp"
#include "support/page_sink.hpp"
#include "support/prometheus.hpp"
#include "support/site.hpp"

#include <chrono>
#include <csignal>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fstream>
#include <functional>
#include <memory>
#include <string>

using namespace surged;
using namespace std::chrono_literals;

namespace {

/// It scrapes surged every second and alerts on callers in the queue "night".
std::unique_ptr<test::MonitoringPeer> prometheus_beside(const std::string& surged) {
    test::PrometheusOptions options;
    options.rules =
        "groups:\n  - name: night\n    interval: 1s\n    rules:\n"
        "      - alert: NightDesk\n"
        "        expr: surged_queue_calls_waiting{queue=\"night\"} > 3\n"
        "        labels: {plan: P13}\n"
        "        annotations: {summary: four callers and no desk}\n";
    options.config = fmt::format(
        "global: {{scrape_interval: 1s, evaluation_interval: 1s}}\n"
        "rule_files: [rules.yml]\n"
        "alerting: {{alertmanagers: [{{static_configs: [{{targets: ['{0}']}}]}}]}}\n"
        "scrape_configs: [{{job_name: surged, static_configs: [{{targets: ['{0}']}}]}}]\n",
        surged
    );
    options.more = {"--rules.alert.resend-delay=1s"};
    return test::prometheus(options);
}

std::string event(const char* type, int call) {
    return fmt::format(
        R"({{"ts":{:.6f},"type":"{}","queue":"night","call":"n-{}"}})"
        "\n",
        static_cast<double>(io::wall_now().us) / 1e6,
        type,
        call
    );
}

std::function<bool(const std::string&)> has(std::string part) {
    return [part = std::move(part)](const std::string& body) {
        return body.find(part) != std::string::npos;
    };
}

}  // namespace

TEST_CASE("prometheus: its alert opens an incident under the plan that waits for it, and ends it") {
    test::PageSink sink;
    test::SiteOptions options;
    options.hook_url = sink.url();
    options.hook_secret = test::PageSink::default_secret();
    test::Site site{options};
    std::ofstream{site.rules_path() + "/plans/night.yaml"}
        << "plan: night-desk\ntitle: {zh-CN: 夜间值守, en: Night desk}\nsource: P13\nversion: 1\n"
           "triggers:\n  - id: told\n    alert: {plan: P13, alertname: \"Night*\"}\n"
           "    level: III\n"
           "activation: {III: {mode: automatic}}\nteams: {leader: duty}\npage: {III: [leader]}\n"
           "end: {when_clear_for: 1s}\n";
    site.start();
    const auto peer = prometheus_beside(site.url().substr(std::string{"http://"}.size()));
    std::string calls;
    for (int i = 0; i < 4; ++i) calls += event("offered", i);
    REQUIRE(site.post("/api/v1/events", calls).status == 200);
    CHECK(site.wait_until("/api/v1/incidents", has(R"("plan":"night-desk")"), 30s));
    CHECK(sink.wait_accepted(1, 10s));
    CHECK(
        site.get("/api/v1/explain?plan=P13").body.find("four callers and no desk") !=
        std::string::npos
    );
    // The desk is back: Prometheus says that the alert is over, and so is the incident.
    calls.clear();
    for (int i = 0; i < 4; ++i) calls += event("abandoned", i);
    REQUIRE(site.post("/api/v1/events", calls).status == 200);
    CHECK(site.wait_until("/api/v1/incidents", has(R"("phase":"ended")"), 30s));
    CAPTURE(site.get("/api/v1/incidents").body);
    CHECK(site.get("/api/v1/incidents").body.find(R"("phase":"activated")") == std::string::npos);
    site.stop(SIGTERM);
}
