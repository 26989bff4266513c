#include "app/simulate/event_lines.hpp"

#include "app/simulate/centre.hpp"

#include <boost/json/parse.hpp>
#include <cstddef>
#include <doctest/doctest.h>
#include <map>
#include <set>
#include <sstream>
#include <string>

using namespace surged;
using namespace surged::app::simulate;

namespace {

Setup setup() {
    Wish wish;
    wish.scenario = Scenario::surge;
    wish.duration = 10min;
    wish.queues = {"quoted \"queue\"", "售后服务"};
    return *make_setup(wish);
}

}  // namespace

TEST_CASE("simulate: a line is what the events interface asks for") {
    const Wall start{1'763'900'000'000'000};
    const Happening answered{
        .at = 12'520ms, .what = What::answered, .queue = 1, .call = 3, .agent = 0, .wait = 12'400ms
    };
    CHECK(
        event_lines(setup(), answered, start, 9) ==
        R"({"ts":1763900012.520000,"id":"sim-1763900000000-9","type":"answered","queue":"售后服务",)"
        R"("call":"c-3","agent":"PJSIP/1001","wait":12.400000})"
        "\n"
        R"({"ts":1763900012.520000,"id":"sim-1763900000000-9a","type":"agent_state",)"
        R"("agent":"PJSIP/1001","state":"busy","queues":["quoted \"queue\""],"reason":""})"
        "\n"
    );
    const Happening exited{
        .at = 1s, .what = What::exited, .queue = 0, .call = 4, .wait = 1s, .by_key = true
    };
    CHECK(
        event_lines(setup(), exited, start, 1) ==
        R"({"ts":1763900001.000000,"id":"sim-1763900000000-1","type":"exited",)"
        R"("queue":"quoted \"queue\"","call":"c-4","wait":1.000000,"reason":"key"})"
        "\n"
    );
    const Happening ringing{.at = 1s, .what = What::ringing, .queue = 0, .call = 4, .agent = 1};
    CHECK(event_lines(setup(), ringing, start, 1).empty());
}

TEST_CASE("simulate: what the lines say of an agent is what he does") {
    Centre centre{setup()};
    std::map<std::string, std::string> states;
    std::size_t calls = 0;
    while (const auto h = centre.next()) {
        CAPTURE(h->at.count());
        if (h->what == What::ringing || h->what == What::answered) {
            CHECK(states.at(centre.setup().agents[h->agent].interface) == "available");
            if (h->what == What::answered) ++calls;
        }
        std::istringstream lines{event_lines(centre.setup(), *h, Wall{0}, 1)};
        for (std::string line; std::getline(lines, line);) {
            const auto parsed = boost::json::parse(line).as_object();
            if (parsed.at("type") != "agent_state") continue;
            std::string& state = states[std::string{parsed.at("agent").as_string()}];
            const std::string next{parsed.at("state").as_string()};
            CAPTURE(state);
            CAPTURE(next);
            // Between a call and the next there is what the call left to do.
            CHECK((state == "busy") == (next == "wrap"));
            if (state == "wrap") CHECK(next == "available");
            state = next;
        }
    }
    CHECK(calls > 50);
}

TEST_CASE("simulate: every line is JSON of a known type with an id of its own") {
    const std::set<std::string> types{
        "offered",
        "answered",
        "abandoned",
        "exited",
        "refused",
        "completed",
        "transferred",
        "agent_state",
        "complaint",
        "survey"
    };
    Centre centre{setup()};
    std::set<std::string> ids;
    std::uint64_t sequence = 0;
    while (const auto h = centre.next()) {
        std::istringstream lines{event_lines(centre.setup(), *h, Wall{0}, ++sequence)};
        for (std::string line; std::getline(lines, line);) {
            CAPTURE(line);
            const auto parsed = boost::json::parse(line).as_object();
            CHECK(types.count(std::string{parsed.at("type").as_string()}) == 1);
            CHECK(ids.insert(std::string{parsed.at("id").as_string()}).second);
            CHECK(parsed.at("ts").is_number());
        }
    }
    CHECK(ids.size() > 200);
}
