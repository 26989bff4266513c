// Each scenario, back-tested with the shipped plans, raises what its name promises.
#include "app/simulate/scenarios.hpp"

#include "app/backtest/feed.hpp"
#include "app/backtest/runner.hpp"
#include "app/simulate/centre.hpp"
#include "app/simulate/feed.hpp"
#include "config/daemon.hpp"
#include "places.hpp"
#include "support/temp_folder.hpp"

#include <algorithm>
#include <cstdio>
#include <doctest/doctest.h>
#include <map>
#include <memory>
#include <set>

using namespace surged;
using namespace surged::app;
using namespace surged::app::simulate;
using plan::Level;

namespace {

Setup setup_of(Scenario scenario, std::uint64_t seed = 1) {
    Wish wish;
    wish.scenario = scenario;
    wish.seed = seed;
    wish.agents = usual_agents(scenario);
    wish.duration = usual_duration(scenario);
    const auto setup = make_setup(wish);
    REQUIRE(setup.has_value());
    return *setup;
}

/// A day of no season, or the scenario's own.
backtest::Outcome tested(Scenario scenario, backtest::RunOptions options = {}) {
    const test::TempFolder folder;
    const std::string path = folder.path() + "/events";
    const std::string start = usual_start(scenario);
    {
        const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{
            std::fopen(path.c_str(), "w"), &std::fclose
        };
        const auto from = parse_rfc3339(start.empty() ? "2026-08-12T10:00:00+08:00" : start);
        REQUIRE(write_events(setup_of(scenario), *from, file.get()).has_value());
    }
    auto rules = config::load_rules(SURGED_SOURCE_DIR "/rules", nullptr);
    REQUIRE(rules.has_value());
    backtest::FeedOptions feed;
    feed.site = rules->rules.site.id;
    feed.source = "acd-1";
    const auto events = backtest::ndjson_feed(path, nullptr, feed);
    options.ack_after = 20s;
    backtest::Runner runner{std::move(rules->rules), rules->hash, std::move(options)};
    for (auto inputs = events->next(); inputs && !inputs->empty(); inputs = events->next())
        for (engine::Input& input : *inputs) runner.take(std::move(input));
    CHECK(events->reading().bad.total == 0);
    return runner.finish();
}

const backtest::IncidentSeen* incident_of(const backtest::Outcome& outcome, const char* plan) {
    for (const auto& one : outcome.incidents)
        if (one.plan == plan) return &one;
    return nullptr;
}

}  // namespace

TEST_CASE("scenario: names are read as they are written") {
    for (const char* name : {"normal", "surge", "outage", "complaints", "shortage", "double11"}) {
        const auto scenario = parse_scenario(name);
        REQUIRE_MESSAGE(scenario.has_value(), name);
        CHECK(name_of(*scenario) == name);
    }
    CHECK_FALSE(parse_scenario("calm").has_value());
}

TEST_CASE("scenario: in an outage every call is cut, nothing is told, and then all call again") {
    const Setup setup = setup_of(Scenario::outage);
    Centre centre{setup};
    std::set<std::uint32_t> open;
    std::map<int, int> offered;  // by minute
    while (const auto h = centre.next()) {
        CHECK_FALSE((setup.dark.on < h->at && h->at < setup.dark.off));
        if (h->at >= setup.dark.off && !offered.contains(24)) CHECK(open.empty());
        if (h->what == What::offered) {
            open.insert(h->call);
            ++offered[static_cast<int>(h->at / 1min)];
        }
        for (const What end : {What::abandoned, What::exited, What::completed})
            if (h->what == end) open.erase(h->call);
    }
    CHECK(offered[22] == 0);
    CHECK(offered[25] > 2 * offered[15]);
}

TEST_CASE("scenario: an outage is a lost feed first, and a surge behind it") {
    backtest::RunOptions options;
    options.feeds = {"acd-1"};
    const auto outcome = tested(Scenario::outage, options);
    const auto* one = incident_of(outcome, "platform-service");
    REQUIRE(one != nullptr);
    const Instant down = *outcome.from + 20min;
    const auto lost = std::find_if(one->stages.begin(), one->stages.end(), [&](const auto& stage) {
        return stage.at > down && stage.at < down + 4min && stage.level == Level::III;
    });
    CHECK(lost != one->stages.end());
    CHECK(one->highest >= Level::II);
}

TEST_CASE("scenario: a wave of complaints raises a level by complaints") {
    const auto outcome = tested(Scenario::complaints);
    const auto* one = incident_of(outcome, "platform-service");
    REQUIRE(one != nullptr);
    CHECK(one->highest >= Level::II);
    REQUIRE(one->cause.has_value());
    CHECK(one->cause->measure.kpi == board::Kpi::complaints);
}

TEST_CASE("scenario: a shortage of agents raises a level by waiting, with no more calls than usual"
) {
    const auto outcome = tested(Scenario::shortage);
    const auto* one = incident_of(outcome, "platform-service");
    REQUIRE(one != nullptr);
    CHECK(one->opened > *outcome.from + 20min);
    CHECK(one->highest >= Level::II);
}

TEST_CASE("scenario: a Double 11 night is one incident, with one page per person and level") {
    const Setup setup = setup_of(Scenario::double11);
    CHECK(setup.queues.size() == 12);
    CHECK(setup.agents.size() == 300);
    const auto outcome = tested(Scenario::double11);
    REQUIRE(outcome.incidents.size() == 1);
    CHECK(outcome.incidents[0].plan == "peak-service");
    CHECK(outcome.incidents[0].queues.size() == 12);
    CHECK(outcome.incidents[0].highest == Level::I);
    std::map<std::pair<std::string, Level>, int> pages;
    for (const auto& page : outcome.pages)
        if (page.step.empty()) ++pages[{page.person, page.level}];
    CHECK(pages.size() >= 9);
    for (const auto& [who, count] : pages) {
        CAPTURE(who.first);
        CAPTURE(plan::name_of(who.second));
        CHECK(count == 1);
    }
}
