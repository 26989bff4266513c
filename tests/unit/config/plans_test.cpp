#include "config/daemon.hpp"
#include "places.hpp"
#include "unit/config/files.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <set>
#include <sstream>

using namespace surged;
using namespace surged::config;
using namespace surged::config::test;
using plan::Level;

namespace {

const LoadedRules& shipped() {
    static const LoadedRules rules = [] {
        const std::string root = std::string{SURGED_SOURCE_DIR} + "/rules";
        const auto daemon = load_daemon(root + "/surged.yaml", {});
        REQUIRE_MESSAGE(daemon, why_not(daemon));
        auto loaded = load_rules(root, &*daemon);
        REQUIRE_MESSAGE(loaded, why_not(loaded));
        return std::move(*loaded);
    }();
    return rules;
}

const plan::Plan& plan_of(std::string_view source) {
    for (const auto& [name, plan] : shipped().rules.plans)
        if (plan.source == source) return plan;
    FAIL("no plan " << std::string{source});
    return shipped().rules.plans.begin()->second;
}

const plan::Trigger& trigger_of(const plan::Plan& plan, std::string_view id) {
    for (const plan::Trigger& trigger : plan.triggers)
        if (trigger.id == id) return trigger;
    FAIL("no trigger " << std::string{id} << " in " << plan.name);
    return plan.triggers.front();
}

std::string_view word_of(plan::Activation mode) {
    constexpr std::string_view words[] = {"warn", "automatic", "ask", "start-then-confirm"};
    return words[static_cast<std::size_t>(mode)];
}

/// What a plan has, one word each: step:muster, notice:customers/data-leak, level:II=ask …
std::set<std::string> facts_of(const plan::Plan& plan) {
    std::set<std::string> out;
    for (const plan::KindRule& kind : plan.kinds) out.insert("kind:" + kind.id);
    for (const plan::Trigger& trigger : plan.triggers) {
        out.insert("trigger:" + trigger.id);
        if (trigger.condition.kind == plan::ConditionKind::report) out.insert("reported");
        if (trigger.condition.labels.contains("feed")) out.insert("warnings");
    }
    for (const auto& [role, team] : plan.teams) out.insert("team:" + role);
    for (const plan::StepRule& step : plan.steps) {
        out.insert("step:" + step.id);
        out.insert(step.phase + ":" + step.id);
        if (step.required) out.insert("required:" + step.id);
        if (step.every > Micros{0}) out.insert("every:" + step.id);
        if (step.before) out.insert("before:" + step.id);
        if (step.action) out.insert("action:" + step.action->target);
    }
    for (const auto& [role, words] : plan.binder.duties) out.insert("duty:" + role);
    for (const plan::NoticeRule& notice : plan.binder.notices)
        out.insert("notice:" + notice.to + "/" + notice.text);
    for (const plan::ReadinessRule& item : plan.binder.readiness)
        out.merge(std::set<std::string>{"ready:" + item.id, "ready-" + item.kind});
    for (const plan::CardRule& card : plan.binder.cards) out.insert("card:" + card.kind);
    if (!plan.binder.risks.empty()) out.insert("risks");
    if (!plan.end.declared_by.empty()) out.insert("end:" + plan.end.declared_by);
    for (const Level level : plan::levels)
        out.insert(fmt::format(
            "level:{}={}", plan::name_of(level), word_of(plan.activation.at(level).mode)
        ));
    return out;
}

struct Demand {
    std::string_view source, has;
};
/// What each original asks for, and what is easily missed in it.
constexpr Demand demands[] = {
    {"P01",
     "kind:network_fault kind:system_crash kind:data_loss kind:casualties kind:natural_disaster "
     "kind:public_health reported level:III=ask team:technical team:people team:supplies "
     "team:press required:report-facts respond:find-fault respond:move-people "
     "respond:issue-supplies inform:publish ready:spare-parts ready-training ready-maintenance "
     "ready-budget step:steer-opinion step:counsel step:care-for-injured review:inquiry"     },
    {"P02",
     "kind:natural_disaster kind:power_failure kind:telephone_failure kind:cyber_attack "
     "kind:system_fault kind:major_accident respond:backup-lines respond:remote-work "
     "inform:alternatives notice:customers/alternative-channel ready:backup-phones "
     "ready:power-and-lights ready:first-aid ready:stock-list duty:office required:roll-call"},
    {"P03",
     "kind:network_fault kind:natural_disaster kind:complaint_peak kind:agents_unavailable "
     "trigger:backlog trigger:few-agents team:network team:disaster team:complaints team:people "
     "notice:customers/outage notice:agents/agents-status respond:complaint-desk "
     "notice:customers/complaint-progress inform:progress-notice respond:rebalance-roster "
     "recover:counselling notice:customers/staff-change"                                     },
    {"P04",
     "kind:natural_disaster kind:major_accident kind:network_fault kind:system_crash "
     "kind:sabotage duty:commander duty:deputy duty:first-response duty:technical duty:service "
     "duty:outside duty:press risks confirm:assess-level required:first-judgement "
     "notice:authorities/authorities notice:partners/partners notice:press/press-line "
     "end:commander ready-supplies ready-training ready-risk"                                },
    {"P05",
     "kind:fire kind:natural_disaster kind:traffic_accident kind:equipment_failure "
     "activate:give-orders inform:report-up end:command end:declare-end duty:office "
     "duty:technical duty:operations duty:safety required:verify-report inform:tell-inside "
     "ready:safety-budget ready-budget respond:survey"                                       },
    {"P06",
     "trigger:pressure trigger:late trigger:volume trigger:system-fault trigger:complaints "
     "trigger:feed-lost trigger:unstaffed trigger:chat-slow reported level:IV=warn "
     "level:III=automatic "
     "level:I=automatic inform:report-up respond:free-agents respond:standby-system "
     "action:standby-system inform:other-departments every:listen end:report-recovered "
     "recover:tell-customers review:look-back ready:revise ready-revision"                   },
    {"P07",
     "kind:natural_disaster kind:accident kind:public_health kind:social_security warnings "
     "trigger:warning-red trigger:warning-orange trigger:warning-yellow trigger:warning-blue "
     "duty:execution duty:support inform:public-when-told notice:public/public-statement "
     "respond:inspect end:leadership end:decide-end"                                         },
    {"P08",
     "kind:natural_disaster kind:accident kind:public_health kind:social_security reported "
     "level:III=automatic required:confirm-and-level required:muster activate:muster "
     "recover:families recover:aftermath notice:families/families review:summary "
     "ready:supplies-store ready:equipment ready-training"                                   },
    {"P09",
     "kind:heard_from_customer kind:natural_disaster kind:accident kind:public_health "
     "kind:social_security trigger:agent-report reported level:IV=automatic "
     "confirm:first-judgement inform:release notice:public/public-statement "
     "recover:answer-reporter ready-training"                                                },
    {"P10",
     "kind:cyber_security kind:equipment_failure kind:casualties kind:complaint "
     "kind:business_interruption kind:natural_disaster duty:office duty:on-site "
     "duty:information duty:supplies inform:desk-relay inform:relay-upward step:cut-off "
     "step:isolate step:repair step:restore ready-supplies"                                  },
    {"P11",
     "reported required:report-facts respond:add-agents respond:other-channel inform:publish "
     "notice:customers/outage notice:customers/alternative-channel review:investigate "
     "inform:stop-rumours respond:record-complaints level:III=ask ready-drill card:dispute"  },
    {"P12",
     "kind:network_fault kind:high_volume kind:agents_ill kind:complaint_surge trigger:volume "
     "trigger:complaints respond:change-roster respond:add-agents respond:shorten-process "
     "respond:self-service respond:sort-complaints respond:causes duty:liaison "
     "every:regular-meeting recover:follow-ill-agent respond:backup-network"                 },
    {"P13",
     "kind:complaint kind:system_fault kind:abnormal_orders kind:account_security "
     "trigger:abnormal-orders trigger:early-warning required:record-complaint end:satisfaction "
     "respond:compensation action:accounts-freeze required:unlock recover:unlock "
     "report:take-from-social action:orders-hold"                                            },
    {"P14",
     "kind:natural_disaster kind:accident kind:system_fault kind:cyber_attack report:stop-calls "
     "action:queues-close respond:switch-channel respond:standby-system recover:tell-customers "
     "respond:isolate respond:block required:verify-customer-data inform:tell-departments "
     "notice:departments/departments"                                                        },
    {"P15",
     "kind:natural_disaster kind:network_fault kind:system_crash kind:mass_complaints warnings "
     "report:liaison-report level:III=ask confirm:verify-and-size respond:interim-solution "
     "duty:public-relations required:keep-promises notice:customers/progress"                },
    {"P16",
     "trigger:season before:forecast before:plan-people before:plan-equipment "
     "before:season-training before:assessment before:scenario-drills before:final-check "
     "every:season-survey ready:season-supplies before:protect-data duty:trainers "
     "before:segment-services respond:change-strategy trigger:satisfaction trigger:pressure" },
    {"P17",
     "kind:system_fault kind:complaint_surge kind:disaster kind:social_event kind:data_leak "
     "trigger:topic-delivery respond:keep-human-service required:full-check "
     "respond:topic-solutions required:notify-affected notice:customers/data-leak "
     "required:contain-leak required:leak-cause review:tighten-rules "
     "notice:authorities/authorities"                                                        },
    {"P18",
     "kind:drill_system_fault kind:drill_network_outage kind:drill_complaint_surge "
     "trigger:drill-day duty:leadership duty:command duty:evaluation duty:preparation "
     "before:write-scheme before:choose-content before:fix-script before:train-participants "
     "required:measure-effect required:score-sheet end:commend before:guard-privacy "
     "ready:full-drill notice:agents/drill"                                                  },
    {"P19",
     "kind:quality_problem kind:service_problem kind:staff_problem trigger:severity-1 reported "
     "level:II=start-then-confirm level:III=start-then-confirm required:report-facts "
     "required:demand-and-staff respond:reasoned-talks required:trace-quality "
     "respond:investigate-staff every:keep-told required:summary-report"                     },
    {"P20",
     "kind:network_fault kind:power_failure kind:sudden_illness kind:natural_disaster warnings "
     "action:backup-power required:call-back-affected report:list-customers "
     "respond:temporary-cover respond:suspend-service report:before-storm recover:repairs "
     "card:network_fault card:power_failure card:sudden_illness card:natural_disaster"       },
    {"P21",
     "reported report:quick-report trigger:crowd card:customer_fight card:staff_conflict "
     "card:robbery card:theft_lost card:vip_visit card:fire_explosion card:blackout "
     "card:lift_entrapment card:escalator_accident card:demonstration card:riot "
     "card:suspicious_object card:overcrowding card:press_on_site card:rain_leak "
     "card:price_copying card:parking_damage respond:evidence respond:public-address "
     "respond:report-insurer required:written-report respond:lost-register respond:block-cards "
     "report:two-people respond:keep-witnesses respond:check-leaky-shops duty:press"         },
};

bool has_chinese(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xF0U) == 0xE0U;
    });
}

/// Levels of a trigger's figure on a queue, as millionths; 0 where it has none.
std::array<board::Millionths, 4> ladder(
    const plan::Condition& condition, const char* queue, const plan::InForce& in_force = {}
) {
    std::array<board::Millionths, 4> out{};
    const plan::Leaf& leaf = plan::leaf_for(condition, queue, in_force);
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = leaf.ladder.at.at(plan::levels[i]).value_or(0);
    return out;
}

/// Every leaf of a condition, overrides too.
void leaves_of(const plan::Condition& condition, std::vector<plan::Leaf>& out) {
    if (condition.kind == plan::ConditionKind::leaf) out.push_back(condition.leaf);
    for (const plan::Override& over : condition.overrides) out.push_back(over.leaf);
    for (const plan::Condition& member : condition.members) leaves_of(member, out);
}

}  // namespace

TEST_CASE("plans: all 21 load, without a warning") {
    CHECK(text_of(shipped().warnings).empty());
    std::set<std::string> sources;
    for (const auto& [name, plan] : shipped().rules.plans) sources.insert(plan.source);
    CHECK(sources.size() == 21);
    CHECK(shipped().rules.plans.size() == 21);
    CHECK(*sources.begin() == "P01");
    CHECK(*sources.rbegin() == "P21");
}

TEST_CASE("plans: each has what its original demands") {
    std::set<std::string_view> seen;
    for (const Demand& demand : demands) {
        seen.insert(demand.source);
        const std::set<std::string> facts = facts_of(plan_of(demand.source));
        std::istringstream words{std::string{demand.has}};
        for (std::string word; words >> word;) {
            CAPTURE(demand.source);
            CAPTURE(word);
            CHECK(facts.contains(word));
        }
    }
    CHECK(seen.size() == 21);
}

TEST_CASE("plans: none lacks a part") {
    for (const auto& [name, plan] : shipped().rules.plans) {
        CAPTURE(name);
        CHECK_FALSE(plan.kinds.empty());
        CHECK(plan.teams.size() >= 3);
        CHECK(plan.binder.duties.size() >= 2);
        CHECK(plan.binder.notices.size() >= 3);
        CHECK(plan.binder.readiness.size() >= 2);
        REQUIRE(plan.binder.review);
        CHECK_FALSE(plan.binder.review->questions.empty());
        REQUIRE(plan.binder.drill);
        CHECK(plan.binder.drill->every <= std::chrono::days{366});
        CHECK_FALSE(plan.binder.drill->scenario.zh.empty());
        CHECK_FALSE(plan.binder.drill->scores.empty());
        CHECK_FALSE(plan.page.at(Level::III).empty());
        std::set<std::string> phases;
        for (const plan::StepRule& step : plan.steps) phases.insert(step.phase);
        for (const char* phase : {"respond", "inform", "recover", "review"}) {
            CAPTURE(phase);
            CHECK((phases.contains(phase) || plan.source == "P18"));  // a drill tells by notices
        }
        for (const plan::CardRule& card : plan.binder.cards) {
            CAPTURE(card.kind);
            const bool whole = !card.call.empty() && !card.act.empty() && !card.record.empty();
            CHECK((whole && !card.never.empty()));
        }
    }
    CHECK(plan_of("P21").binder.cards.size() >= 14);
    CHECK(plan_of("P18").binder.drill->scores.size() == 5);
}

TEST_CASE("plans: every team that one names has somebody, and a last resort") {
    const plan::RuleSet& rules = shipped().rules;
    for (const auto& [name, plan] : rules.plans)
        for (const auto& [role, team] : plan.teams) {
            CAPTURE(name);
            CAPTURE(role);
            REQUIRE(rules.teams.contains(team));
            const plan::Team& people = rules.teams.at(team);
            REQUIRE_FALSE(people.escalation.empty());
            CHECK_FALSE(people.escalation.front().page.empty());
            CHECK(rules.people.contains(people.last_resort));
        }
}

TEST_CASE("plans: what people read is in both languages, and every notice is used") {
    const auto check = [](const plan::Bilingual& text) {
        CAPTURE(text.zh);
        CAPTURE(text.en);
        CHECK(has_chinese(text.zh));
        CHECK_FALSE(text.en.empty());
        CHECK_FALSE(has_chinese(text.en));
    };
    std::set<std::string> used;
    for (const auto& [name, plan] : shipped().rules.plans) {
        check(plan.title);
        for (const plan::KindRule& kind : plan.kinds) check(kind.title);
        for (const plan::StepRule& step : plan.steps) check(step.text);
        for (const auto& [role, text] : plan.binder.duties) check(text);
        for (const plan::ReadinessRule& item : plan.binder.readiness) check(item.text);
        for (const plan::RiskRule& risk : plan.binder.risks) check(risk.prevention);
        for (const plan::NoticeRule& notice : plan.binder.notices) used.insert(notice.text);
        for (const plan::CardRule& card : plan.binder.cards)
            for (const auto* texts : {&card.act, &card.record, &card.never})
                std::for_each(texts->begin(), texts->end(), check);
    }
    for (const auto& [name, text] : shipped().rules.notices) {
        CAPTURE(name);
        check(text);
        CHECK(used.contains(name));
    }
    const plan::Bilingual& drill = shipped().rules.notices.at("drill");
    CHECK(drill.zh.starts_with("【演练】"));
    CHECK(drill.en.starts_with("[DRILL]"));
    for (const char* name : {"outage", "recovered", "busy"}) {
        CAPTURE(name);
        const plan::Bilingual& text = shipped().rules.notices.at(name);
        CHECK((text.zh.find('{') != std::string::npos && text.en.find('{') != std::string::npos));
    }
    CHECK(shipped().rules.notices.at("outage").zh.find("预计恢复时间") != std::string::npos);
}

TEST_CASE("plans: an alert belongs to one plan") {
    for (const auto& [name, plan] : shipped().rules.plans)
        for (const plan::Trigger& trigger : plan.triggers) {
            if (trigger.condition.kind != plan::ConditionKind::alert) continue;
            CAPTURE(name);
            CAPTURE(trigger.id);
            REQUIRE(trigger.condition.labels.contains("plan"));
            CHECK(trigger.condition.labels.at("plan") == plan.source);
        }
}

TEST_CASE("plans: one surge has one leader") {
    const auto yields = [](const char* source, const char* leader) {
        const auto& names = plan_of(source).yields_to;
        return std::find(names.begin(), names.end(), plan_of(leader).name) != names.end();
    };
    for (const char* source : {"P03", "P06", "P12", "P17"}) CHECK(yields(source, "P16"));
    for (const char* source : {"P03", "P12", "P17"}) CHECK(yields(source, "P06"));
    for (const char* source : {"P03", "P17"}) CHECK(yields(source, "P12"));
    CHECK(plan_of("P16").yields_to.empty());

    // In the season P06 is not there before P16, but on the demo's queues.
    const plan::Plan &platform = plan_of("P06"), &peak = plan_of("P16");
    const plan::InForce season{"peak-season"};
    for (const char* id : {"pressure", "late"})
        for (const char* queue : {"vip-1", "large-1"}) {
            CAPTURE(id);
            CAPTURE(queue);
            const plan::Condition& ours = trigger_of(platform, id).condition;
            const plan::Condition& theirs = trigger_of(peak, id).condition;
            CHECK(theirs.during == "peak-season");
            CHECK(plan::leaf_for(ours, queue, season) == plan::leaf_for(theirs, queue, season));
        }
    CHECK(trigger_of(plan_of("P12"), "volume").condition.during == "ordinary-season");
}

TEST_CASE("plans: the ladders are the documented ones, for 30 and for 300 seats") {
    using Four = std::array<board::Millionths, 4>;
    struct Row {
        const char *source, *trigger;
        int member;  // of `all`; -1: the trigger itself
        Four small, large;
    };
    constexpr board::Millionths s = 1'000'000;  // a second, and one of a count
    const Row rows[] = {
        {"P06",
         "pressure",       -1,
         {300'000, 400'000, 500'000, 800'000},
         {150'000, 200'000, 350'000, 600'000}                                                         },
        {"P06", "late",    -1, {90 * s, 120 * s, 180 * s, 240 * s}, {50 * s, 75 * s, 120 * s, 180 * s}
        },
        {"P06",
         "volume",         0,
         {1'200'000, 1'300'000, 1'500'000, 2 * s},
         {1'150'000, 1'250'000, 1'500'000, 2 * s}                                                     },
        {"P06",
         "complaints",     -1,
         {15 * s, 18 * s, 24 * s, 36 * s},
         {90 * s, 120 * s, 180 * s, 300 * s}                                                          },
        {"P12",
         "volume",         0,
         {1'200'000, 1'300'000, 1'500'000, 2 * s},
         {1'150'000, 1'250'000, 1'500'000, 2 * s}                                                     },
        {"P12", "volume",  1,  {90 * s, 120 * s, 180 * s, 240 * s}, {50 * s, 75 * s, 120 * s, 180 * s}
        },
        {"P16",
         "pressure",       -1,
         {400'000, 550'000, 800'000, 1'200'000},
         {250'000, 400'000, 650'000, 1 * s}                                                           },
        {"P16",
         "late",           -1,
         {120 * s, 180 * s, 240 * s, 300 * s},
         {75 * s, 105 * s, 150 * s, 200 * s}                                                          },
        {"P17",
         "topic-refund",   -1,
         {5 * s, 8 * s, 12 * s, 20 * s},
         {25 * s, 40 * s, 80 * s, 150 * s}                                                            },
        {"P03", "backlog", -1, {500'000, 1 * s, 2 * s, 4 * s},      {500'000, 1 * s, 2 * s, 4 * s}    },
        {"P21", "crowd",   -1, {2 * s, 3 * s, 4 * s, 5 * s},        {2 * s, 3 * s, 4 * s, 5 * s}      },
    };
    for (const Row& row : rows) {
        CAPTURE(row.source);
        CAPTURE(row.trigger);
        const plan::Condition& whole = trigger_of(plan_of(row.source), row.trigger).condition;
        const plan::Condition& one =
            row.member < 0 ? whole : whole.members.at(static_cast<std::size_t>(row.member));
        CHECK(ladder(one, "vip-1") == row.small);
        CHECK(ladder(one, "large-1") == row.large);
    }
    // The demo's surge can be watched; no other queue is as quick.
    const plan::Condition& pressure = trigger_of(plan_of("P06"), "pressure").condition;
    CHECK(plan::leaf_for(pressure, "sales", {"peak-season"}).hold.at(Level::III) == 5s);
    CHECK(plan::leaf_for(pressure, "vip-1", {}).hold.at(Level::III) == 2min);
    CHECK(ladder(pressure, "sales", {"peak-season"}) == ladder(pressure, "vip-1"));
}

TEST_CASE("plans: a share that fell can come back inside its margin") {
    for (const auto& [name, plan] : shipped().rules.plans)
        for (const plan::Trigger& trigger : plan.triggers) {
            std::vector<plan::Leaf> leaves;
            leaves_of(trigger.condition, leaves);
            for (const plan::Leaf& leaf : leaves) {
                CAPTURE(name);
                CAPTURE(trigger.id);
                const auto& mildest = leaf.ladder.at.at(Level::IV);
                if (!leaf.ladder.below || !mildest) continue;
                CHECK(*mildest + *mildest / 100 * leaf.clear.margin / 10'000 <= 1'000'000);
            }
        }
}

TEST_CASE("plans: order and dates of steps") {
    const auto& steps = plan_of("P10").steps;
    std::vector<std::string> order;
    for (const plan::StepRule& step : steps)
        for (const char* id : {"cut-off", "isolate", "repair", "restore"})
            if (step.id == id) order.push_back(step.id);
    CHECK(order == std::vector<std::string>{"cut-off", "isolate", "repair", "restore"});

    Micros first{0}, last{std::chrono::days{90}};
    for (const plan::StepRule& step : plan_of("P16").steps)
        if (step.before && *step.before > Micros{0}) {
            first = std::max(first, *step.before);
            last = std::min(last, *step.before);
        }
    CHECK(first == std::chrono::days{30});
    CHECK(last == 2h);
    CHECK(trigger_of(plan_of("P16"), "season").condition.lead == std::chrono::days{30});
}

TEST_CASE("plans: the calendars of 2026 are those published") {
    const plan::Site& site = shipped().rules.site;
    struct Row {
        const char *at, *calendar;
        bool in_force;
    };
    const Row rows[] = {
        {"2026-01-03T12:00:00+08:00", "holidays",         true },
        {"2026-01-04T12:00:00+08:00", "workdays",         true }, // a Sunday, worked
        {"2026-02-14T12:00:00+08:00", "workdays",         true },
        {"2026-02-15T00:00:00+08:00", "holidays",         true },
        {"2026-02-23T23:59:59+08:00", "holidays",         true },
        {"2026-02-24T00:00:00+08:00", "holidays",         false},
        {"2026-02-28T12:00:00+08:00", "rest-days",        false},
        {"2026-04-06T12:00:00+08:00", "workdays",         false}, // a Monday, off
        {"2026-05-09T12:00:00+08:00", "workdays",         true },
        {"2026-06-19T12:00:00+08:00", "holidays",         true },
        {"2026-09-20T12:00:00+08:00", "workdays",         true },
        {"2026-09-26T12:00:00+08:00", "holidays",         true },
        {"2026-10-07T12:00:00+08:00", "rest-days",        true },
        {"2026-10-10T12:00:00+08:00", "make-up-workdays", true },
        {"2026-11-11T20:05:00+08:00", "peak-season",      true },
        {"2026-11-11T20:05:00+08:00", "ordinary-season",  false},
        {"2026-11-13T00:00:00+08:00", "peak-season",      false},
        {"2026-06-18T12:00:00+08:00", "special-days",     true },
        {"2026-07-01T23:00:00+08:00", "nights",           true },
        {"2026-07-01T21:59:00+08:00", "opening-hours",    true },
        {"2026-07-04T21:59:00+08:00", "opening-hours",    false}, // a Saturday
    };
    for (const Row& row : rows) {
        CAPTURE(row.at);
        CAPTURE(row.calendar);
        const auto at = parse_rfc3339(row.at);
        REQUIRE(at);
        CHECK(plan::in_force(site.calendars, site.zone, row.calendar, *at) == row.in_force);
    }
}
