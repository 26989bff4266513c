// Feeds of figures against the real daemon: what comes in is a gauge of a queue, and says so.
#include "io/runtime/wall_clock.hpp"
#include "support/page_sink.hpp"
#include "support/prometheus.hpp"
#include "support/site.hpp"
#include "support/temp_folder.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <chrono>
#include <csignal>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

using namespace surged;
using namespace std::chrono_literals;
namespace net = boost::asio;

namespace {

test::SiteOptions site_with(std::string sources) {
    test::SiteOptions options;
    options.hook_url = "http://127.0.0.1:1/";
    options.hook_secret = test::PageSink::default_secret();
    options.sources = std::move(sources);
    return options;
}

std::function<bool(const std::string&)> has(std::string_view text) {
    return [text](const std::string& body) { return body.find(text) != std::string::npos; };
}

}  // namespace

TEST_CASE("statsd: a packet becomes a gauge of a queue in the real daemon") {
    test::Site site{
        site_with("  app: {type: statsd, site: hz, listen: 127.0.0.1:0, flush: 100ms, "
                  "metrics: [{metric: ivr.*.lines, gauge: ivr_lines, queue: \"*\"}]}\n")
    };
    site.start();
    CAPTURE(site.log());
    const std::string ready = site.get("/readyz").body;
    const std::string_view listening = "listening on 127.0.0.1:";
    const auto at = ready.find(listening);
    REQUIRE(at != std::string::npos);
    const auto port = static_cast<std::uint16_t>(std::stoi(ready.substr(at + listening.size())));
    net::io_context context;
    net::ip::udp::socket socket{context, net::ip::udp::v4()};
    const std::string packet = "ivr.sales.lines:12|g\nivr.sales.lines:+3|g\nnot a line";
    socket.send_to(net::buffer(packet), {net::ip::address_v4::loopback(), port});
    CHECK(site.wait_until("/api/v1/queues", has(R"("ivr_lines":15)"), 10s));
    const std::string metrics = site.get("/metrics").body;
    CHECK(has(R"(surged_source_up{source="app"} 1)")(metrics));
    CHECK(has(R"(surged_events_rejected_total{source="app",reason="no_value"} 1)")(metrics));
    CHECK(has(R"({"what":"app: no_value","excerpt":"not a line"})")(site.get("/api/v1/status").body)
    );
    CHECK(has("3 lines, 2 of use in 1 series; 1 refused")(site.get("/readyz").body));
    site.stop(SIGTERM);
}

namespace {

std::unique_ptr<test::MonitoringPeer> prometheus_of_itself() {
    test::PrometheusOptions options;
    options.port = test::free_port();
    options.config = fmt::format(
        "global: {{scrape_interval: 1s}}\nscrape_configs:\n  - job_name: self\n"
        "    static_configs: [{{targets: ['127.0.0.1:{}']}}]\n",
        options.port
    );
    return test::prometheus(options);
}

}  // namespace

TEST_CASE("prometheus: a real one is asked queries and read as an exporter, until it is gone") {
    auto prometheus = prometheus_of_itself();
    // What counts up{} has an answer only when it has scraped; until then the source is not up.
    test::Site site{site_with(fmt::format(
        "  prom:\n    type: prometheus\n    site: hz\n    base_url: {0}\n    interval: 1s\n"
        "    stale_after: 2s\n    queue_names: {{\"100\": sales}}\n    series:\n"
        "      - {{query: 'label_replace(vector(12), \"q\", \"100\", \"\", \"\")', gauge: lines, "
        "queue_label: q}}\n"
        "      - {{query: 'count(up{{job=\"self\"}})', gauge: targets, queue: vip}}\n"
        "  exp:\n    type: prometheus\n    site: hz\n    scrape_url: {0}/metrics\n    interval: "
        "1s\n"
        "    series: [{{metric: prometheus_http_requests_total, labels: {{handler: /api/v1/query, "
        "code: \"200\"}}, gauge: asked, queue: sales}}]\n",
        prometheus->url()
    ))};
    site.start();
    CAPTURE(site.log());
    CHECK(site.wait_until("/api/v1/queues", has(R"("lines":12)"), 30s));
    CHECK(site.wait_until("/api/v1/queues", has(R"("targets":1)"), 30s));
    CHECK(site.wait_until("/api/v1/queues", has(R"("asked":)"), 30s));
    CHECK(site.wait_until("/metrics", has(R"(surged_source_up{source="prom"} 1)"), 30s));
    CHECK(site.wait_until("/metrics", has(R"(surged_source_up{source="exp"} 1)"), 30s));
    prometheus.reset();
    CHECK(site.wait_until("/metrics", has(R"(surged_source_up{source="prom"} 0)"), 30s));
    const std::string ready = site.get("/readyz").body;
    CHECK(has(R"("name":"source prom","ok":false)")(ready));
    CHECK(has("query label_replace(")(ready));
    site.stop(SIGTERM);
}

TEST_CASE("csv: a table of heads and one of work orders in the real daemon, over a restart") {
    const test::TempFolder folder;
    const std::string shifts = folder.path() + "/shifts.csv";
    const std::string orders = folder.path() + "/orders.csv";
    const auto at = [](std::int64_t minutes) {
        return format_rfc3339(Wall{io::wall_now().us + minutes * 60'000'000});
    };
    std::ofstream{shifts} << fmt::format(
        "\xef\xbb\xbf"
        "技能组,开始,结束,应到\n售前,{},{},12\n",
        at(-60),
        at(60)
    );
    std::ofstream{orders} << fmt::format(
        "工单编号,受理时间,办结时限,类别\nA-1,{},{},噪音\nA-2,{},{},噪音\n",
        at(-3),
        at(-1),
        at(-2),
        at(600)
    );
    test::Site site{site_with(fmt::format(
        "  shifts: {{type: csv, site: hz, content: staffing, path: {}, queue_names: {{售前: "
        "sales}}, "
        "columns: {{queue: 技能组, from: 开始, to: 结束, agents: 应到}}}}\n"
        "  orders: {{type: csv, site: hz, content: complaints, path: {}, queue: sales, "
        "columns: {{ticket: 工单编号, opened: 受理时间, due: 办结时限, topic: 类别}}}}\n",
        shifts,
        orders
    ))};
    site.start();
    CAPTURE(site.log());
    CHECK(site.wait_until("/api/v1/queues", has(R"("agents_scheduled":12)"), 20s));
    CHECK(site.wait_until("/api/v1/queues", has(R"("complaints_open":2)"), 20s));
    CHECK(has(R"("complaints_overdue":1)")(site.get("/api/v1/queues").body));
    CHECK(has("orders.csv: 2 rows, 2 open")(site.get("/readyz").body));
    site.stop(SIGKILL);
    site.start();
    const std::string_view total =
        R"(surged_complaints_total{site="hz",queue="sales",topic="噪音",severity="0"} 2)";
    CHECK(site.wait_until("/metrics", has(R"(surged_source_up{source="orders"} 1)"), 20s));
    CHECK(has(total)(site.get("/metrics").body));
    std::ofstream{shifts} << "技能组,开始,结束,应到\n售前,x,,1\n";
    CHECK(site.wait_until("/metrics", has(R"(surged_source_up{source="shifts"} 0)"), 20s));
    CHECK(has(R"(shifts.csv:2:4: from: \"x\" is no time)")(site.get("/readyz").body));
    CHECK(has(R"("agents_scheduled":12)")(site.get("/api/v1/queues").body));
    site.stop(SIGTERM);
}

TEST_CASE("csv: the plan of the day in the real daemon, and what takes its place") {
    const test::TempFolder folder;
    const std::string day = folder.path() + "/day.csv";
    const auto write = [&](int heads) {
        const auto at = [](std::int64_t minutes) {
            return format_rfc3339(Wall{io::wall_now().us + minutes * 60'000'000});
        };
        std::ofstream{day
        } << fmt::format("队列,开始,结束,预测,人数\nsales,{},{},40,{}\n", at(-60), at(60), heads);
    };
    write(7);
    test::Site site{site_with(fmt::format(
        "  day: {{type: csv, site: hz, content: plan, path: {}, columns: "
        "{{queue: 队列, from: 开始, to: 结束, offered: 预测, agents: 人数}}}}\n",
        day
    ))};
    site.start();
    CAPTURE(site.log());
    CHECK(site.wait_until("/api/v1/queues", has(R"("agents_scheduled":7)"), 20s));
    CHECK(site.wait_until("/metrics", has(R"(surged_source_up{source="day"} 1)"), 20s));
    CHECK(has(R"(surged_events_total{source="day",type="expected"} 1)")(site.get("/metrics").body));
    write(9);
    CHECK(site.wait_until("/api/v1/queues", has(R"("agents_scheduled":9)"), 20s));
    site.stop(SIGTERM);
}
