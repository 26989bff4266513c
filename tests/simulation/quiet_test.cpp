// The quiet test: all 21 plans, as shipped, over ordinary weeks and through surges.
//
// Figures as in docs/plans.md. An unoptimized or sanitized build simulates less of the same.
#include "config/daemon.hpp"
#include "places.hpp"
#include "simulation/world.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

using namespace surged;
using app::offline::Runner;
using plan::Level;
using simulation::Center;
using simulation::CenterOptions;

namespace {

#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__)
constexpr bool whole = true;
#else
constexpr bool whole = false;
#endif

const plan::Rules& shipped() {
    static const plan::Rules rules = [] {
        auto loaded = config::load_rules(SURGED_SOURCE_DIR "/rules", nullptr);
        REQUIRE(loaded.has_value());
        return std::make_shared<const plan::RuleSet>(std::move(loaded->rules));
    }();
    return rules;
}

Wall local(std::string_view date, int hour) {
    const auto at = parse_rfc3339(fmt::format("{}T{:02}:00:00+08:00", date, hour));
    REQUIRE(at);
    return *at;
}

/// 85 % in 20 s on an ordinary day; found by trying this simulation, and looked at below.
CenterOptions of_30(std::uint64_t seed) { return {"vip-1", 30, 5.27, 6, seed}; }
CenterOptions of_300(std::uint64_t seed) { return {"large-1", 300, 60.4, 60, seed}; }

/// How often each level was reached: an opening or a rise is one alarm.
struct Alarms {
    std::map<Level, int> of;
    std::map<std::string, int> by;  // level and plan, for the eyes
    void saw(const engine::Effect& effect) {
        const auto* change = std::get_if<engine::IncidentChanged>(&effect.body);
        if (change == nullptr) return;
        const auto entry = change->item.entry;
        if (entry != incident::Entry::opened && entry != incident::Entry::raised) return;
        ++of[change->item.level];
        ++by[fmt::format(
            "{} {} ({})", plan::name_of(change->item.level), change->plan, change->item.detail
        )];
    }
    [[nodiscard]] std::string text() const {
        std::string out;
        for (const auto& [what, times] : by) out += fmt::format("{} × {}\n", times, what);
        return out;
    }
};

struct Weeks {
    Alarms alarms;
    double service_level{0};
};

/// Days from 09:00 to 21:00 from a Monday in July on, which lies in no season.
Weeks ordinary(const CenterOptions& options, int days) {
    Weeks out;
    const auto& rules = shipped();
    Runner runner{rules, "h", local("2026-07-06", 8), [&](const engine::Effect& effect) {
                      out.alarms.saw(effect);
                  }};
    runner.give(engine::SourceState{true, true, ""}, "acd-1");
    Center center{runner, options};
    const Instant first = runner.now() + 1h;
    for (int day = 0; day < days; ++day) {
        runner.advance(first + std::chrono::days{day});
        center.open(1);
        center.run(runner.now() + 12h);
        center.close();
    }
    out.service_level = center.service_level();
    return out;
}

/// Minutes from the step of demand until an incident stands at `level` or graver; none: not
/// within an hour.
std::optional<double> reaches(CenterOptions options, double load, Level level) {
    bool there = false;
    const auto& rules = shipped();
    Runner runner{rules, "h", local("2026-08-05", 9), [&](const engine::Effect& effect) {
                      const auto* change = std::get_if<engine::IncidentChanged>(&effect.body);
                      there = there || (change != nullptr && change->level >= level);
                  }};
    runner.give(engine::SourceState{true, true, ""}, "acd-1");
    Center center{runner, std::move(options)};
    center.open(1);
    center.run(runner.now() + 30min);
    there = false;
    center.set_load(load);
    const Instant from = runner.now();
    while (!there && runner.now() < from + 1h) center.run(runner.now() + 10s);
    if (!there) return std::nullopt;
    return static_cast<double>((runner.now() - from).count()) / 60e6;
}

double median(CenterOptions (*center)(std::uint64_t), double load, Level level, int runs) {
    std::vector<double> minutes;
    for (int i = 0; i < runs; ++i)
        minutes.push_back(
            reaches(center(100 + static_cast<std::uint64_t>(i)), load, level).value_or(1e9)
        );
    std::sort(minutes.begin(), minutes.end());
    return minutes[minutes.size() / 2];
}

/// `runs` of ten weeks each.
void check_quiet(CenterOptions (*center)(std::uint64_t), int runs) {
    int third = 0, graver = 0, fourth = 0;
    const int days = whole ? 70 : 1;
    for (int run = 0; run < runs; ++run) {
        const auto weeks = ordinary(center(1 + static_cast<std::uint64_t>(run)), days);
        fourth += weeks.alarms.of.contains(Level::IV) ? weeks.alarms.of.at(Level::IV) : 0;
        for (const auto& [level, times] : weeks.alarms.of) {
            if (level == Level::III) third += times;
            if (level > Level::III) graver += times;
        }
        INFO(weeks.alarms.text());
        if (whole) {
            CHECK(weeks.service_level > 0.82);
            CHECK(weeks.service_level < 0.89);
        }
        MESSAGE(fmt::format("20 s: {:.1f} %\n{}", weeks.service_level * 100, weeks.alarms.text()));
    }
    const double weeks = runs * days / 7.0;
    MESSAGE(fmt::format(
        "a week: IV {:.2f}, III {:.2f}, II or I {:.3f}",
        fourth / weeks,
        third / weeks,
        graver / weeks
    ));
    CHECK(third <= std::max(1.0, weeks));
    CHECK(graver <= 0.05 * weeks);
}

}  // namespace

TEST_CASE("quiet: 30 seats, ordinary weeks: III once a week at most, II and I hardly ever") {
    check_quiet(of_30, whole ? 2 : 1);
}

TEST_CASE("quiet: 300 seats, ordinary weeks: III once a week at most, II and I hardly ever") {
    if (!whole) return;  // a day of it takes a minute there
    check_quiet(of_300, 2);
}

TEST_CASE("quiet: twice the demand reaches II within 20 minutes at 30 seats, 10 at 300") {
    const double small = median(of_30, 2, Level::II, whole ? 41 : 3);
    MESSAGE(fmt::format("30 seats: {:.1f} min", small));
    CHECK(small <= 20);
    if (!whole) return;
    const double large = median(of_300, 2, Level::II, 41);
    MESSAGE(fmt::format("300 seats: {:.1f} min", large));
    CHECK(large <= 10);
}

TEST_CASE("quiet: three times the demand reaches I within 15 minutes at 30 seats, 10 at 300") {
    const double small = median(of_30, 3, Level::I, whole ? 41 : 3);
    MESSAGE(fmt::format("30 seats: {:.1f} min", small));
    CHECK(small <= 15);
    if (!whole) return;
    const double large = median(of_300, 3, Level::I, 41);
    MESSAGE(fmt::format("300 seats: {:.1f} min", large));
    CHECK(large <= 10);
}

TEST_CASE("quiet: a Double 11 night on 12 queues is one incident, one page per person and level") {
    std::vector<delivery::Page> pages;
    std::set<std::string> incidents;
    const auto& rules = shipped();
    Runner runner{rules, "h", local("2026-11-11", 19), [&](const engine::Effect& effect) {
                      if (const auto* send = std::get_if<engine::SendPage>(&effect.body))
                          if (send->page.step.empty()) pages.push_back(send->page);
                  }};
    runner.give(engine::SourceState{true, true, ""}, "acd-1");
    std::vector<std::unique_ptr<Center>> centers;
    for (std::uint64_t i = 0; i < 12; ++i) {
        CenterOptions options = of_30(500 + i);
        options.queue = fmt::format("vip-{}", i + 1);
        options.complaints_an_hour = 0.1;
        centers.push_back(std::make_unique<Center>(runner, options));
        centers.back()->open(1);
    }
    const Instant eight = runner.now() + (whole ? 1h : 10min);
    const Instant end = eight + (whole ? 3h : 30min);
    bool surge = false;
    for (std::size_t acked = 0; runner.now() < end;) {
        if (!surge && runner.now() >= eight)
            for (auto& center : centers) center->set_load(3);
        surge = surge || runner.now() >= eight;
        // One after the other within the second: their clocks are the runner's.
        const Instant next = runner.now() + 1s;
        for (auto& center : centers) center->run_events(next);
        runner.advance(next);
        for (auto& center : centers) center->flush_events();
        for (; acked < pages.size(); ++acked)  // a copy: taking one may send others
            runner.give(
                engine::Acknowledge{std::string{pages[acked].id}, std::string{pages[acked].person}}
            );
        for (const auto& [id, incident] : runner.engine().incidents())
            if (incident.highest > Level::IV) incidents.insert(id);
    }
    CHECK(incidents.size() == 1);
    std::map<std::pair<std::string, std::string>, int> times;  // rise and person
    for (const delivery::Page& page : pages) ++times[{fmt::format("{}", page.rise), page.person}];
    for (const auto& [what, count] : times) {
        CAPTURE(what.first);
        CAPTURE(what.second);
        CHECK(count == 1);
    }
    MESSAGE(fmt::format("{} pages", pages.size()));
}
