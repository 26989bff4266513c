// surgectl explain: the engine's explanation in words, live JSON and recorded files alike.
#include "app/cli/explain.hpp"

#include "io/api/encode_explain.hpp"
#include "places.hpp"
#include "support/engine_driver.hpp"
#include "support/temp_folder.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fstream>
#include <sstream>

using namespace surged;
using namespace surged::app;

namespace {

boost::json::value json_of(const test::EngineDriver& d, const std::string& queue = "sales") {
    const auto told = d.engine.explain("platform-service", queue);
    REQUIRE(told.has_value());
    return boost::json::parse(io::api::encode_explanation(d.engine, *told));
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("surgectl explain: value, threshold, hold and what comes next, in both languages") {
    test::EngineDriver d;
    plan::RuleSet rules = test::small_center();
    plan::Leaf& leaf = rules.plans["platform-service"].triggers[0].condition.leaf;
    leaf.hold.of = {2min, 2min, 2min, 2min};
    leaf.floors.push_back({
        {board::Kpi::calls_offered, board::Window::m5, {}, {}, {}},
        3'000'000
    });
    d.load(rules);
    d.source_up();
    d.join(4);
    d.advance(50s);
    const auto waiting = json_of(d);
    const std::string en = cli::explanation_text(waiting, cli::Manner{plan::Language::en});
    CAPTURE(en);
    CHECK(has(en, "Platform service (P06 platform-service) on sales"));
    CHECK(has(en, "level III ≥ 4: met for 50 s, needs 2 min"));
    CHECK(has(en, "level II ≥ 6: not met"));
    CHECK(has(en, "floor: "));
    const std::string zh = cli::explanation_text(waiting, cli::Manner{plan::Language::zh_cn});
    CAPTURE(zh);
    CHECK(has(zh, "Ⅲ级 ≥ 4: 已持续 50 秒,需 2 分钟"));
    CHECK(has(zh, "现在:未触发"));
    d.advance(2min);
    const std::string fires = cli::explanation_text(json_of(d), cli::Manner{plan::Language::en});
    CAPTURE(fires);
    CHECK(has(fires, "Now: level III"));
    CHECK(has(fires, "Incident: " + d.incident().id));
    CHECK(has(fires, "comes down at ≤ 3.2 for 1 min"));
    CHECK(has(fires, "stays at least until"));
    const std::string all = cli::explanation_text(json_of(d, ""), cli::Manner{plan::Language::en});
    CHECK(has(all, "sales  level III  " + d.incident().id + "\n"));
    CHECK(has(all, "Now: level III (on sales)"));
    const std::string zh_all =
        cli::explanation_text(json_of(d, ""), cli::Manner{plan::Language::zh_cn});
    CHECK(has(zh_all, "现在:Ⅲ级(队列 sales)"));
}

TEST_CASE("surgectl explain: recorded events, as they stood at a moment") {
    const test::TempFolder folder;
    const std::string file = folder.path() + "/day.ndjson";
    std::ofstream out{file};
    for (int i = 0; i < 40; ++i)
        out << fmt::format(
            R"({{"ts":{},"type":"offered","queue":"hotline","call":"c{}"}})"
            "\n",
            1'795'451'700 + i,
            i
        );
    out.close();
    std::ostringstream text, errors;
    cli::Globals globals{};
    globals.language = "en";
    globals.out = &text;
    globals.err = &errors;
    cli::ExplainOptions options;
    options.plan = "P06";
    options.queue = "hotline";
    options.rules = SURGED_SOURCE_DIR "/rules";
    options.events = {file};
    options.at = "2026-11-23T16:35:30Z";
    CHECK(cli::explain(globals, options) == cli::Exit::fine);
    CAPTURE(text.str() + errors.str());
    CHECK(has(text.str(), "(P06 platform-service) on hotline, 2026-11-24 00:35:30"));
    options.at = "2026-11-24 00:35:30";  // as it is shown
    text.str("");
    CHECK(cli::explain(globals, options) == cli::Exit::fine);
    CHECK(has(text.str(), "on hotline, 2026-11-24 00:35:30"));
    text.str("");
    options.queue = "hotlin";
    CHECK(cli::explain(globals, options) == cli::Exit::usage);
    CHECK(text.str().empty());
    CHECK(has(errors.str(), "there is no queue hotlin on the board"));
    CHECK(has(errors.str(), "did you mean hotline?"));
    options.queue = "hotline";
    options.plan = "platform-servise";
    CHECK(cli::explain(globals, options) == cli::Exit::usage);
    CHECK(has(errors.str(), "did you mean platform-service?"));
    options.rules.clear();
    CHECK(cli::explain(globals, options) == cli::Exit::usage);
}
