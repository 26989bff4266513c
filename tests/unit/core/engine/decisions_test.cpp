#include "core/engine/engine.hpp"
#include "support/engine_driver.hpp"

#include <doctest/doctest.h>
#include <string>

using namespace surged;
using engine::Verdict;
using incident::Phase;
using plan::Activation;
using plan::Level;
using test::EngineDriver;

namespace {

EngineDriver center(Activation mode, bool then_activate = true) {
    EngineDriver d;
    plan::RuleSet rules = test::small_center();
    rules.people["ceo"] = {"总", plan::Language::zh_cn, {{"hook", "ceo", 0s}}};
    rules.teams["directors"].escalation = {
        {{"ceo"}, 5min}
    };
    plan::Plan& p = rules.plans["platform-service"];
    p.teams["leadership"] = "directors";
    for (const Level level : {Level::III, Level::II, Level::I})
        p.activation.at(level) = {mode, "leadership", 5min, then_activate};
    d.load(std::move(rules));
    d.source_up();
    d.join(4);  // III
    return d;
}

std::string id_of(const EngineDriver& d) { return d.incident().id; }

engine::Decide yes(const EngineDriver& d, std::string by) {
    return {id_of(d), true, std::move(by), ""};
}
engine::Decide no(const EngineDriver& d, std::string by) {
    return {id_of(d), false, std::move(by), "calm"};
}

}  // namespace

TEST_CASE("decisions: who is asked is paged, the first answer stands, and then the teams are paged"
) {
    EngineDriver d = center(Activation::ask);
    CHECK(d.incident().phase == Phase::warned);
    REQUIRE(d.incident().ask.has_value());
    REQUIRE(d.sent().size() == 1);
    CHECK(d.sent()[0].person == "ceo");
    CHECK(d.sent()[0].content.text.find("决定是否启动") != std::string::npos);
    const std::uint32_t rise = d.incident().rise;

    CHECK(d.step(yes(d, "ceo")).verdict == Verdict::done);
    CHECK(d.incident().phase == Phase::activated);
    CHECK(d.incident().rise == rise + 1);
    CHECK(d.sent_to("wang").rise == rise + 1);
    const auto second = d.step(no(d, "li"));
    CHECK(second.verdict == Verdict::conflict);
    const auto again = d.step(yes(d, "li"));
    CHECK(again.verdict == Verdict::conflict);
    CHECK(again.detail == "it was activated by ceo");
}

TEST_CASE("decisions: no answer activates where the plan says so, and not where it does not") {
    EngineDriver yes_by_time = center(Activation::ask, true);
    yes_by_time.advance(4min + 59s);
    CHECK(yes_by_time.incident().phase == Phase::warned);
    yes_by_time.advance(1s);
    CHECK(yes_by_time.incident().phase == Phase::activated);
    CHECK(!yes_by_time.sent_to("wang").id.empty());

    EngineDriver no_by_time = center(Activation::ask, false);
    no_by_time.advance(6min);
    CHECK(no_by_time.incident().phase == Phase::warned);
    CHECK(no_by_time.incident().declined == Level::III);
    CHECK(no_by_time.sent_to("wang").id.empty());
}

TEST_CASE("decisions: declined is not asked again until it is graver") {
    EngineDriver d = center(Activation::ask);
    CHECK(d.step(no(d, "ceo")).verdict == Verdict::done);
    const std::size_t sent = d.sent().size();
    d.advance(20min);
    CHECK(d.sent().size() == sent);
    CHECK(d.step(no(d, "ceo")).verdict == Verdict::conflict);
    d.join(30);  // graver
    REQUIRE(d.incident().level > Level::III);
    CHECK(d.incident().ask.has_value());
    CHECK(d.sent().size() > sent);
}

TEST_CASE("decisions: what has started is taken back by a no within its time, and kept by silence"
) {
    EngineDriver d = center(Activation::start_then_confirm);
    CHECK(d.incident().phase == Phase::activated);
    CHECK(!d.sent_to("wang").id.empty());
    CHECK(d.step(no(d, "ceo")).verdict == Verdict::done);
    CHECK(d.incident().phase == Phase::warned);
    CHECK(d.incident().activated == Level::none);

    EngineDriver kept = center(Activation::start_then_confirm);
    kept.advance(6min);
    CHECK(kept.incident().phase == Phase::activated);
    CHECK_FALSE(kept.incident().ask.has_value());
    CHECK(kept.step(no(kept, "ceo")).verdict == Verdict::conflict);
}

TEST_CASE("decisions: a pinned level is held both ways until its time is over") {
    EngineDriver d = center(Activation::automatic);
    d.step(engine::PinLevel{id_of(d), Level::II, 10min, "wang", "VIP on the line"});
    CHECK(d.incident().level == Level::II);
    d.answer(4);
    d.advance(9min);
    CHECK(d.incident().level == Level::II);
    CHECK_FALSE(d.incident().clear_since.has_value());
    d.advance(30min);
    CHECK_FALSE(d.incident().pin.has_value());
    CHECK(d.incident().clear_since.has_value());
    CHECK(
        d.step(engine::PinLevel{id_of(d), Level::none, 1min, "wang", ""}).verdict != Verdict::done
    );
}

TEST_CASE("decisions: notes go to the timeline, of an ended incident too") {
    EngineDriver d = center(Activation::automatic);
    CHECK(d.step(engine::AddNote{"nope", "li", "x"}).verdict == Verdict::not_found);
    d.step(engine::EndIncident{id_of(d), "wang", ""});
    CHECK(d.step(engine::AddNote{id_of(d), "li", "the trunk was cut"}).verdict == Verdict::done);
    CHECK(d.incident().timeline.back().detail == "the trunk was cut");
    CHECK(d.step(yes(d, "li")).verdict == Verdict::conflict);
}
