// What a person names when he sets thresholds, and what he is told where it does not exist.
#include "io/api/threshold_check.hpp"

#include "support/engine_driver.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>
#include <string>

using namespace surged;
namespace json = boost::json;

namespace {

struct Bench {
    test::EngineDriver driver;
    Bench() {
        plan::RuleSet rules = test::small_center();
        rules.site.queues["vip"] = {};
        plan::Plan other = rules.plans.at("platform-service");
        other.name = "night";
        other.source = "P07";
        other.queues = {"sales-*"};
        plan::Trigger both;
        both.id = "both";
        both.condition.kind = plan::ConditionKind::report;
        both.condition.reports = {"fault"};
        other.triggers.push_back(both);
        rules.plans[other.name] = other;
        other.name = "night-2";
        other.source = "P08";
        rules.plans[other.name] = other;
        other.name = "night-3";
        rules.plans[other.name] = other;
        driver.load(std::move(rules));
        driver.join(1);
    }
    static engine::Temporary wanted(std::string plan, std::string trigger, std::string queue) {
        engine::Temporary out;
        out.plan = std::move(plan);
        out.trigger = std::move(trigger);
        out.queue = std::move(queue);
        out.at.at(plan::Level::III) = 8'000'000;
        out.lasts = 1h;
        out.by = "wang";
        return out;
    }
};

}  // namespace

TEST_CASE("thresholds: what does not exist is refused, and what exists is said") {
    Bench b;
    struct Row {
        const char *plan, *trigger, *queue;
        unsigned status;
        const char *unknown, *meant, *words;
    };
    const Row rows[] = {
        {"P66", "pressure",      "",      404, "plan",      "P06",      "there are: night (P07), night-2 (P08)"    },
        {"P60", "pressure",      "",      404, "plan",      "P06",      "there is no plan P60; did you mean P06?"  },
        {"P08", "pressure",      "",      404, "plan",      "",         "2 plans have the source P08"              },
        {"P06", "presure",       "",      404, "trigger",   "pressure", "did you mean pressure?"                   },
        {"P06", "calls_waiting", "",      404, "trigger",   "pressure", "pressure (calls_waiting)"                 },
        {"P06", "occupancy",     "",      404, "trigger",   "",         "platform-service has no trigger occupancy"},
        {"P07", "both",          "",      409, "figure",    "",         "both of night is not of one figure"       },
        {"P06", "pressure",      "salse", 404, "queue",     "sales",    "there are: sales, vip"                    },
        {"P07", "pressure",      "sales", 409, "unwatched", "",         "it watches: sales-*"                      },
    };
    for (const Row& row : rows) {
        CAPTURE(row.plan);
        CAPTURE(row.trigger);
        CAPTURE(row.queue);
        auto wanted = Bench::wanted(row.plan, row.trigger, row.queue);
        const auto found = io::api::check_threshold(wanted, b.driver.engine);
        REQUIRE_FALSE(found.has_value());
        CHECK(found.error().status == row.status);
        const json::value body = json::parse(found.error().body);
        CAPTURE(found.error().body);
        CHECK(body.at("unknown").as_string() == row.unknown);
        CHECK(body.at("meant").as_string() == row.meant);
        CHECK(std::string{body.at("detail").as_string()}.find(row.words) != std::string::npos);
    }
}

TEST_CASE("thresholds: a plan by its source, a queue that the rules name before its first call") {
    Bench b;
    struct Row {
        const char *plan, *queue, *name, *unseen;
    };
    const Row rows[] = {
        {"P06",   "",           "platform-service", ""          },
        {"P06",   "sales",      "platform-service", ""          },
        {"P06",   "vip",        "platform-service", "vip"       },
        {"night", "sales-east", "night",            "sales-east"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.queue);
        auto wanted = Bench::wanted(row.plan, "pressure", row.queue);
        const auto found = io::api::check_threshold(wanted, b.driver.engine);
        REQUIRE(found.has_value());
        CHECK(found->unseen == row.unseen);
        CHECK(wanted.plan == row.name);
    }
}

TEST_CASE("thresholds: levels of the rules that are not given are told, an override's, too") {
    Bench b;
    auto wanted = Bench::wanted("P06", "pressure", "");
    const plan::Condition& condition =
        b.driver.engine.rules().plans.at("platform-service").triggers.front().condition;
    std::vector<plan::Level> others;
    for (const plan::Level level : plan::levels)
        if (level != plan::Level::III && condition.leaf.ladder.at.at(level))
            others.push_back(level);
    REQUIRE_FALSE(others.empty());
    CHECK(io::api::check_threshold(wanted, b.driver.engine)->without == others);
    for (const plan::Level level : others) wanted.at.at(level) = 9'000'000;
    CHECK(io::api::check_threshold(wanted, b.driver.engine)->without.empty());
}

TEST_CASE("thresholds: what is not set cannot be taken back, and what is set is said") {
    Bench b;
    b.driver.step(Bench::wanted("platform-service", "pressure", "vip"));
    auto wanted = Bench::wanted("P06", "pressure", "sales");
    wanted.at = {};
    const auto found = io::api::check_threshold(wanted, b.driver.engine);
    REQUIRE_FALSE(found.has_value());
    const json::value body = json::parse(found.error().body);
    CHECK(body.at("unknown").as_string() == "unset");
    CHECK(body.at("known").at(0).as_string() == "platform-service pressure --queue vip");
    wanted.queue = "vip";
    CHECK(io::api::check_threshold(wanted, b.driver.engine).has_value());
}
