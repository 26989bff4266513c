#include "config/advice.hpp"

#include "unit/config/files.hpp"

#include <doctest/doctest.h>
#include <string>

using namespace surged;
using namespace surged::config;
using namespace surged::config::test;

namespace {

/// What a check advises of a plan, without the file's name.
std::string advice_of(const std::string& plan) {
    const Files files;
    files.put("rules/plans/a.yaml", "plan: p\ntitle: {zh-CN: 甲, en: A}\n" + plan);
    const auto loaded = load_rules(files.rules(), nullptr);
    REQUIRE_MESSAGE(loaded, why_not(loaded));
    std::string out = text_of(advice_on(*loaded, nullptr));
    const std::string file = files.rules() + "/plans/a.yaml:";
    for (std::size_t at = out.find(file); at != std::string::npos; at = out.find(file))
        out.erase(at, file.size());
    return out;
}

TEST_CASE("advice: what is legal and foolish is said at its place, and does not refuse the file") {
    struct Row {
        const char* name;
        const char* plan;
        const char* want;
    };
    const std::string drill = "drill: {every: 180d, owner: duty}\n";
    const Row rows[] = {
        {"nothing",
         "triggers: [{id: a, kpi: calls_waiting, above: {III: 9}}]\npage: {III: [duty]}\n",       ""                                                                 },
        {"a level out of reach",
         "triggers: [{id: a, all: [{kpi: calls_waiting, above: {III: 9, II: 12}}, "
         "{kpi: longest_wait, above: {III: 60s}}]}]\n"
         "page: {III: [duty], II: [duty]}\n"
         "steps: [{id: s, phase: respond, team: duty, from_level: I, do: {zh-CN: 甲, en: A}}]\n", "4:25: page.II: no trigger can reach level II\n"
         "5:9: steps[1]: no trigger can reach level I\n"            },
        {"a report reaches any level",
         "kinds: {fire: {title: {zh-CN: 甲, en: A}}}\n"
         "triggers: [{id: a, report: [fire], level: III}]\npage: {III: [duty], I: [duty]}\n",     ""                                                                 },
        {"an override that another covers",
         "triggers: [{id: a, kpi: calls_waiting, above: {III: 9}, overrides: "
         "[{queues: [vip-1], above: {III: 3}}, {queues: [vip-*], above: {III: 5}}]}]\n"
         "page: {III: [duty]}\n",                                                                 "3:69: triggers.a.overrides[1]: it is never in force: overrides[2] matches wherever it "
         "does, and the last one wins\n"                                                                                            },
        {"a threshold that never clears",
         "triggers: [{id: a, kpi: service_level, window: 5m, below: {III: 90%}}]\n"
         "page: {III: [duty]}\n",                                                                 "3:12: triggers.a: level III can never clear: service_level would have to come back to "
         "108%; did you mean a smaller clear.margin\n"                                                                              },
        {"a percentage without its sign",
         "triggers: [{id: a, kpi: lines_in_use, above: {III: 80, II: 90}}]\npage: {III: [duty], "
         "II: [duty]}\n",                                                                         "3:12: triggers.a: level III is at 80 times the whole, which lines_in_use never comes to; "
         "did you mean 80%\n"                                                                                                               },
        {"a step of nobody",
         "triggers: [{id: a, kpi: calls_waiting, above: {III: 9}}]\npage: {III: [duty]}\n"
         "steps: [{id: s, phase: respond, team: it, do: {zh-CN: 甲, en: A}}]\n",                  "5:9: steps[1]: nobody owns this step: it has only a last resort\n"},
        {"one way to the team that must come when it is cut",
         "kinds: {network_fault: {title: {zh-CN: 甲, en: A}}}\n"
         "triggers: [{id: a, kpi: calls_waiting, above: {III: 9}}]\npage: {III: [it]}\n",         "1:1: it is paged over hook alone, which network_fault may cut\n"  },
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        CHECK(advice_of(row.plan + drill) == row.want);
    }
    CHECK(
        advice_of("triggers: [{id: a, kpi: calls_waiting, above: {III: 9}}]\npage: {III: [duty]}\n"
        ) == "1:1: the plan is never drilled: it has no drill.every\n"
    );
}

TEST_CASE("advice: links that only this machine can open, or only the own network") {
    struct Row {
        const char* url;
        const char* want;
    };
    const Row rows[] = {
        {"http://127.0.0.1:9469",   "lead to the reader's own machine"},
        {"http://localhost",        "lead to the reader's own machine"},
        {"https://192.168.1.7",     "inside your own network alone"   },
        {"https://10.0.0.7:9469/x", "inside your own network alone"   },
        {"https://172.20.0.7",      "inside your own network alone"   },
        {"https://surged",          "inside your own network alone"   },
        {"https://surged.local",    "inside your own network alone"   },
        {"https://[fd00::7]",       "inside your own network alone"   },
        {"https://[2001:db8::7]",   ""                                },
        {"https://172.40.0.7",      ""                                },
        {"https://ack.example.com", ""                                },
    };
    for (const Row& row : rows) {
        CAPTURE(row.url);
        const Files files;
        files.put(
            "surged.yaml",
            std::string{"http: {public_url: \""} + row.url +
                "\"}\nsources: {acd-1: {type: ami, site: hz, host: h, username: u, secret_file: s}}"
                "\nchannels: {hook: {type: console}, console: {type: console}}\n"
        );
        const auto daemon = load_daemon(files.daemon_file(), {});
        REQUIRE_MESSAGE(daemon, why_not(daemon));
        const auto loaded = load_rules(files.rules(), &*daemon);
        REQUIRE_MESSAGE(loaded, why_not(loaded));
        const std::string text = text_of(advice_on(*loaded, &*daemon));
        CAPTURE(text);
        const bool is_told = text.find("http.public_url") != std::string::npos;
        CHECK(is_told == (*row.want != '\0'));
        CHECK(text.find(row.want) != std::string::npos);
    }
}

}  // namespace
