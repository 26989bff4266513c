// Feeds of figures against the real daemon: what comes in is a gauge of a queue, and says so.
#include "support/page_sink.hpp"
#include "support/site.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <chrono>
#include <csignal>
#include <doctest/doctest.h>
#include <string>
#include <string_view>

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
    CHECK(has("3 lines, 2 of use in 1 series; 1 refused")(site.get("/readyz").body));
    site.stop(SIGTERM);
}
