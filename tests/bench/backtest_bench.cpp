// Back-test: Double 11 nights on 12 queues through all the shipped rules, from the text on. What it
// costs to look at a queue falls on all that happened there in a second: the more, the less each.
#include "app/backtest/history.hpp"
#include "app/backtest/read_ahead.hpp"
#include "app/backtest/runner.hpp"
#include "app/simulate/feed.hpp"
#include "app/simulate/scenarios.hpp"
#include "app/simulate/setup.hpp"
#include "bench/bench.hpp"
#include "config/daemon.hpp"
#include "io/api/ndjson.hpp"
#include "places.hpp"
#include "support/temp_folder.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace surged::bench {
namespace {

using app::backtest::History;

void write_night(const std::string& path, std::uint32_t seats, Micros duration) {
    using namespace app::simulate;
    Wish wish;
    wish.scenario = parse_scenario("double11").value();
    wish.agents = seats;
    wish.duration = duration;
    const auto setup = make_setup(wish);
    std::FILE* file = std::fopen(path.c_str(), "w");
    const auto start = parse_rfc3339(usual_start(wish.scenario));
    const bool written = file != nullptr && setup && start && write_events(*setup, *start, file);
    if (file != nullptr) std::fclose(file);
    if (!written) throw std::runtime_error{"no night to test"};
}

app::backtest::FeedOptions feed_of(const config::LoadedRules& rules) {
    return {rules.rules.site.id, "history", rules.rules.site.zone};
}

/// Reads the file into inputs of a second each; gives each to `take`.
template <class Take>
std::size_t read_all(const std::string& path, const config::LoadedRules& rules, Take&& take) {
    auto history = History::open({path}, feed_of(rules));
    if (!history) throw std::runtime_error{history.error().what};
    for (auto inputs = history->next(); inputs && !inputs->empty(); inputs = history->next())
        for (engine::Input& input : *inputs) take(std::move(input));
    return history->reading().events;
}

struct Round {
    double wall{0}, whole{0}, parse{0};  // seconds; of the processors but for `wall`
    std::size_t events{0};
};

Round round_of(const std::string& path, const config::LoadedRules& rules) {
    Round out;
    double begun = cpu_seconds();
    out.events = read_all(path, rules, [](engine::Input&&) {});
    out.parse = cpu_seconds() - begun;

    // As surgectl does it, reading on while the engine works.
    begun = cpu_seconds();
    const auto begun_at = std::chrono::steady_clock::now();
    app::backtest::Runner runner{rules.rules, rules.hash, {}};
    auto history = History::open({path}, feed_of(rules)).value();
    const auto read = app::backtest::read_ahead(history, [&](engine::Input&& input) {
        runner.take(std::move(input));
    });
    const auto outcome = runner.finish();
    out.wall = std::chrono::duration<double>{std::chrono::steady_clock::now() - begun_at}.count();
    out.whole = cpu_seconds() - begun;
    if (!read || outcome.incidents.empty()) throw std::runtime_error{"nothing fired"};
    return out;
}

/// The round in the middle: one of a second has the machine's mood of that second.
void of_night(std::uint32_t seats, Micros duration, std::size_t times) {
    const test::TempFolder folder;
    const std::string path = folder.path() + "/night.ndjson";
    write_night(path, seats, duration);
    const auto rules = config::load_rules(SURGED_SOURCE_DIR "/rules", nullptr);
    if (!rules) throw std::runtime_error{"the shipped rules do not load"};
    std::vector<Round> rounds;
    for (std::size_t i = 0; i < times; ++i) rounds.push_back(round_of(path, *rules));
    std::sort(rounds.begin(), rounds.end(), [](const Round& a, const Round& b) {
        return a.wall < b.wall;
    });
    const Round& round = rounds[rounds.size() / 2];
    const auto all = static_cast<double>(round.events);
    const std::string what =
        fmt::format("backtest, {} seats, {} plans", seats, rules->rules.plans.size());
    row(what,
        all / round.wall,
        "events/s",
        all / round.parse,
        "parse the same text alone",
        {.value = 1e6});
    row(what + ", of both threads",
        all / round.whole,
        "events/CPU-s",
        all / round.parse,
        "parse the same text alone");
}

}  // namespace

void backtest(bool quick) {
    const std::size_t times = quick ? 1 : 5;
    of_night(300, quick ? Micros{1h} : Micros{7h}, times);
    of_night(3'000, quick ? Micros{20min} : Micros{3h}, times);
}

}  // namespace surged::bench
