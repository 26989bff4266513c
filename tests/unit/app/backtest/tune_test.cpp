#include "app/backtest/tune.hpp"

#include "app/backtest/runner.hpp"
#include "app/backtest/tune_report.hpp"
#include "support/rules_builder.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <memory>

using namespace surged;
using namespace surged::app::backtest;
using plan::Level;

namespace {

const Instant start{Seconds{1'795'422'900}};

/// Queues that wait at once: `peaks` callers on sales, one peak every six hours, who all leave.
template <class Take>
void live(const std::vector<int>& peaks, Take&& take) {
    Instant at = start;
    int call = 0;
    const auto tell = [&](acd::EventType type, const std::string& id) {
        acd::Event event;
        event.type = type;
        event.queue = "sales";
        event.call = id;
        acd::Batch batch;
        batch.append(event);
        engine::Input input;
        input.instant = at;
        input.source = "history";
        input.actor = {engine::ActorKind::source, "history", "backtest"};
        input.body = engine::Events{std::move(batch)};
        take(input);
    };
    for (const int peak : peaks) {
        const int first = call;
        for (int i = 0; i < peak; ++i) {
            at += 1s;
            tell(acd::EventType::offered, fmt::format("c{}", call++));
        }
        at += 60s;
        for (int i = first; i < call; ++i) tell(acd::EventType::abandoned, fmt::format("c{}", i));
        at += 6h;
    }
}

/// Two weeks of peaks, most of them low.
std::vector<int> fortnight() {
    std::vector<int> out;
    for (int i = 0; i < 56; ++i)
        out.push_back(i % 28 == 3 ? 9 : i % 7 == 2 ? 5 : i % 2 == 0 ? 4 : 1);
    return out;
}

TuneSheet tuned(TuneWish wish, const std::vector<int>& peaks) {
    const plan::RuleSet rules = test::small_center();
    const Tuner tuner{rules, wish};
    Runner probes{tuner.probes(), "probes", {}};
    Runner now{rules, "0123456789abcdef", {}};
    live(peaks, [&](const engine::Input& input) {
        probes.take(input);
        now.take(input);
    });
    TuneSheet out;
    out.wish = std::move(wish);
    out.before.outcome = now.finish();
    out.ladders = tuner.propose(probes.finish());
    out.untuned = tuner.untuned();
    return out;
}

TuneWish wish(Level level, double a_week) {
    TuneWish out;
    out.a_week.at(level) = a_week;
    return out;
}

}  // namespace

TEST_CASE("tune: the threshold with the wanted alarms a week, and the ladder stays one") {
    const TuneSheet sheet = tuned(wish(Level::III, 1), fortnight());  // 4 fires 38 times now
    REQUIRE(sheet.ladders.size() == 1);
    const LadderTrials& ladder = sheet.ladders[0];
    REQUIRE(ladder.rungs.size() == 1);
    const RungTrials& rung = ladder.rungs[0];
    CHECK(rung.trials[rung.now].threshold == 4'000'000);
    CHECK(rung.trials[rung.now].alarms > 30);
    CHECK(rung.choice == Choice::moved);
    const Trial& chosen = rung.trials[rung.chosen];
    CHECK(chosen.alarms == 2);
    CHECK(chosen.threshold == 6'000'000);  // of 6, 7, 8 the nearest to 4
    for (std::size_t i = 1; i < rung.trials.size(); ++i)
        CHECK(rung.trials[i].alarms <= rung.trials[i - 1].alarms);
    const Trial& milder = rung.trials.front();
    REQUIRE(milder.lead);
    CHECK(*milder.lead == 2s);  // two callers earlier
    CHECK(ladder.changed);
    const plan::Ladder& to = ladder.proposed.at(0);
    CHECK(to.at.at(Level::IV) == 2'000'000);
    CHECK(to.at.at(Level::III) == 6'000'000);
    CHECK(to.at.at(Level::II) == 9'000'000);  // 6 × 6/4: it stays the graver one
    CHECK(to.at.at(Level::I) == 10'000'000);
    const auto rules = with_proposals(test::small_center(), sheet.ladders);
    CHECK(rules.plans.at("platform-service").triggers[0].condition.leaf.ladder == to);
}

TEST_CASE("tune: a short history and a quiet one are said, and change nothing") {
    const TuneSheet brief = tuned(wish(Level::II, 0.2), fortnight());  // five weeks are wanted
    CHECK(brief.ladders[0].rungs[0].choice == Choice::short_);
    CHECK_FALSE(brief.proposes());
    const std::string text = text_tuning(brief, plan::Language::en);
    CHECK_MESSAGE(text.find("the history is too short: 1.97 weeks") != std::string::npos, text);
    CHECK(text.find("No threshold to change.") != std::string::npos);
    CHECK(text_tuning(brief, plan::Language::zh_cn).find("历史太短") != std::string::npos);
    const TuneSheet quiet = tuned(wish(Level::III, 1), std::vector<int>(56, 1));
    CHECK(quiet.ladders[0].rungs[0].choice == Choice::silent);
    const TuneSheet loud = tuned(wish(Level::III, 0.6), std::vector<int>(56, 30));
    CHECK(loud.ladders[0].rungs[0].choice == Choice::too_many);
    CHECK_FALSE(loud.proposes());
}

TEST_CASE("tune: what is not one figure is not tuned, and the report is JSON too") {
    plan::RuleSet rules = test::small_center();
    plan::Trigger both;
    both.id = "both";
    both.condition.kind = plan::ConditionKind::all;
    both.condition.members = {rules.plans["platform-service"].triggers[0].condition};
    rules.plans["platform-service"].triggers.push_back(both);
    const Tuner tuner{rules, wish(Level::III, 1)};
    REQUIRE(tuner.untuned().size() == 1);
    CHECK(tuner.untuned()[0].why == "composite");
    TuneSheet sheet = tuned(wish(Level::III, 1), fortnight());
    sheet.after = sheet.before;
    sheet.diff = "--- a";
    const auto json = boost::json::parse(json_tuning(sheet));
    CHECK(json.at("ladders").at(0).at("rungs").at(0).at("proposed").to_number<double>() == 6);
    CHECK(json.at("diff") == "--- a");
    CHECK(text_tuning(sheet, plan::Language::en).find("<- proposed") != std::string::npos);
}
