#include "core/plan/difference.hpp"

#include "support/rules_builder.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace surged;
using plan::Change;
using plan::Level;
using plan::What;

namespace {

plan::Leaf& leaf_of(plan::RuleSet& rules) {
    return rules.plans["platform-service"].triggers[0].condition.leaf;
}

std::vector<Change> found(const plan::RuleSet& before, const plan::RuleSet& after) {
    return plan::difference(before, after, plan::queues_of(before, after, {"support"}));
}

/// The only change; its kind, its subject and its values on one line.
std::string only(const plan::RuleSet& before, const plan::RuleSet& after) {
    const auto changes = found(before, after);
    REQUIRE(changes.size() == 1);
    const Change& one = changes[0];
    return fmt::format(
        "{} {}: {} -> {}", plan::name_of(one.what), one.subject, one.before, one.after
    );
}

}  // namespace

TEST_CASE("difference: the same rules differ in nothing") {
    CHECK(found(test::small_center(), test::small_center()).empty());
}

TEST_CASE("difference: a threshold names its level, its amounts and its queues") {
    const plan::RuleSet before = test::small_center();
    plan::RuleSet after = before;
    leaf_of(after).ladder.at.at(Level::III) = 5'500'000;
    auto changes = found(before, after);
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].what == What::threshold);
    CHECK(changes[0].level == Level::III);
    CHECK(changes[0].before == "4");
    CHECK(changes[0].after == "5.5");
    CHECK(changes[0].subject == "calls_waiting");
    CHECK(changes[0].queues == std::vector<std::string>{"*"});
    leaf_of(after).ladder.at.at(Level::III).reset();
    CHECK(found(before, after)[0].after == "none");
}

TEST_CASE("difference: an override changes its queues alone, and its season alone") {
    const plan::RuleSet before = test::small_center();
    plan::RuleSet after = before;
    plan::Override other;
    other.leaf = leaf_of(after);
    other.leaf.hold.at(Level::II) = 90s;
    other.queues = {"sales"};
    auto& condition = after.plans["platform-service"].triggers[0].condition;
    condition.overrides = {other};
    auto changes = found(before, after);
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].what == What::hold);
    CHECK(changes[0].after == "1m30s");
    CHECK(changes[0].queues == std::vector<std::string>{"sales"});
    condition.overrides[0].when = "double11";
    changes = found(before, after);
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].during == "double11");
}

TEST_CASE("difference: the same change of an override and of what it does not cover is one") {
    plan::RuleSet before = test::small_center();
    auto& condition = before.plans["platform-service"].triggers[0].condition;
    plan::Override other;
    other.leaf = condition.leaf;
    other.leaf.hold.at(Level::II) = 90s;
    other.queues = {"sales"};
    condition.overrides = {other};
    plan::RuleSet after = before;
    auto& changed = after.plans["platform-service"].triggers[0].condition;
    changed.leaf.ladder.at.at(Level::III) = 5'500'000;
    changed.overrides[0].leaf.ladder.at.at(Level::III) = 5'500'000;
    const auto changes = found(before, after);
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].queues == std::vector<std::string>{"*"});
}

TEST_CASE("difference: every other part of behaviour is told by its name") {
    const plan::RuleSet before = test::small_center();
    plan::RuleSet after = before;
    SUBCASE("way down") {
        leaf_of(after).clear.margin = 300'000;
        CHECK(only(before, after).starts_with("way_down calls_waiting: margin 0.2"));
    }
    SUBCASE("floor") {
        leaf_of(after).min_calls = 20;
        CHECK(only(before, after) == "floor calls_waiting:  -> min_calls 20");
    }
    SUBCASE("what it is compared with") {
        leaf_of(after).ratio_to = plan::Relative::profile;
        CHECK(
            only(before, after) == "figure calls_waiting: calls_waiting -> calls_waiting / profile"
        );
    }
    SUBCASE("built otherwise") {
        auto& condition = after.plans["platform-service"].triggers[0].condition;
        plan::Condition all;
        all.kind = plan::ConditionKind::all;
        all.members = {condition, condition};
        condition = all;
        CHECK(
            only(before, after) == "condition : calls_waiting -> all(calls_waiting, calls_waiting)"
        );
    }
    SUBCASE("who is paged") {
        after.teams["duty"].escalation[0].page = {"li"};
        CHECK(only(before, after).starts_with("team duty: wang 5m > li 5m; x2; last boss -> li"));
    }
    SUBCASE("an address is nobody's business") {
        after.people["wang"].contact[1].to = "2";
        const std::string told = only(before, after);
        CHECK(told == "person wang: hook after 0s, sms after 1m -> hook after 0s, sms after 1m");
    }
    SUBCASE("a step") {
        after.plans["platform-service"].steps[0].within = 10min;
        CHECK(only(before, after).ends_with("-> inform, leader, from IV, within 10m"));
    }
    SUBCASE("activation") {
        after.plans["platform-service"].activation.at(Level::III).mode = plan::Activation::warn;
        CHECK(only(before, after) == "activation : automatic -> warn");
    }
    SUBCASE("a plan comes and goes") {
        after.plans["other"] = after.plans["platform-service"];
        after.plans["other"].name = "other";
        CHECK(found(before, after)[0].what == What::plan_added);
        CHECK(found(after, before)[0].what == What::plan_removed);
    }
    SUBCASE("a trigger comes and goes") {
        auto& triggers = after.plans["platform-service"].triggers;
        triggers.push_back(triggers[0]);
        triggers[1].id = "second";
        CHECK(only(before, after) == "trigger_added :  -> calls_waiting");
        CHECK(only(after, before) == "trigger_removed : calls_waiting -> ");
    }
    SUBCASE("what leads") {
        after.plans["platform-service"].yields_to = {"peak"};
        CHECK(only(before, after) == "scope yields_to:  -> peak");
    }
    SUBCASE("a queue's target") {
        after.site.queues["sales"].target = 30s;
        CHECK(only(before, after).starts_with("site queue sales: target -, "));
    }
    SUBCASE("a second person") {
        after.site.second_person_in_incident = true;
        CHECK(only(before, after) == "site second_person.in_incident: false -> true");
    }
    SUBCASE("a limit") {
        after.site.limits.queues = 7;
        CHECK(only(before, after) == "site limits:  -> ");
    }
    SUBCASE("words come last") {
        after.plans["platform-service"].title.en = "Other";
        after.plans["platform-service"].steps.clear();
        const auto changes = found(before, after);
        REQUIRE(changes.size() == 2);
        CHECK(changes[0].what == What::step);
        CHECK(changes[1].what == What::words);
    }
}
