#include "core/engine/engine.hpp"
#include "support/engine_driver.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <string>

using namespace surged;
using engine::Answer;
using engine::AnswerPage;
using engine::Verdict;
using test::EngineDriver;

namespace {

EngineDriver surge() {
    EngineDriver d;
    d.load(test::small_center());
    d.source_up();
    d.join(4);
    return d;
}

/// A page of this incident that the engine has never heard of.
std::string unknown_page(const EngineDriver& d, std::uint32_t rise, const char* person = "wang") {
    return fmt::format("{}.{}.1.2.{}.hook", d.incident().id, rise, person);
}

int notes(const EngineDriver& d, incident::Entry entry, const std::string& by) {
    const auto& items = d.incident().timeline;
    return static_cast<int>(std::count_if(items.begin(), items.end(), [&](const auto& item) {
        return item.entry == entry && item.by == by;
    }));
}

}  // namespace

TEST_CASE("ack: a page that the engine does not know still stops the escalation, and is noted") {
    EngineDriver d = surge();
    REQUIRE(d.incident().rise == 2);
    const std::string page = unknown_page(d, 2);
    REQUIRE_FALSE(d.engine.pages().contains(page));
    CHECK(d.step(engine::Acknowledge{page, "wang"}).verdict == Verdict::done);
    CHECK(d.incident().acked_rise == 2);
    CHECK(notes(d, incident::Entry::acknowledged, "wang") == 1);
    CHECK(d.incident().timeline.back().detail == page);
    const std::size_t before = d.sent().size();
    d.advance(2h);
    CHECK(d.sent().size() == before);
    // Again: nothing more, and who it was.
    const auto again = d.step(engine::Acknowledge{page, "wang"});
    CHECK(again.verdict == Verdict::done);
    CHECK(again.detail == "already acknowledged by wang");
    CHECK(notes(d, incident::Entry::acknowledged, "wang") == 1);
}

TEST_CASE("ack: an unknown page takes what stands; an older rise is noted alone") {
    EngineDriver ahead = surge();  // the rise of the page was forgotten with it
    CHECK(ahead.step(engine::Acknowledge{unknown_page(ahead, 7), "wang"}).verdict == Verdict::done);
    CHECK(ahead.incident().acked_rise == 2);
    ahead.join(2);  // graver: somebody must hear of it
    CHECK(ahead.incident().rise == 3);
    CHECK(ahead.sent().back().rise == 3);

    EngineDriver behind = surge();
    CHECK(
        behind.step(engine::Acknowledge{unknown_page(behind, 1), "wang"}).verdict == Verdict::done
    );
    CHECK(behind.incident().acked_rise == 0);
    CHECK(notes(behind, incident::Entry::acknowledged, "wang") == 1);
    const std::size_t before = behind.sent().size();
    behind.advance(10min);
    CHECK(behind.sent().size() > before);
}

TEST_CASE("ack: what names no incident or nobody that we know is refused") {
    EngineDriver d = surge();
    const auto verdict = [&](const std::string& page) {
        return d.step(engine::Acknowledge{page, "wang"}).verdict;
    };
    CHECK(verdict("P99-hz-20261124-1.1.0.0.wang.hook") == Verdict::not_found);
    CHECK(verdict(unknown_page(d, 2, "nobody")) == Verdict::not_found);
    CHECK(verdict(d.incident().id) == Verdict::not_found);
    CHECK(d.incident().acked_rise == 0);
    d.step(engine::EndIncident{d.incident().id, "li", ""});
    CHECK(verdict(unknown_page(d, 2)) == Verdict::conflict);
}

TEST_CASE("ack: on my way takes the page and says when he is there") {
    EngineDriver d = surge();
    const std::string page = d.sent().at(0).id;
    CHECK(d.step(AnswerPage{page, "wang", Answer::on_my_way, 15min}).verdict == Verdict::done);
    CHECK(d.engine.pages().at(page).state == delivery::State::acknowledged);
    CHECK(d.incident().acked_rise == 2);
    CHECK(d.incident().timeline.back().detail == "on_my_way 15m " + page);
    const std::size_t told = d.incident().timeline.size();
    d.step(AnswerPage{page, "wang", Answer::on_my_way, 15min});
    CHECK(d.incident().timeline.size() == told);
}

TEST_CASE("paging: who passes it on is not asked by his next way, and the next rung is due now") {
    EngineDriver d = surge();
    const std::string page = d.sent().at(0).id;
    d.accept(d.sent().at(0));
    CHECK(d.step(AnswerPage{page, "wang", Answer::pass_on, {}}).verdict == Verdict::done);
    REQUIRE(d.sent().size() == 2);
    CHECK(d.sent()[1].person == "li");
    d.accept(d.sent()[1]);
    CHECK(notes(d, incident::Entry::note, "wang") == 1);
    d.step(AnswerPage{page, "wang", Answer::pass_on, {}});  // again: li keeps his time
    d.advance(4min);
    CHECK(d.sent().size() == 2);
    CHECK(d.incident().acked_rise == 0);
    CHECK(d.step(engine::Acknowledge{page, "wang"}).verdict == Verdict::done);  // after all
    CHECK(d.incident().acked_rise == 2);
    CHECK(d.step(AnswerPage{page, "wang", Answer::pass_on, {}}).verdict == Verdict::conflict);
}

TEST_CASE("paging: two people who pass one rung on do not skip the next") {
    EngineDriver d;
    plan::RuleSet rules = test::small_center();
    plan::Team& duty = rules.teams["duty"];
    duty.escalation = {
        {{"wang", "li"}, 5min},
        {{"boss"},       5min}
    };
    duty.last_resort = "boss";
    d.load(std::move(rules));
    d.source_up();
    d.join(4);
    REQUIRE(d.sent().size() == 2);
    const auto pages = d.sent();
    d.step(AnswerPage{pages[0].id, pages[0].person, Answer::pass_on, {}});
    REQUIRE(d.sent().size() == 3);
    CHECK(d.sent()[2].person == "boss");
    d.step(AnswerPage{pages[1].id, pages[1].person, Answer::pass_on, {}});
    CHECK(d.sent().size() == 3);
}

TEST_CASE("paging: the last resort cannot pass it on to himself") {
    EngineDriver d = surge();
    d.advance(30min);
    const delivery::Page last = d.sent_to("boss");
    REQUIRE_FALSE(last.id.empty());
    const std::size_t before = d.sent().size();
    CHECK(d.step(AnswerPage{last.id, "boss", Answer::pass_on, {}}).verdict == Verdict::done);
    CHECK(d.sent().size() == before);
    d.advance(5min);
    CHECK(d.sent().size() > before);
}

TEST_CASE("ack: the page of a step is taken and passed on by itself, known or not") {
    EngineDriver d;
    plan::RuleSet rules = test::small_center();
    plan::StepRule late;
    late.id = "over-flow";
    late.phase = "respond";
    late.team = "leader";
    late.within = 2min;
    rules.plans["platform-service"].steps = {late};
    d.load(std::move(rules));
    d.source_up();
    d.join(4);
    d.accept(d.sent().at(0));
    d.advance(2min);
    delivery::Page about_step;
    for (const delivery::Page& sent : d.sent())
        if (!sent.step.empty()) about_step = sent;
    REQUIRE(about_step.step == "over-flow");
    d.accept(about_step);
    const std::size_t before = d.sent().size();
    CHECK(d.step(AnswerPage{about_step.id, "wang", Answer::pass_on, {}}).verdict == Verdict::done);
    REQUIRE(d.sent().size() == before + 1);
    CHECK(d.sent().back().person == "li");
    CHECK(d.sent().back().step == "over-flow");
    const std::string unknown = d.incident().id + ".over-flow-1.7.0.boss.hook";
    CHECK(d.step(engine::Acknowledge{unknown, "boss"}).verdict == Verdict::done);
    CHECK(d.incident().acked_rise == 0);  // the rise is another matter
    const auto about = d.engine.describe(d.incident().id, "over-flow", plan::Language::en);
    REQUIRE(about.has_value());
    CHECK(about->title.find("step over-flow is overdue") != std::string::npos);
    d.step(engine::MarkStep{d.incident().id, "over-flow", false, "wang", ""});
    CHECK(
        d.step(AnswerPage{about_step.id, "wang", Answer::pass_on, {}}).verdict == Verdict::conflict
    );
    CHECK(
        d.step(engine::Acknowledge{d.incident().id + ".no-such-1.0.0.boss.hook", "boss"}).verdict ==
        Verdict::not_found
    );
}

TEST_CASE("engine: what a page would say now, in either language") {
    EngineDriver d = surge();
    const auto zh = d.engine.describe(d.incident().id, "", plan::Language::zh_cn);
    const auto en = d.engine.describe(d.incident().id, "", plan::Language::en);
    REQUIRE(zh.has_value());
    REQUIRE(en.has_value());
    CHECK(zh->title == "【Ⅲ级】hz sales 排队数 4(阈值 4)");
    CHECK(en->title == "[level III] hz sales: calls waiting 4 (threshold 4)");
    CHECK_FALSE(d.engine.describe(d.incident().id, "no-step", plan::Language::en).has_value());
    CHECK_FALSE(d.engine.describe("nothing", "", plan::Language::en).has_value());
}
