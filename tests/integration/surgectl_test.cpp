// The operator's tool against the real daemon, as a script would call it.
#include "places.hpp"
#include "support/page_sink.hpp"
#include "support/process.hpp"
#include "support/site.hpp"
#include "support/surge_events.hpp"

#include <chrono>
#include <csignal>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

using namespace surged;
using namespace std::chrono_literals;

namespace {

struct Ran {
    int code{-1};
    std::string text;
};

Ran surgectl(const test::Site& site, std::vector<std::string> words) {
    words.insert(words.begin(), {SURGED_BINARY_DIR "/daemon/surgectl", "--url", site.url()});
    test::Process process{words, "/dev/null"};
    Ran ran;
    while (auto line = process.line(10s)) ran.text += *line + '\n';
    ran.code = process.wait(10s).value_or(-1);
    return ran;
}

}  // namespace

TEST_CASE("surgectl: shows a live site, takes a page, ends an incident, checks rules") {
    test::PageSink sink;
    test::SiteOptions options;
    options.hook_url = sink.url();
    options.hook_secret = test::PageSink::default_secret();
    test::Site site{options};
    site.start();
    REQUIRE(site.post("/api/v1/events", test::offered_now(6)).status == 200);
    REQUIRE(sink.wait_accepted(1, 10s));
    const std::string page = sink.accepted().back().id;
    const std::string incident = page.substr(0, page.find('.'));

    struct Row {
        std::vector<std::string> words;
        int code;
        std::string holds;
    };
    const Row rows[] = {
        {{"status"},                                    0, "store"               },
        {{"queues"},                                    0, "sales"               },
        {{"--output", "json", "queues"},                0, R"("calls_waiting":6)"},
        {{"incident", "list"},                          0, incident              },
        {{"incident", "show", incident},                0, "opened"              },
        {{"pages"},                                     0, page                  },
        {{"ack", page, "--by", "wang"},                 0, "acknowledged"        },
        {{"ack", "nonsense", "--by", "wang"},           1, ""                    },
        {{"reload"},                                    0, ""                    },
        {{"incident", "end", incident, "--by", "wang"}, 0, ""                    },
        {{"check", site.rules_path()},                  0, ""                    },
        {{"check", "/nonexistent"},                     1, ""                    },
        {{"no-such-command"},                           2, ""                    },
    };
    for (const Row& row : rows) {
        CAPTURE(row.words.front());
        const Ran ran = surgectl(site, row.words);
        CAPTURE(ran.text);
        CHECK(ran.code == row.code);
        CHECK(ran.text.find(row.holds) != std::string::npos);
    }
    CHECK(site.get("/api/v1/incidents").body.find(R"("phase":"ended")") != std::string::npos);
    site.stop(SIGTERM);
}

TEST_CASE("surgectl: a reload that was refused stands in status until a good one") {
    test::SiteOptions options;
    options.hook_url = "http://127.0.0.1:1/";
    options.hook_secret = test::PageSink::default_secret();
    test::Site site{options};
    site.start();
    const std::string extra = site.rules_path() + "/plans/broken.yaml";
    std::ofstream{extra} << "plan: {}\n";
    CHECK(surgectl(site, {"reload"}).code != 0);
    const Ran refused = surgectl(site, {"status"});
    CAPTURE(refused.text);
    CHECK(refused.code == 1);
    CHECK(refused.text.find("reload") != std::string::npos);
    CHECK(refused.text.find("refused, the rules before stay: ") != std::string::npos);
    CHECK(refused.text.find("broken.yaml:1:") != std::string::npos);
    CHECK(site.get("/readyz").status == 200);  // it still watches
    std::filesystem::remove(extra);
    CHECK(surgectl(site, {"reload"}).code == 0);
    CHECK(surgectl(site, {"status"}).text.find("refused") == std::string::npos);
    site.stop(SIGTERM);
}
