#include "config/ladder_text.hpp"

#include <doctest/doctest.h>

using namespace surged;
using namespace surged::config;
using plan::Level;

namespace {

constexpr std::string_view text = R"(plan: p       # 预案
triggers:
  - id: a
    above: {IV: 0.40, III: 0.55}   # 压力 0.55
    overrides:
      - queues: ["large-*"]
        above: {III: 0.40}
      - queues: ["vip"]
        for: 5m
  - id: b
    title: "等待 III"
    above:
      III: 120s
      II: 5m
  - id: c
    below: {III: 85%, II: "70%"}
)";

std::string edited(const std::vector<RungEdit>& edits) {
    const auto out = with_rungs(text, edits);
    REQUIRE_MESSAGE(out, out.error().what);
    return unified_diff("plans/p.yaml", text, *out);
}

bool has(const std::string& in, std::string_view part) {
    return in.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("ladder text: a threshold is written where and as the old one was") {
    CHECK(plan_in(text) == "p");
    const std::string one = edited({
        {"a", std::nullopt, Level::III, 700'000},
        {"a", 0,            Level::III, 505'000},
        {"a", 1,            Level::III, 999'000}
    });
    CHECK(has(one, "--- a/plans/p.yaml\n+++ b/plans/p.yaml\n@@ -1,10 +1,10 @@\n"));
    CHECK(has(one, "-    above: {IV: 0.40, III: 0.55}   # 压力 0.55\n"));
    CHECK(has(one, "+    above: {IV: 0.40, III: 0.70}   # 压力 0.55\n"));
    CHECK(has(one, "+        above: {III: 0.505}\n"));
    CHECK_FALSE(has(one, "999"));
    const std::string two = edited({
        {"b", std::nullopt, Level::III, 150'000'000},
        {"b", std::nullopt, Level::II,  450'000'000},
        {"c", std::nullopt, Level::III, 800'000    },
        {"c", std::nullopt, Level::II,  625'000    }
    });
    CHECK(has(two, "+      III: 150s\n+      II: 450s\n"));
    CHECK(has(two, "+    below: {III: 80%, II: \"62.5%\"}\n"));
}

TEST_CASE("ladder text: a place that cannot be told is refused") {
    CHECK_FALSE(with_rungs(
        text,
        {
            {"none", std::nullopt, Level::III, 1}
    }
    ));
    CHECK_FALSE(with_rungs(
        text,
        {
            {"a", std::nullopt, Level::I, 1}
    }
    ));
    CHECK_FALSE(with_rungs(
        "x: &l {III: 1}\ntriggers: [{id: a, above: *l}]\n",
        {
            {"a", std::nullopt, Level::II, 2}
    }
    ));
    CHECK(unified_diff("p", text, text).empty());
}
