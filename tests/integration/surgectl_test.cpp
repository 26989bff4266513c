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
#include <iterator>
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
    CHECK(surgectl(site, {"reload"}).code == 0);
    site.stop(SIGTERM);
    const std::string log = site.log();
    const auto end = log.find("event=reload_good_again");
    CHECK(end != std::string::npos);
    CHECK(log.find("event=reload_good_again", end + 1) == std::string::npos);
}

TEST_CASE("surgectl: what a reload would change, who loaded what, and a folder that is watched") {
    test::SiteOptions options;
    options.hook_url = "http://127.0.0.1:1/";
    options.hook_secret = test::PageSink::default_secret();
    options.more = {"rules.watch=true"};
    test::Site site{options};
    site.start();
    const auto loads = [&] { return surgectl(site, {"rules", "versions"}).text; };
    CHECK(site.wait_until(
        "/api/v1/rules/versions",
        [](const std::string& body) { return body.find("start") != std::string::npos; },
        10s
    ));
    CHECK(
        surgectl(site, {"reload", "--diff", "--language", "en"}).text.find("nothing changes") == 0
    );

    // An editor: written under another name, put in place.
    const std::string file = site.rules_path() + "/site.yaml";
    std::ifstream in{file};
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    const std::string end = "zh-CN}";
    REQUIRE(text.find(end) != std::string::npos);
    text.replace(text.find(end), end.size(), "zh-CN, second_person: {in_incident: true}}");
    std::ofstream{site.rules_path() + "/.site.yaml.tmp"} << text;
    std::filesystem::rename(site.rules_path() + "/.site.yaml.tmp", file);
    CHECK(site.wait_until(
        "/api/v1/rules/versions",
        [](const std::string& body) { return body.find("file watch") != std::string::npos; },
        10s
    ));
    const Ran diff = surgectl(site, {"rules", "versions"});
    CAPTURE(diff.text);

    // Now two are needed while an incident is open.
    REQUIRE(site.post("/api/v1/events", test::offered_now(6)).status == 200);
    REQUIRE(site.wait_until(
        "/api/v1/incidents",
        [](const std::string& body) { return body.find("opened_at") != std::string::npos; },
        10s
    ));
    text.replace(text.find("in_incident: true"), 17, "in_incident: false");
    text.replace(text.find("short_abandon: 5s"), 17, "short_abandon: 6s");
    std::ofstream{file} << text;
    CHECK(site.wait_until(
        "/api/v1/rules/versions",
        [](const std::string& body) { return body.find("\"pending\":{") != std::string::npos; },
        10s
    ));
    CHECK(surgectl(site, {"status"}).text.find("rules pending") != std::string::npos);
    const Ran asked = surgectl(site, {"reload", "--by", "wang", "--why", "night shift"});
    CAPTURE(asked.text);
    CHECK(asked.code == 1);
    CHECK(asked.text.find("a second person must agree") != std::string::npos);
    const Ran shown = surgectl(site, {"reload", "--diff", "--language", "en"});
    CAPTURE(shown.text);
    CHECK(shown.text.find("second_person.in_incident true → false") != std::string::npos);
    const std::string mark = "--confirm ";
    const std::string id = asked.text.substr(
        asked.text.find(mark) + mark.size(),
        asked.text.find(" --by") - asked.text.find(mark) - mark.size()
    );
    CHECK(surgectl(site, {"reload", "--confirm", id, "--by", "wang"}).code == 1);
    CHECK(surgectl(site, {"reload", "--confirm", id, "--by", "li"}).code == 0);
    const std::string list = loads();
    CAPTURE(list);
    CHECK(list.find("night shift") != std::string::npos);
    CHECK(list.find("li") != std::string::npos);
    const std::string version = list.substr(list.find('\n') + 1, 12);
    CHECK(
        surgectl(site, {"rules", "show", version, "site.yaml"}).text.find("in_incident: false") !=
        std::string::npos
    );
    site.stop(SIGTERM);
}
