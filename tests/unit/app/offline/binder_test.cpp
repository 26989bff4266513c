// Plans on paper, and plans made from the template.
#include "app/offline/binder.hpp"

#include "app/cli/dry_run.hpp"
#include "app/cli/plan.hpp"
#include "app/offline/trigger_words.hpp"
#include "config/daemon.hpp"
#include "places.hpp"
#include "support/temp_folder.hpp"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

using namespace surged;
using app::cli::Exit;

namespace {

constexpr const char* shipped = SURGED_SOURCE_DIR "/rules";

struct Terminal {
    std::ostringstream out, err;
    app::cli::Globals globals;
    Terminal() {
        globals.out = &out;
        globals.err = &err;
        globals.language = "en";
    }
};

bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("plan print: plans, cards and contacts in one text") {
    Terminal t;
    app::cli::PlanPrintOptions options;
    options.plans = {"P21"};
    options.rules = shipped;
    CHECK(app::cli::plan_print(t.globals, options) == Exit::fine);
    const std::string text = t.out.str();
    for (const std::string_view part :
         {"P21 Incidents in the mall",
          "Card: fight among customers",
          "  - Never say who is right",
          "\nContacts\n",
          "王芳",
          "crowd_density ≥ IV 2, III 3, II 4, I 5",
          "[Report]"})
        CHECK_MESSAGE(holds(text, part), part);
    CHECK(!holds(text, "P06 Platform service"));
}

TEST_CASE("plan print: a trigger with all that narrows it, and what some queues have instead") {
    using app::offline::trigger_words;
    plan::Condition condition;
    plan::Leaf& leaf = condition.leaf;
    leaf.measure = {board::Kpi::abandon_ratio, board::Window::m15, {}, "vip", {}};
    leaf.ladder.at.at(plan::Level::III) = 100'000;
    leaf.ladder.at.at(plan::Level::II) = 150'000;
    leaf.hold.of = {Micros{0}, 60s, 60s, Micros{0}};
    leaf.min_calls = 20;
    leaf.floors.push_back({
        {board::Kpi::longest_wait, board::Window::now, {}, {}, {}},
        90'000'000
    });
    plan::Override sale{
        {"sales", "vip-*"},
        leaf, "double11"
    };
    sale.leaf.ladder.at.at(plan::Level::II) = 200'000;
    sale.leaf.hold.at(plan::Level::II) = 120s;
    sale.leaf.floors.clear();
    condition.overrides.push_back(sale);
    condition.during = "daytime";
    CHECK(
        trigger_words(condition, plan::Language::en) ==
        std::vector<std::string>{
            "abandon ratio (15 min, vip) ≥ III 10 %, II 15 %; for 1m; and longest wait ≥ "
            "1 min 30 s; of at least 20 contacts; only during daytime",
            "sales, vip-*, during double11: abandon ratio (15 min, vip) ≥ III 10 %, II 20 %; for "
            "III 1m, II 2m; of at least 20 contacts"
        }
    );
    plan::Condition lost;
    lost.kind = plan::ConditionKind::absent;
    lost.source = "acd-1";
    lost.hold = 90s;
    lost.then_after = 5min;
    lost.then_level = plan::Level::I;
    plan::Condition either;
    either.kind = plan::ConditionKind::any;
    either.members = {lost, condition};
    CHECK(trigger_words(either, plan::Language::en)
              .front()
              .starts_with(
                  "[feed lost: acd-1, for 1m30s, 5m later I] or [abandon ratio (15 min, vip) ≥ III"
              ));
    CHECK(
        trigger_words(either, plan::Language::zh_cn).front().starts_with("[数据源中断 acd-1,持续 ")
    );
}

TEST_CASE("plan print: the HTML needs nothing else, and is escaped") {
    Terminal t;
    app::cli::PlanPrintOptions options;
    options.rules = shipped;
    options.format = "html";
    t.globals.language = "zh-CN";
    CHECK(app::cli::plan_print(t.globals, options) == Exit::fine);
    const std::string text = t.out.str();
    CHECK(text.starts_with("<!DOCTYPE html>\n<html lang=\"zh-CN\">"));
    CHECK(holds(text, "<h1>P06 平台客服应急预案</h1>"));
    CHECK(holds(text, "<h1>联系方式</h1>"));
    CHECK(!holds(text, "src="));
    CHECK(!holds(text, "href="));
    const app::offline::Document sharp{
        {app::offline::Block::Kind::row, {"a<b", "\"c\" & d"}}
    };
    CHECK(holds(
        as_html(sharp, plan::Language::en),
        "<table>\n<tr><td>a&lt;b</td><td>&quot;c&quot; &amp; d</td></tr>\n</table>"
    ));
}

TEST_CASE("plan new: from the template, a plan that is right, and never over another") {
    const test::TempFolder folder;
    std::filesystem::copy(
        shipped, folder.path() + "/rules", std::filesystem::copy_options::recursive
    );
    Terminal t;
    app::cli::PlanNewOptions options{
        "flood", "水淹应急预案", "Flood: water in the \"house\"", "P22", folder.path() + "/rules"
    };
    CHECK(app::cli::plan_new(t.globals, options) == Exit::fine);
    const auto rules = config::load_rules(options.rules, nullptr);
    REQUIRE(rules.has_value());
    const plan::Plan& plan = rules->rules.plans.at("flood");
    CHECK(plan.title.en == "Flood: water in the \"house\"");
    CHECK(plan.title.zh == "水淹应急预案");
    CHECK(plan.source == "P22");
    CHECK(plan.version == 1);
    CHECK(plan.triggers.at(1).condition.labels.at("plan") == "flood");
    CHECK(app::cli::plan_new(t.globals, options) == Exit::finding);
    options.name = "not a name";
    CHECK(app::cli::plan_new(t.globals, options) == Exit::usage);
}

TEST_CASE("dry run: the command says what it did not understand") {
    Terminal t;
    app::cli::DryRunOptions options;
    options.rules = shipped;
    options.plan = "P06";
    options.at = "2026-11-11 20:05";
    options.level = "II";
    CHECK(app::cli::dry_run(t.globals, options) == Exit::fine);
    CHECK(holds(t.out.str(), "2026-11-11 20:05:00"));
    CHECK(holds(t.out.str(), "wang by hook"));
    options.at = "tomorrow";
    CHECK(app::cli::dry_run(t.globals, options) == Exit::usage);
    CHECK(holds(t.err.str(), "tomorrow is no local time"));
    options.at.clear();
    options.kind = "foo";
    CHECK(app::cli::dry_run(t.globals, options) == Exit::usage);
    CHECK(holds(t.err.str(), "platform-service has no kind foo"));
    options.kind.clear();
    options.queue = "hotline";
    CHECK(app::cli::dry_run(t.globals, options) == Exit::usage);
    CHECK(holds(t.err.str(), "--queue goes with --kind"));
    options.queue.clear();
    options.plan = "platform-servise";
    CHECK(app::cli::dry_run(t.globals, options) == Exit::usage);
    CHECK(holds(t.err.str(), "did you mean platform-service?"));
}

TEST_CASE("dry run: in Chinese, and without a report that nobody made") {
    Terminal t;
    t.globals.language = "zh-CN";
    app::cli::DryRunOptions options;
    options.rules = shipped;
    options.plan = "P06";
    options.lasts = "1m";
    CHECK(app::cli::dry_run(t.globals, options) == Exit::fine);
    for (const std::string_view part :
         {"当地时间",
          "呼叫",
          "处置步骤",
          "开立 Ⅲ级",
          "wang 经 hook",
          "未发送任何内容",
          "【Ⅲ级】hz 平台客服应急预案"})
        CHECK_MESSAGE(holds(t.out.str(), part), part << "\n" << t.out.str());
    CHECK_FALSE(holds(t.out.str(), "dry-run"));
    CHECK_FALSE(holds(t.out.str(), "接报"));
}
