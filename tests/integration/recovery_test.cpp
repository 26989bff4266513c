// Killed at any moment, surged forgets nothing that was committed and loses no page.
#include "base/random.hpp"
#include "support/journal_check.hpp"
#include "support/page_sink.hpp"
#include "support/pbx.hpp"
#include "support/site.hpp"

#include <chrono>
#include <csignal>
#include <deque>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <map>
#include <string>
#include <thread>

using namespace surged;
using namespace std::chrono_literals;

TEST_CASE("recovery: 200 kills at random moments") {
    constexpr int kills = 200;
    Random random{20261123};
    test::Pbx pbx{"surged", "s3cret", "sales"};
    pbx.add_agent("Local/101@agents");
    test::PageSink sink;
    test::SiteOptions options;
    options.pbx_port = pbx.port();
    options.hook_url = sink.url();
    options.hook_secret = test::PageSink::default_secret();
    options.rules = "waves";
    test::Site site{options};
    std::deque<std::string> waiting;
    int calls = 0;
    for (int kill = 0; kill < kills; ++kill) {
        CAPTURE(kill);
        site.start();
        // Half of the kills come while it recovers and connects, half in the middle of calls.
        if (random.below(2) == 0) REQUIRE(pbx.wait_snapshot(1, 10s));
        for (auto left = random.below(12); left > 0; --left) {
            // Waves: the queue fills to level I, then empties again.
            const bool fill = (calls / 12) % 2 == 0 || waiting.empty();
            if (fill) {
                waiting.push_back(fmt::format("17954517{}.{}", kill, calls));
                pbx.join(waiting.back());
            } else {
                pbx.answer(waiting.front(), "Local/101@agents", 1);
                waiting.pop_front();
            }
            ++calls;
            std::this_thread::sleep_for(std::chrono::microseconds{random.below(3000)});
        }
        std::this_thread::sleep_for(std::chrono::microseconds{random.below(200'000)});
        site.stop(SIGKILL);
        test::check_hashes(site.store_path());
    }
    site.start();
    CAPTURE(site.log());
    // What was owed goes out now; nothing stays due.
    CHECK(site.wait_until(
        "/api/v1/pages?limit=1000",
        [](const std::string& body) {
            return body.find(R"("state":"due")") == std::string::npos &&
                   body.find(R"("state":"sent")") == std::string::npos;
        },
        20s
    ));
    std::map<std::string, int> times;
    for (const test::ReceivedPage& page : sink.accepted()) {
        CAPTURE(page.id);
        if (++times[page.id] > 1) CHECK(page.possible_repeat);
    }
    CHECK(times.size() >= 10);  // there were pages at all
    site.stop(SIGTERM);
    test::check_hashes(site.store_path());
}
