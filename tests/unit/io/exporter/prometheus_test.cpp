// Against the real thing: Prometheus and its promtool must be installed for this test to pass.
#include "io/exporter/board_metrics.hpp"
#include "io/exporter/daemon_metrics.hpp"
#include "io/http/router.hpp"
#include "io/http/server.hpp"
#include "support/fake_view.hpp"
#include "support/peer_process.hpp"
#include "support/raw_http.hpp"
#include "support/temp_folder.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <thread>

using namespace surged;
using namespace surged::io;

namespace {

// A board with a queue in a surge, one with an awkward name, and one whose feed is lost.
test::FakeView sample_view() {
    using board::Kpi;
    using board::Window;
    test::FakeView view;
    view.set({Kpi::calls_waiting, Window::now, {}, {}, {}}, 17);
    view.set({Kpi::calls_offered, Window::m5, {}, {}, {}}, 10);
    view.set({Kpi::service_level, Window::m5, {}, {}, {}}, 3, 4);
    view.queue().complaints[{"delivery", 2}] = 1;
    view.queue().waits.counts[4] = 6;
    view.all.push_back(view.queue());
    view.all.back().name = "售前 \"A\"\\B";
    view.all.push_back({});
    view.all.back().live = false;
    view.all.back().name = "lost";
    return view;
}

boost::asio::awaitable<http::Response> metrics_of(std::shared_ptr<const board::View> view) {
    exporter::Text text;
    exporter::board_metrics(text, *view, "hz");
    std::string body = std::move(text).take();
    body += exporter::render_daemon({});
    http::Response response{200, "text/plain; version=0.0.4; charset=utf-8", std::move(body)};
    co_return response;
}

// The daemon's /metrics on a port of its own.
struct Exposed {
    Exposed() : server{thread.loop().get_executor(), {}, handler()} {
        thread.run([this] {
            const auto started = server.start();
            REQUIRE(started.has_value());
            port = *started;
        });
    }
    ~Exposed() {
        boost::asio::co_spawn(thread.loop(), server.stop(), boost::asio::use_future).get();
    }
    http::Handler handler() {
        router.add("GET", "/metrics", [view = view](http::Request) { return metrics_of(view); });
        return [this](http::Request request) { return router.route(std::move(request)); };
    }
    std::shared_ptr<const board::View> view = std::make_shared<test::FakeView>(sample_view());
    http::Router router;
    test::LoopThread thread;
    http::Server server;
    std::uint16_t port{0};
};

// What Prometheus answers to an instant query; the body whatever it is.
std::string query(std::uint16_t port, std::string_view expression) {
    try {
        return test::http_request(port, "GET", fmt::format("/api/v1/query?query={}", expression))
            .body;
    } catch (const std::exception&) {
        return {};  // not listening yet
    }
}

}  // namespace

TEST_CASE("metrics: Prometheus scrapes and promtool is content") {
    Exposed exposed;
    const auto scraped = test::http_request(exposed.port, "GET", "/metrics");
    REQUIRE(scraped.status == 200);
    const test::Ran checked = test::run_program({"promtool", "check", "metrics"}, scraped.body);
    CHECK_MESSAGE(checked.status == 0, checked.output);
    CHECK(checked.output.empty());

    const test::TempFolder folder;
    const std::string config = folder.path() + "/prometheus.yml";
    std::ofstream{config} << fmt::format(
        "global: {{scrape_interval: 100ms, scrape_timeout: 100ms}}\n"
        "scrape_configs:\n"
        "  - {{job_name: surged, static_configs: [{{targets: ['127.0.0.1:{}']}}]}}\n",
        exposed.port
    );
    const std::uint16_t port = test::free_port();
    test::PeerProcess prometheus{
        {"prometheus",
         "--config.file=" + config,
         "--storage.tsdb.path=" + folder.path() + "/data",
         fmt::format("--web.listen-address=127.0.0.1:{}", port)},
        folder.path() + "/log"
    };
    std::string answer;
    for (int i = 0; i < 200 && answer.find(R"("17"])") == std::string::npos; ++i) {
        REQUIRE(prometheus.running());
        std::this_thread::sleep_for(50ms);
        answer = query(port, R"(surged_queue_calls_waiting{queue=%22sales%22})");
    }
    CHECK(answer.find(R"("site":"hz")") != std::string::npos);
    CHECK(answer.find(R"("17"])") != std::string::npos);
    CHECK(query(port, "up").find(R"("1"])") != std::string::npos);
    // Queues of every name arrive, and a figure without a value is NaN, not 0.
    CHECK(query(port, "count(surged_queue_calls_waiting)").find(R"("3"])") != std::string::npos);
    CHECK(
        query(port, "surged_queue_calls_waiting{queue=%22lost%22}").find(R"("NaN"])") !=
        std::string::npos
    );
    CHECK(
        query(port, "histogram_quantile(0.5,surged_queue_answer_wait_seconds_bucket)")
            .find("\"result\":[{") != std::string::npos
    );
}

TEST_CASE("metrics: the scrape configuration we ship is one Prometheus reads") {
    const test::Ran checked = test::run_program(
        {"promtool",
         "check",
         "config",
         "--syntax-only",
         std::string{SURGED_SOURCE_DIR} + "/dashboards/prometheus/scrape.yml"},
        {}
    );
    CHECK_MESSAGE(checked.status == 0, checked.output);
}
