// The operator's tool against the real daemon, as a script would call it.
#include "io/runtime/wall_clock.hpp"
#include "places.hpp"
#include "support/page_sink.hpp"
#include "support/process.hpp"
#include "support/site.hpp"

#include <chrono>
#include <csignal>
#include <doctest/doctest.h>
#include <fmt/format.h>
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
    std::string lines;
    for (int i = 0; i < 6; ++i)
        lines += fmt::format(
            R"({{"ts":{:.6f},"type":"offered","queue":"sales","call":"c-{}"}})"
            "\n",
            static_cast<double>(io::wall_now().us) / 1e6,
            i
        );
    REQUIRE(site.post("/api/v1/events", lines).status == 200);
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
