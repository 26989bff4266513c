#include "app/backtest/report.hpp"

#include "app/backtest/runner.hpp"
#include "support/rules_builder.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>
#include <regex>

using namespace surged;
using namespace surged::app::backtest;

namespace {

/// A surge on a queue whose name would break a page that is not careful.
Sheet surge() {
    RunOptions options;
    options.ack_after = 2min;
    options.series = true;
    Runner runner{test::small_center(), "0123456789abcdef", options};
    const Instant start{Seconds{1'795'422'900}};  // 2026-11-23 16:35 in Shanghai
    for (int i = 0; i < 30; ++i) {
        const std::string call = "c-" + std::to_string(i);
        acd::Event event;
        event.type = acd::EventType::offered;
        event.queue = "<b>\"A&B\"\x01";
        event.call = call;
        acd::Batch batch;
        batch.append(event);
        engine::Input input;
        input.instant = start + Seconds{i * 20};
        input.source = "history";
        input.actor = {engine::ActorKind::source, "history", "backtest"};
        input.body = engine::Events{std::move(batch)};
        runner.take(input);
    }
    Sheet out;
    out.outcome = runner.finish();
    out.reading.lines = 31;
    out.reading.events = 30;
    out.reading.bad.count("json", 1);
    out.reading.bad.add({"day.ndjson", 7, "json", "not one JSON object"});
    out.rules_path = "rules";
    out.files = {"day.ndjson"};
    out.ack_after = 2min;
    return out;
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

/// Every tag that is opened is closed, in order. Returns what is wrong.
std::string unbalanced(const std::string& html) {
    static const std::regex tag{R"(<(/?)([a-z0-9]+)((?:[^<>"]|"[^"<]*")*)>)"};
    std::vector<std::string> open;
    for (std::sregex_iterator it{html.begin(), html.end(), tag}, end; it != end; ++it) {
        const std::string name = (*it)[2], rest = (*it)[3];
        if (name == "meta" || rest.ends_with('/')) continue;
        if ((*it)[1].length() == 0) {
            open.push_back(name);
        } else {
            if (open.empty() || open.back() != name) return "</" + name + "> closes nothing";
            open.pop_back();
        }
    }
    return open.empty() ? std::string{} : "<" + open.back() + "> stays open";
}

}  // namespace

TEST_CASE("backtest: the text says what fired, when, why, and who is paged, in both languages") {
    const Sheet sheet = surge();
    const std::string en = text_report(sheet, plan::Language::en);
    CHECK(has(en, "2026-11-23 16:35:00 to 2026-11-23 16:44:40"));
    CHECK(has(en, "day.ndjson:7: json: not one JSON object"));
    CHECK(has(en, "P06 Platform service"));
    CHECK(has(en, "P06-hz-20261123-1  IV 16:35:20, III 16:36:00, II 16:36:40, I 16:38:00"));
    CHECK(has(en, "[pressure]"));
    CHECK(has(en, "each taken after 2 min"));
    CHECK(has(en, "2026-11-23 16:36:00  王"));
    CHECK_FALSE(has(en, "\x01"));
    const std::string zh = text_report(sheet, plan::Language::zh_cn);
    CHECK(has(zh, "P06 平台客服应急预案"));
    CHECK(has(zh, "会触发的事件"));
    CHECK(has(zh, "每次呼叫 2 分钟 后确认"));
}

TEST_CASE("backtest: the JSON is whole and says the same") {
    const auto json = boost::json::parse(json_report(surge())).as_object();
    CHECK(json.at("read").at("unreadable_by_reason").at("json") == 1);
    const auto& incident = json.at("incidents").at(0);
    CHECK(incident.at("plan") == "platform-service");
    CHECK(incident.at("highest") == "I");
    CHECK(incident.at("opened") == "2026-11-23T08:35:20.000000Z");
    CHECK(incident.at("levels").as_array().size() == 4);
    CHECK(incident.at("cause").at("kpi") == "calls_waiting");
    CHECK(incident.at("cause").at("threshold").to_number<double>() == 10.0);
    const auto& page = json.at("pages").at(0);
    CHECK(page.at("person") == "wang");
    CHECK(page.at("at") == "2026-11-23T08:36:00.000000Z");
    CHECK(json.at("by_level").at("I") == 1);
    CHECK(json.at("by_plan").at("platform-service").at("I") == 1);
    const auto& wang = json.at("by_person").at("wang");
    CHECK(wang.at("pages") == json.at("pages").as_array().size());
    CHECK(wang.at("by_shift").at("16:00-24:00") == wang.at("pages"));
}

TEST_CASE("backtest: the page of HTML stands alone, is well formed, and shows the plot") {
    for (const plan::Language language : {plan::Language::zh_cn, plan::Language::en}) {
        const std::string html = html_report(surge(), language);
        CHECK(unbalanced(html) == "");
        CHECK(html.starts_with("<!doctype html>"));
        for (const char* foreign :
             {"http:", "https:", "src=", "href=", "url(", "@import", "<script"})
            CHECK_FALSE_MESSAGE(has(html, foreign), foreign);
        CHECK(has(html, "&lt;b&gt;&quot;A&amp;B&quot;"));
        CHECK_FALSE(has(html, "<b>\"A"));
        CHECK(has(html, R"(<path class="v" d="M)"));
        CHECK(has(html, R"(<line class="l IV")"));
        CHECK(has(html, R"(<rect class="I")"));
        CHECK(has(html, "P06-hz-20261123-1"));
    }
}

TEST_CASE("backtest: what is not in the order of time is said, in both languages") {
    Sheet sheet = surge();
    CHECK_FALSE(has(text_report(sheet, plan::Language::en), "not in the order of time"));
    CHECK_FALSE(has(text_report(sheet, plan::Language::en), "0123456789ab"));
    sheet.outcome.refused["late"] = 839;
    sheet.reading.disorder = {838, "day.ndjson", 4, Wall{1'795'422'900'000'000}};
    sheet.configured = true;
    const std::string en = text_report(sheet, plan::Language::en);
    CHECK(has(en, "839 events stand behind others that are later by more than 5 min"));
    CHECK(has(en, "day.ndjson:4, of 2026-11-23 16:35:00"));
    CHECK(has(en, "rules: rules (0123456789ab)"));
    const std::string zh = text_report(sheet, plan::Language::zh_cn);
    CHECK(has(zh, "未按时间顺序:839 条事件"));
    CHECK(has(zh, "首次跳变在 day.ndjson:4,其时间为 2026-11-23 16:35:00"));
}

TEST_CASE("backtest: nothing that fires is said so") {
    Sheet sheet;
    sheet.outcome.rules = std::make_shared<const plan::RuleSet>(test::small_center());
    CHECK(has(text_report(sheet, plan::Language::en), "Nothing fired."));
    CHECK(has(html_report(sheet, plan::Language::zh_cn), "没有触发。"));
    CHECK(boost::json::parse(json_report(sheet)).at("from").is_null());
}
