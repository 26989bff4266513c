#include "core/paging/message.hpp"

#include "support/fake_view.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <string>

using namespace surged;
using board::Kpi;
using board::Measure;
using board::Quantity;
using board::Window;
using paging::MessageFacts;
using plan::Language;
using plan::Level;

namespace {

const plan::Zone shanghai{"Asia/Shanghai", {{Wall{0}, 8 * 3600}}};
constexpr Wall now{1'795'422'919'000'000};  // 16:35:19 in Shanghai

MessageFacts surge() {
    MessageFacts facts;
    facts.incident = "P06-hz-20261123-2";
    facts.plan = "platform-service";
    facts.title = {"平台客服应急", "Platform service"};
    facts.site = "hz";
    facts.zone = &shanghai;
    facts.level = Level::II;
    facts.previous = Level::III;
    facts.rise = 2;
    facts.cause.trigger = "pressure";
    facts.cause.queue = "售前电话";
    facts.cause.level = Level::II;
    facts.cause.measure.kpi = Kpi::waiting_per_agent;
    facts.cause.value = Quantity{104, 288};
    facts.cause.threshold = 350'000;
    facts.figures = {
        104, 112s, Quantity{19, 10},
          Quantity{12, 10},
          288, 300, 20s
    };
    facts.since = Wall{now.us - 125'000'000};
    facts.now = now;
    facts.first_step = {"取消小休", "end all breaks"};
    facts.link = "https://surged.example/incidents/P06-hz-20261123-2";
    return facts;
}
std::string zh(const MessageFacts& facts) { return paging::render(facts, Language::zh_cn).text; }
std::string en(const MessageFacts& facts) { return paging::render(facts, Language::en).text; }

std::size_t characters(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }));
}

Measure over(Kpi kpi, Window window) { return {kpi, window, {}, {}, {}}; }

}  // namespace

TEST_CASE("paging: a surge in both languages") {
    CHECK(
        zh(surge()) ==
        "【Ⅱ级】hz 售前电话 每坐席排队 0.36(阈值 0.35)已 2 分钟(16:33 起),由Ⅲ级提级"
        "|排队 104 人,最长等待 1 分 52 秒"
        "|近 5 分钟进线为前一小时的 1.9 倍,平均处理时长为 1.2 倍,在线 288/300"
        "|首步:取消小休|P06-hz-20261123-2 平台客服应急"
    );
    CHECK(
        en(surge()) ==
        "[level II] hz 售前电话: waiting per agent 0.36 (threshold 0.35) for 2 min (since 16:33), "
        "raised from level III | 104 waiting, longest 1 min 52 s "
        "| arrivals 1.9 × the hour before, handle time 1.2 ×, staffed 288/300 "
        "| first step: end all breaks | P06-hz-20261123-2 Platform service"
    );
}

TEST_CASE("paging: the fields of a page beside its text") {
    const delivery::Content page = paging::render(surge(), Language::en);
    CHECK(page.title == "[level II] hz 售前电话: waiting per agent 0.36 (threshold 0.35)");
    CHECK(page.text.starts_with(page.title));
    CHECK(page.incident == "P06-hz-20261123-2");
    CHECK(page.plan == "platform-service");
    CHECK(page.site == "hz");
    CHECK(page.queue == "售前电话");
    CHECK(page.trigger == "pressure");
    CHECK(page.kpi == "waiting_per_agent");
    CHECK(page.level == Level::II);
    CHECK(page.rise == 2);
    CHECK(page.value == "0.36");
    CHECK(page.threshold == "0.35");
    CHECK(page.since == Wall{now.us - 125'000'000});
    CHECK(page.created == now);
    CHECK(page.first_step == "end all breaks");
    CHECK(page.link == surge().link);
    CHECK(page.text.find("https") == std::string::npos);  // who sends it adds the link he signs
    CHECK(page.language == Language::en);
    CHECK_FALSE(page.drill);
}

TEST_CASE("paging: what a figure against its limit reads, by kind") {
    struct Row {
        Measure measure;
        Quantity value;
        board::Millionths threshold;
        const char *zh, *en;
    };
    const Row rows[] = {
        {over(Kpi::longest_wait, Window::now),
         {181, 1},
         180'000'000, "【Ⅱ级】hz sales 最长等待 3 分 1 秒(阈值 3 分 0 秒)",
         "[level II] hz sales: longest wait 3 min 1 s (threshold 3 min 0 s)"},
        {over(Kpi::service_level, Window::m30),
         {4, 10},
         480'000, "【Ⅱ级】hz sales 20 秒接通率 40 %(30 分钟,阈值 48 %)",
         "[level II] hz sales: service level in 20 s 40 % (30 min, threshold 48 %)"},
        {{Kpi::complaints, Window::m60, "", "", "delivery"},
         {31, 1},
         30'000'000, "【Ⅱ级】hz sales 投诉量 31(60 分钟,delivery,阈值 30)",
         "[level II] hz sales: complaints 31 (60 min, delivery, threshold 30)"},
        {{Kpi::gauge, Window::now, "crowd_density", "", ""},
         {32, 10},
         3'000'000, "【Ⅱ级】hz sales crowd_density 3.2(阈值 3)",
         "[level II] hz sales: crowd_density 3.2 (threshold 3)"},
    };
    for (const Row& row : rows) {
        MessageFacts facts = surge();
        facts.cause.queue = "sales";
        facts.cause.measure = row.measure;
        facts.cause.value = row.value;
        facts.cause.threshold = row.threshold;
        CHECK(paging::render(facts, Language::zh_cn).title == row.zh);
        CHECK(paging::render(facts, Language::en).title == row.en);
    }
}

TEST_CASE("paging: what is not known is left out") {
    MessageFacts facts = surge();
    facts.previous = Level::none;
    facts.figures = {};
    facts.first_step = {};
    facts.link.clear();
    facts.zone = nullptr;
    facts.since = now;
    CHECK(
        zh(facts) ==
        "【Ⅱ级】hz 售前电话 每坐席排队 0.36(阈值 0.35)08:35 起|P06-hz-20261123-2 平台客服应急"
    );
    facts.figures.calls_waiting = 0;
    facts.figures.longest_wait = 0s;
    facts.figures.staffed = 12;
    facts.since = Wall{now.us + 5'000'000};  // the clock was set back
    CHECK(
        en(facts) ==
        "[level II] hz 售前电话: waiting per agent 0.36 (threshold 0.35) since 08:35 | 0 waiting "
        "| staffed 12 | P06-hz-20261123-2 Platform service"
    );
}

TEST_CASE("paging: without a figure the plan's title says what it is") {
    MessageFacts facts = surge();
    facts.cause = {};
    facts.figures = {};
    CHECK(
        zh(facts) ==
        "【Ⅱ级】hz 平台客服应急 已 2 分钟(16:33 起),由Ⅲ级提级|首步:取消小休|P06-hz-20261123-2"
    );
    CHECK(paging::render(facts, Language::en).kpi.empty());
}

TEST_CASE("paging: several queues name the gravest and count the others") {
    MessageFacts facts = surge();
    facts.cause.queue = "sales";
    facts.queues = 8;
    CHECK(zh(facts).starts_with("【Ⅱ级】hz sales 等 8 个队列 每坐席排队"));
    CHECK(en(facts).starts_with("[level II] hz sales and 7 more: waiting per agent"));
}

TEST_CASE("paging: lost data is said to be no zero") {
    MessageFacts facts = surge();
    facts.level = Level::III;
    facts.previous = Level::none;
    facts.cause = {};
    facts.cause.source = "acd-1";
    facts.cause.queue = "sales";
    CHECK(
        zh(facts) ==
        "【Ⅲ级】hz 数据源 acd-1 数据中断,非零来电 已 2 分钟(16:33 起)|首步:取消小休"
        "|P06-hz-20261123-2 平台客服应急"
    );
    CHECK(
        en(facts) ==
        "[level III] hz: source acd-1: no data, which is not zero calls for 2 min (since 16:33) "
        "| first step: end all breaks | P06-hz-20261123-2 Platform service"
    );
}

TEST_CASE("paging: every text of a drill begins with that word") {
    MessageFacts facts = surge();
    facts.drill = true;
    CHECK(zh(facts).starts_with("【演练】【Ⅱ级】"));
    CHECK(en(facts).starts_with("[DRILL] [level II] "));
    CHECK(paging::render(facts, Language::zh_cn).title.starts_with("【演练】"));
    CHECK(paging::render(facts, Language::en).drill);
}

TEST_CASE("paging: a page stays short whatever the names are") {
    MessageFacts facts = surge();
    std::string endless;
    for (int i = 0; i < 500; ++i) endless += "长";
    facts.site = facts.cause.queue = facts.incident = endless;
    facts.title = facts.first_step = {endless, endless};
    facts.cause.measure = {Kpi::gauge, Window::day, endless, endless, endless};
    facts.drill = true;
    facts.queues = 10'000;
    CHECK(characters(en(facts)) <= 400);
    CHECK(characters(zh(facts)) == 400);
    facts.incident = surge().incident;  // the only one that we make ourselves
    CHECK(characters(zh(facts)) < 400);
    CHECK(zh(facts).find("P06-hz-20261123-2") != std::string::npos);
}

TEST_CASE("paging: figures are gathered off the board") {
    test::FakeView view;
    view.now = Instant{1h};
    view.queue().oldest = Instant{1h} - 112s - 700ms;
    view.queue().target = 30s;
    view.set(over(Kpi::calls_waiting, Window::now), 104);
    view.set(over(Kpi::agents_staffed, Window::now), 288);
    view.set(over(Kpi::calls_offered, Window::m5), 100);
    view.set(over(Kpi::calls_offered, Window::m60), 650);
    view.set(over(Kpi::calls_offered, Window::day), 900);
    view.set(over(Kpi::average_handle_time, Window::m5), 720, 2);
    view.set(over(Kpi::average_handle_time, Window::m60), 300'000'000, 1'000'000);
    paging::Figures figures = paging::gather(view, 0);
    CHECK(figures.calls_waiting == 104);
    CHECK(figures.longest_wait == 112s);
    CHECK(figures.target == 30s);
    CHECK(figures.staffed == 288);
    CHECK_FALSE(figures.scheduled.has_value());
    CHECK(figures.arrivals == Quantity{2000, 1000});     // 100 in 5 m against 550 in 55 m
    CHECK(figures.handle_time == Quantity{1200, 1000});  // 360 s against 300 s

    view.set(over(Kpi::calls_offered, Window::day), 650);  // no calls from before this hour
    CHECK_FALSE(paging::gather(view, 0).arrivals.has_value());
    view.set(over(Kpi::calls_offered, Window::day), 900);
    view.set(over(Kpi::calls_offered, Window::m60), 100);  // none before the last 5 minutes
    CHECK_FALSE(paging::gather(view, 0).arrivals.has_value());
    view.set_none(over(Kpi::average_handle_time, Window::m5));
    CHECK_FALSE(paging::gather(view, 0).handle_time.has_value());

    view.queue().live = false;
    figures = paging::gather(view, 0);
    CHECK_FALSE(figures.calls_waiting.has_value());
    CHECK_FALSE(figures.longest_wait.has_value());
    CHECK(figures.target == 30s);
}

TEST_CASE("paging: what is gathered over windows is announced to the board") {
    const auto measures = paging::measures_of_figures();
    for (const Kpi kpi : {Kpi::calls_offered, Kpi::average_handle_time})
        for (const Window window : {Window::m5, Window::m60})
            CHECK(std::count(measures.begin(), measures.end(), over(kpi, window)) == 1);
}
