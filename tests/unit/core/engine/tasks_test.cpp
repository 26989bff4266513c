#include "core/engine/engine.hpp"
#include "support/engine_driver.hpp"

#include <doctest/doctest.h>
#include <string>

using namespace surged;
using engine::Verdict;
using incident::TaskState;
using plan::Level;
using test::EngineDriver;

namespace {

plan::StepRule step_of(std::string id, std::string phase, Level from, Micros within) {
    plan::StepRule step;
    step.id = std::move(id);
    step.phase = std::move(phase);
    step.team = "leader";
    step.from_level = from;
    step.within = within;
    step.text = {"做 " + step.id, "do " + step.id};
    return step;
}

EngineDriver center(std::vector<plan::StepRule> steps) {
    EngineDriver d;
    plan::RuleSet rules = test::small_center();
    rules.people["boss"] = {"Boss", plan::Language::en, {{"hook", "boss", 0s}}};
    rules.teams["floor"].escalation = {
        {{"boss"}, 5min}
    };
    plan::Plan& p = rules.plans["platform-service"];
    p.teams["floor"] = "floor";
    p.steps = std::move(steps);
    d.load(std::move(rules));
    d.source_up();
    return d;
}

bool opened(const EngineDriver& d, const std::string& id) {
    return d.incident().tasks.contains(id);
}

engine::MarkStep done(const EngineDriver& d, std::string step) {
    return {d.incident().id, std::move(step), false, "wang", ""};
}

}  // namespace

TEST_CASE("tasks: steps open by phase and level, and stay open on the way down") {
    EngineDriver d = center(
        {step_of("verify", "confirm", Level::IV, 0s),
         step_of("report-up", "inform", Level::III, 2min),
         step_of("overflow", "respond", Level::II, 5min),
         step_of("check", "recover", Level::IV, 0s)}
    );
    d.join(2);  // IV: a warning
    CHECK(opened(d, "verify"));
    CHECK_FALSE(opened(d, "report-up"));
    d.join(2);  // III
    CHECK(opened(d, "report-up"));
    CHECK_FALSE(opened(d, "overflow"));
    d.join(10);
    REQUIRE(d.incident().level >= Level::II);
    CHECK(opened(d, "overflow"));
    CHECK_FALSE(opened(d, "check"));
    d.answer(14);
    d.advance(2h);
    CHECK(opened(d, "check"));
}

TEST_CASE("tasks: an overdue step pages its owner, then the lead, and nobody once it is done") {
    auto late = step_of("overflow", "respond", Level::III, 2min);
    late.team = "floor";
    EngineDriver d = center({late});
    d.join(4);
    d.step(engine::Acknowledge{d.sent()[0].id, "wang"});
    const std::size_t before = d.sent().size();
    d.advance(1min + 59s);
    CHECK(d.sent().size() == before);
    d.advance(1s);
    REQUIRE(d.sent().size() == before + 1);
    CHECK(d.sent().back().person == "boss");
    CHECK(d.sent().back().id == d.incident().id + ".overflow-1.0.0.boss.hook");
    CHECK(d.sent().back().content.title.find("step overflow is overdue") != std::string::npos);
    d.advance(5min);
    CHECK(d.sent_to("wang").step == "overflow");
    CHECK(d.step(done(d, "overflow")).verdict == Verdict::done);
    const std::size_t after = d.sent().size();
    d.advance(1h);
    CHECK(d.sent().size() == after);
    CHECK(d.step(done(d, "overflow")).verdict == Verdict::conflict);
    CHECK(d.step(done(d, "nope")).verdict == Verdict::not_found);
}

TEST_CASE("tasks: acknowledging the page of a step leaves the rise as it was") {
    auto late = step_of("overflow", "respond", Level::III, 2min);
    late.team = "floor";
    EngineDriver d = center({late});
    d.join(4);
    d.advance(2min);
    const std::string page = d.sent_to("boss").id;
    REQUIRE(!page.empty());
    CHECK(d.step(engine::Acknowledge{page, "boss"}).verdict == Verdict::done);
    CHECK(d.incident().acked_rise == 0);
    d.advance(30min);
    bool rise_went_on = false;
    for (const delivery::Page& one : d.sent())
        rise_went_on = rise_went_on || (one.person == "li" && one.step.empty());
    CHECK(rise_went_on);
}

TEST_CASE("tasks: a step that must be done holds the end back, by hand and by itself") {
    auto check = step_of("check", "recover", Level::IV, 0s);
    check.required = true;
    EngineDriver d = center({check});
    d.join(4);
    d.answer(4);
    d.advance(3h);
    CHECK(d.incident().phase == incident::Phase::recovering);
    const auto refused = d.step(engine::EndIncident{d.incident().id, "wang", ""});
    CHECK(refused.verdict == Verdict::conflict);
    CHECK(refused.detail.find("check") != std::string::npos);
    d.step(engine::MarkStep{d.incident().id, "check", true, "wang", "not needed"});
    d.advance(1s);
    CHECK(d.incident().phase == incident::Phase::ended);
    CHECK(d.incident().tasks.at("check").state == TaskState::skipped);
}

TEST_CASE("tasks: a step of a kind opens only for it; one that comes again does") {
    auto medical = step_of("ambulance", "respond", Level::III, 0s);
    medical.kinds = {"casualties"};
    auto news = step_of("situation", "inform", Level::III, 0s);
    news.every = 30min;
    EngineDriver d = center({medical, news});
    d.join(4);
    CHECK_FALSE(opened(d, "ambulance"));
    d.step(done(d, "situation"));
    d.advance(29min);
    CHECK(d.incident().tasks.at("situation").state == TaskState::done);
    d.advance(1min);
    CHECK(d.incident().tasks.at("situation").state == TaskState::open);
    CHECK(d.incident().tasks.at("situation").turn == 2);
}

TEST_CASE("tasks: a page of a step that is taken while another is under way is not tried again") {
    auto late = step_of("overflow", "respond", Level::III, 2min);
    EngineDriver d = center({late});
    d.join(4);
    d.step(engine::Acknowledge{d.sent()[0].id, "wang"});
    d.advance(2min);
    d.advance(61s);  // his second way is under way too
    delivery::Page first, second;
    for (const delivery::Page& page : d.sent()) {
        if (page.step.empty()) continue;
        (page.method == 0 ? first : second) = page;
    }
    REQUIRE_FALSE(first.id.empty());
    REQUIRE_FALSE(second.id.empty());
    d.step(engine::Acknowledge{first.id, first.person});
    CHECK_FALSE(d.engine.wants(second.id, second.attempts));
    d.step(engine::Receipt{second.id, second.attempts, delivery::Outcome::retry, {}, "busy"});
    const std::size_t before = d.sent().size();
    d.advance(30s);
    CHECK(d.sent().size() == before);
}
