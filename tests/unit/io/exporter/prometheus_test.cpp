// Against the real thing: Prometheus and its promtool must be installed for this test to pass.
#include "io/api/server.hpp"
#include "places.hpp"
#include "support/fake_host.hpp"
#include "support/peer_process.hpp"
#include "support/raw_http.hpp"
#include "support/temp_folder.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fstream>
#include <string>
#include <thread>
#include <utility>

using namespace surged;
using namespace surged::io;

namespace {

// The daemon's HTTP port over an engine with an incident, a queue of an awkward name, and one whose
// feed is lost.
struct Exposed {
    Exposed() {
        thread.run([this] {
            fill();
            const auto started = server.start();
            REQUIRE(started.has_value());
            port = *started;
        });
    }
    ~Exposed() {
        boost::asio::co_spawn(thread.loop(), server.stop(), boost::asio::use_future).get();
    }
    void fill() {
        host.driver.join(17);
        host.driver.answer(6);
        acd::Event event;
        event.type = acd::EventType::complaint;
        event.queue = "售前 \"A\"\\B";
        event.ticket = "T-1";
        event.topic = "delivery";
        event.severity = 2;
        host.driver.event(event);
        acd::Batch lost;
        event = {};
        event.type = acd::EventType::offered;
        event.queue = "lost";
        event.call = "c-1";
        lost.append(event);
        host.driver.step(engine::SourceState{true, true, ""}, "acd-2");
        host.driver.step(engine::Events{std::move(lost)}, "acd-2");
        host.driver.step(engine::SourceState{false, true, "gone"}, "acd-2");
        host.parts.push_back({"source acd-2", false, "gone", ""});
    }
    test::LoopThread thread;
    test::FakeHost host{thread.loop().get_executor()};
    ApiServer server{thread.loop().get_executor(), on_any_port(), host};
    std::uint16_t port{0};

    static ApiOptions on_any_port() {
        ApiOptions options;
        options.http.port = 0;
        return options;
    }
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
    for (int i = 0; i < 200 && answer.find(R"("11"])") == std::string::npos; ++i) {
        REQUIRE(prometheus.running());
        std::this_thread::sleep_for(50ms);
        answer = query(port, R"(surged_queue_calls_waiting{queue=%22sales%22})");
    }
    CHECK(answer.find(R"("site":"hz")") != std::string::npos);
    CHECK(answer.find(R"("11"])") != std::string::npos);
    CHECK(query(port, "up").find(R"("1"])") != std::string::npos);
    // Queues of every name arrive, and a figure without a value is NaN, not 0.
    const auto gives = [&](std::string_view expression, std::string_view value) {
        const std::string got = query(port, expression);
        CAPTURE(expression);
        CAPTURE(got);
        CHECK(got.find(fmt::format("\"{}\"]", value)) != std::string::npos);
    };
    gives("count(surged_queue_calls_waiting)", "3");
    gives("surged_queue_calls_waiting{queue=%22lost%22}", "NaN");
    gives("surged_queue_answer_wait_seconds_count{queue=%22sales%22}", "6");
    gives("sum(surged_complaints_total)", "1");
    gives("sum(surged_trigger_firing{queue=%22sales%22})", "1");
    gives("sum(surged_incidents)", "1");
    gives("surged_source_up{source=%22acd-2%22}", "0");
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
