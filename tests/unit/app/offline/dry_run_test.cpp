#include "app/offline/dry_run.hpp"

#include "support/rules_builder.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <string>

using namespace surged;
using namespace surged::app::offline;

namespace {

plan::RuleSet center() {
    plan::RuleSet rules = test::small_center();
    plan::Plan& p = rules.plans["platform-service"];
    p.activation.at(plan::Level::I) = {plan::Activation::ask, "boss-team", 5min, true};
    p.teams["boss-team"] = "bosses";
    rules.teams["bosses"].escalation = {
        {{"boss"}, 5min}
    };
    p.steps.front().within = 2min;
    p.steps.front().action = plan::Action{"webhook", "overflow", "leader", "overflow-off", 30s};
    plan::NoticeRule notice;
    notice.to = "customers";
    notice.via = {"ivr", "site"};
    notice.text = "busy";
    notice.from_level = plan::Level::II;
    notice.within = 3min;
    notice.every = 5min;
    p.binder.notices = {notice};
    return rules;
}

std::string lines(plan::Level level, Micros lasts, plan::Language language = plan::Language::en) {
    const auto rules = center();
    DryRun run;
    run.plan = "platform-service";
    run.level = level;
    run.at = {1'795'451'700'000'000};  // 2026-11-24 00:35 in Shanghai
    run.lasts = lasts;
    std::string out;
    for (const Happened& one : dry_run(rules, run, language))
        out += fmt::format(
            "+{} {} | {} | {}\n", format_duration(one.after), one.what, one.who, one.text
        );
    return out;
}

}  // namespace

TEST_CASE("dry run: pages, steps, actions and notices if nobody answers") {
    const std::string said = lines(plan::Level::II, 10min);
    for (const std::string_view part :
         {"+0s incident | surged | opened II",
          "+0s page | wang by hook | ",
          "+0s step | leader (duty) | report-up within 2m: Report to the lead on duty",
          "+0s action | allowed by leader (duty) | webhook overflow, undone by overflow-off",
          "+1m page | wang by sms | ",
          "+2m overdue | duty | report-up",
          "+3m notice |  | to customers by ivr, site: busy",
          "+5m page | li by hook | ",
          "+8m notice |  | to customers"})
        CHECK_MESSAGE(said.find(part) != std::string::npos, part << "\n" << said);
    CHECK(said.find("+13m") == std::string::npos);
}

TEST_CASE("dry run: a decision is asked, and its silence activates") {
    const std::string said = lines(plan::Level::I, 6min, plan::Language::zh_cn);
    for (const std::string_view part :
         {"+0s incident | boss-team (bosses) | 请求决定 Ⅰ级",
          "+0s page | boss 经 hook | ",
          "+5m incident | surged | 启动 Ⅰ级",
          "+5m page | wang 经 hook | ",
          "+5m step | leader (duty) | report-up,时限 2m:向值班领导报告"})
        CHECK_MESSAGE(said.find(part) != std::string::npos, part << "\n" << said);
}
