#include "app/simulate/centre.hpp"

#include "app/simulate/truth.hpp"

#include <doctest/doctest.h>
#include <map>
#include <set>

using namespace surged;
using namespace surged::app::simulate;

namespace {

Setup setup_of(Scenario scenario, Micros duration, std::uint64_t seed = 7) {
    Wish wish;
    wish.scenario = scenario;
    wish.duration = duration;
    wish.seed = seed;
    const auto setup = make_setup(wish);
    REQUIRE(setup.has_value());
    return *setup;
}

std::vector<Happening> all_of(const Setup& setup) {
    Centre centre{setup};
    std::vector<Happening> all;
    while (const auto h = centre.next()) all.push_back(*h);
    return all;
}

std::size_t count(const std::vector<Happening>& all, What what) {
    std::size_t n = 0;
    for (const auto& h : all) n += h.what == what ? 1 : 0;
    return n;
}

}  // namespace

TEST_CASE("simulate: the same seed gives the same day, another seed another") {
    const auto setup = setup_of(Scenario::normal, 2h);
    const auto once = all_of(setup);
    CHECK(once.size() > 500);
    CHECK(once == all_of(setup));
    CHECK(once != all_of(setup_of(Scenario::normal, 2h, 8)));
}

TEST_CASE("simulate: time never goes back and stays within the run") {
    Micros before{0};
    for (const auto& h : all_of(setup_of(Scenario::surge, 10min))) {
        CHECK(h.at >= before);
        CHECK(h.at <= 10min);
        before = h.at;
    }
}

TEST_CASE("simulate: every call and every agent moves as it can") {
    struct Call {
        std::uint32_t queue;
        bool talking;
        std::uint32_t agent;
    };
    std::map<std::uint32_t, Call> calls;
    std::set<std::uint32_t> staffed, busy, paused;
    for (const auto& h : all_of(setup_of(Scenario::normal, 24h))) {
        CAPTURE(h.at.count());
        switch (h.what) {
            case What::offered:
                REQUIRE(calls.emplace(h.call, Call{h.queue, false, nobody}).second);
                break;
            case What::refused:
                REQUIRE(calls.count(h.call) == 0);
                break;
            case What::ringing:
                REQUIRE(staffed.count(h.agent) == 1);
                REQUIRE(paused.count(h.agent) == 0);
                REQUIRE(busy.insert(h.agent).second);
                REQUIRE(calls.at(h.call).agent == nobody);
                calls.at(h.call).agent = h.agent;
                break;
            case What::unanswered:
                REQUIRE(busy.erase(h.agent) == 1);
                calls.at(h.call).agent = nobody;
                break;
            case What::answered:
                REQUIRE(calls.at(h.call).agent == h.agent);
                REQUIRE(calls.at(h.call).queue == h.queue);
                calls.at(h.call).talking = true;
                break;
            case What::abandoned:
            case What::exited:
                REQUIRE_FALSE(calls.at(h.call).talking);
                REQUIRE(calls.at(h.call).agent == h.agent);
                if (h.agent != nobody) busy.erase(h.agent);
                calls.erase(h.call);
                break;
            case What::completed:
            case What::transferred:
                REQUIRE(calls.at(h.call).talking);
                REQUIRE(busy.erase(h.agent) == 1);
                calls.erase(h.call);
                break;
            case What::wrapped_up:
                REQUIRE(staffed.count(h.agent) == 1);
                REQUIRE(busy.count(h.agent) == 0);
                break;
            case What::logged_in:
                REQUIRE(staffed.insert(h.agent).second);
                break;
            case What::logged_out:
                REQUIRE(busy.count(h.agent) == 0);
                REQUIRE(staffed.erase(h.agent) == 1);
                break;
            case What::paused:
                REQUIRE(busy.count(h.agent) == 0);
                REQUIRE(paused.insert(h.agent).second);
                break;
            case What::unpaused:
                REQUIRE(paused.erase(h.agent) == 1);
                break;
            case What::complaint:
                CHECK(h.severity >= 1);
                CHECK(h.severity <= 4);
                break;
            case What::survey:
                CHECK(h.score >= 1);
                CHECK(h.score <= 5);
                break;
        }
    }
}

TEST_CASE("simulate: handling and arrivals are as asked for") {
    const auto setup = setup_of(Scenario::normal, 9h);
    double handled_s = 0;
    std::size_t handled = 0, of_sales = 0;
    for (const auto& h : all_of(setup)) {
        if (h.what == What::offered && h.queue == 0) ++of_sales;
        if (h.what != What::completed) continue;
        handled_s += std::chrono::duration<double>(h.talk).count();
        ++handled;
    }
    CHECK(handled > 1000);
    const double mean = handled_s / static_cast<double>(handled);
    CHECK(mean == doctest::Approx(180).epsilon(0.1));  // and lognormal: half are well below it
    // From 09:00 to 18:00 the usual day stands at 0.88 of its busiest hour.
    const double wanted = setup.queues[0].calls_per_second * 9 * 3600 * 0.88;
    CHECK(static_cast<double>(of_sales) == doctest::Approx(wanted).epsilon(0.15));
}

TEST_CASE("simulate: a surge fills the queue level by level within a minute") {
    std::int64_t waiting = 0, highest_before = 0;
    std::map<std::int64_t, Micros> reached;
    for (const auto& h : all_of(setup_of(Scenario::surge, 60s, 1))) {
        if (h.queue != 0) continue;
        if (h.what == What::offered) ++waiting;
        if (h.what == What::answered || h.what == What::abandoned || h.what == What::exited)
            --waiting;
        if (h.at > 10s && h.at < 12s) highest_before = std::max(highest_before, waiting);
        if (h.at > 12s) reached.emplace(waiting, h.at);
    }
    CHECK(highest_before < 5);
    REQUIRE(reached.count(12) == 1);
    CHECK(reached.at(6) < reached.at(12));
    CHECK(reached.at(12) < 45s);
}

TEST_CASE("simulate: faster means shorter, not other calls") {
    Wish wish;
    wish.duration = 5min;
    wish.speed = 10;
    const auto fast = make_setup(wish);
    REQUIRE(fast.has_value());
    Micros longest{0};
    std::size_t answered = 0;
    for (const auto& h : all_of(*fast)) {
        longest = std::max(longest, h.wait);
        answered += h.what == What::answered ? 1 : 0;
    }
    CHECK(answered > 100);
    CHECK(longest <= 60s);  // the 10 minutes a caller may wait, ten times faster
}

TEST_CASE("simulate: a full queue refuses") {
    auto setup = setup_of(Scenario::surge, 3min);
    setup.queues[0].waiting_max = 10;
    const auto all = all_of(setup);
    CHECK(count(all, What::refused) > 10);
    std::int64_t waiting = 0;
    for (const auto& h : all) {
        if (h.queue != 0) continue;
        if (h.what == What::offered) ++waiting;
        if (h.what == What::answered || h.what == What::abandoned || h.what == What::exited)
            --waiting;
        CHECK(waiting <= 10);
    }
}

TEST_CASE("simulate: truth adds up") {
    const auto setup = setup_of(Scenario::surge, 10min);
    Truth truth{setup};
    for (const auto& h : all_of(setup)) truth.count(h, Wall{1'000'000'000'000'000});
    std::uint64_t transferred = 0;
    for (const auto& queue : truth.queues()) {
        CHECK(queue.offered > 0);
        CHECK(queue.answered >= queue.completed + queue.transferred);
        CHECK(queue.waiting() <= 200);
        CHECK(queue.wait_max <= 10min);
        transferred += queue.transferred;
    }
    CHECK(transferred > 0);
    CHECK(truth.to_json().find("\"sales\":{\"offered\":") != std::string::npos);
}

TEST_CASE("simulate: wishes that make no sense are refused in words") {
    Wish wish;
    wish.agents = 0;
    CHECK_FALSE(make_setup(wish).has_value());
    wish = {};
    wish.speed = 0;
    CHECK_FALSE(make_setup(wish).has_value());
    wish = {};
    wish.queues = {"a", "a"};
    CHECK_FALSE(make_setup(wish).has_value());
    wish.queues = {"a\r\nEvent: Forged"};
    CHECK_FALSE(make_setup(wish).has_value());
}
