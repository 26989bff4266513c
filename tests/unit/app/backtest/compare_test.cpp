#include "app/backtest/compare.hpp"

#include "support/rules_builder.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>
#include <memory>

using namespace surged;
using namespace surged::app::backtest;
using plan::Level;

namespace {

const Instant start{Seconds{1'795'422'900}};  // 2026-11-23 16:35 in Shanghai

struct Given {
    std::string queue;
    std::int64_t opened_s, ended_s;  // 0: it stands
    std::vector<std::pair<std::int64_t, Level>> stages;
};

Sheet sheet(std::string path, const std::vector<Given>& incidents) {
    Sheet out;
    out.rules_path = std::move(path);
    out.files = {"day.ndjson"};
    Outcome& o = out.outcome;
    o.rules = std::make_shared<const plan::RuleSet>(test::small_center());
    o.rules_hash = out.rules_path + "-0123456789";
    out.configured = true;
    o.from = start;
    o.to = start + std::chrono::days{7};
    for (const Given& given : incidents) {
        IncidentSeen& one = o.incidents.emplace_back();
        one.id = "P06-" + std::to_string(o.incidents.size());
        one.plan = "platform-service";
        one.queues = {given.queue};
        one.opened = start + Seconds{given.opened_s};
        if (given.ended_s > 0) one.ended = start + Seconds{given.ended_s};
        for (const auto& [at, level] : given.stages) {
            one.stages.push_back({start + Seconds{at}, level});
            one.highest = std::max(one.highest, level);
        }
        one.pages = 1;
        o.pages.push_back({one.opened, one.id, "wang", "hook", one.highest, 1, 0, 0, "", {}});
    }
    return out;
}

/// The new rules see the first surge earlier, the second alone, and not the third.
std::pair<Sheet, Sheet> pair() {
    return {
        sheet(
            "new",
            {{"sales", 100, 900, {{100, Level::IV}, {160, Level::III}}},
              {"sales", 5000, 5600, {{5000, Level::IV}}}}
        ),
        sheet(
            "old",
            {{"sales", 400, 600, {{400, Level::III}}},
              {"sales", 700, 1000, {{700, Level::IV}}},
              {"support", 5000, 0, {{5000, Level::II}}}}
        )
    };
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("compare: what overlaps on a queue is one surge, seen by one rule set or by both") {
    const auto [now, before] = pair();
    const Comparison both = compare(now.outcome, before.outcome);
    REQUIRE(both.surges.size() == 3);
    CHECK(both.surges[0].now.incidents == 1);
    CHECK(both.surges[0].before.incidents == 2);
    CHECK(both.surges[0].earlier(Level::III) == 240s);
    CHECK(both.surges[0].earlier(Level::IV) == 300s);
    CHECK_FALSE(both.surges[0].earlier(Level::II));
    CHECK(both.levels.at(Level::IV).both == 1);
    CHECK(both.levels.at(Level::IV).only_now == 1);
    CHECK(both.levels.at(Level::IV).only_before == 1);
    CHECK(both.levels.at(Level::II).only_before == 1);
    CHECK(both.levels.at(Level::II).only_now == 0);
    CHECK(both.levels.at(Level::III).lead == 240s);
    CHECK(both.people.at("wang").now.pages == 2);
    CHECK(both.people.at("wang").before.pages == 3);
    CHECK(both.people.at("wang").before.by_shift[2] == 3);
    CHECK(median({3s, 1s, 2s}) == Micros{2s});
    CHECK_FALSE(median({}));
}

TEST_CASE("compare: for a terminal, a program and a browser") {
    const auto [now, before] = pair();
    const std::string en = text_comparison(now, before, plan::Language::en);
    CHECK_MESSAGE(has(en, "against: old (old-01234567"), en);
    CHECK(has(en, "5 min earlier"));
    CHECK(has(en, "ONLY AGAINST"));
    CHECK(has(en, "new 2 / against 3"));
    const std::string zh = text_comparison(now, before, plan::Language::zh_cn);
    CHECK(has(zh, "仅对照"));
    const auto json = boost::json::parse(json_comparison(now, before));
    CHECK(json.at("out_of_order").is_null());
    Sheet jumps = now;
    jumps.reading.disorder = {3, "calls.csv", 7, {}};
    const auto told = boost::json::parse(json_comparison(jumps, before));
    CHECK(told.at("out_of_order").at("events") == 3);
    CHECK(told.at("out_of_order").at("line") == 7);
    CHECK(json.at("surges").at(0).at("earlier_s").at("III").to_number<double>() == 240);
    CHECK(
        json.at("surges").at(1).at("against").is_null() !=
        json.at("surges").at(2).at("against").is_null()
    );
    CHECK(json.at("by_level").at("IV").at("only_new") == 1);
    CHECK(json.at("by_person").at("wang").at("against").at("pages") == 3);
    const std::string html = html_comparison(now, before, plan::Language::en);
    CHECK(html.starts_with("<!doctype html>"));
    CHECK(has(html, "<td>5 min earlier</td>"));
    CHECK_FALSE(has(html, "http"));
    CHECK(
        has(text_comparison(sheet("a", {}), sheet("b", {}), plan::Language::en),
            "Neither rule set fired.")
    );
}
