// The main job as one thread through all layers: calls come in over the manager protocol, a
// threshold is crossed, somebody is paged and takes it, and a kill -9 on the way loses nothing.
#include "support/journal_check.hpp"
#include "support/page_sink.hpp"
#include "support/pbx.hpp"
#include "support/site.hpp"

#include <csignal>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <map>
#include <string>

using namespace surged;
using namespace std::chrono_literals;

TEST_CASE("thread: surge over AMI to acknowledged page across kill -9") {
    test::Pbx pbx{"surged", "s3cret", "sales"};
    pbx.add_agent("Local/101@agents");
    test::PageSink sink;
    test::SiteOptions options;
    options.pbx_port = pbx.port();
    options.hook_url = sink.url();
    options.hook_secret = test::PageSink::default_secret();
    test::Site site{options};
    site.start();
    CAPTURE(site.log());
    REQUIRE(pbx.wait_snapshot(1, 10s));

    // Level II, at once: somebody on call is paged.
    for (int i = 0; i < 6; ++i) pbx.join(fmt::format("1795451721.{}", i));
    REQUIRE(sink.wait_accepted(1, 10s));
    REQUIRE(site.wait_until(
        "/api/v1/incidents",
        [](const std::string& body) { return body.find(R"("level":"II")") != std::string::npos; },
        10s
    ));
    // The last of the pages so far is the one for level II; he takes it.
    REQUIRE(site.wait_until(
        "/api/v1/pages",
        [](const std::string& body) { return body.find(R"("level":"II")") != std::string::npos; },
        10s
    ));
    std::string id;
    for (const test::ReceivedPage& page : sink.accepted()) {
        CHECK(page.signature_good);
        CHECK(page.annotation("level") != "");
        id = page.id;
    }
    CHECK(site.post("/api/v1/pages/" + id + "/ack", R"({"by":"wang"})").status == 200);

    // Level I, and a kill in the middle of it.
    const std::size_t before = sink.received().size();
    for (int i = 6; i < 10; ++i) pbx.join(fmt::format("1795451721.{}", i));
    REQUIRE(sink.wait_for(before + 1, 10s));
    site.stop(SIGKILL);
    test::check_hashes(site.store_path());

    site.start();
    REQUIRE(pbx.wait_snapshot(2, 10s));
    // Nothing is lost: the page for level I is there, at most once more, and then marked.
    REQUIRE(site.wait_until(
        "/api/v1/pages",
        [](const std::string& body) {
            return body.find(R"("level":"I",)") != std::string::npos &&
                   body.find(R"("state":"accepted")") != std::string::npos;
        },
        10s
    ));
    std::map<std::string, int> times;
    for (const test::ReceivedPage& page : sink.received()) {
        if (++times[page.id] > 1) CHECK(page.possible_repeat);
    }
    for (const auto& [page, count] : times) CHECK(count <= 2);
    // The figures speak again once the manager's snapshot stands.
    CHECK(site.wait_until(
        "/api/v1/queues",
        [](const std::string& body) {
            return body.find(R"("calls_waiting":10)") != std::string::npos;
        },
        10s
    ));
    for (const test::ReceivedPage& page : sink.received()) id = page.id;
    CHECK(site.post("/api/v1/pages/" + id + "/ack", R"({"by":"wang"})").status == 200);
    site.stop(SIGTERM);
    test::check_hashes(site.store_path());
}
