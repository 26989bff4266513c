// GET and POST /a/{token} over a real engine.
#include "io/ack/desk.hpp"

#include "io/api/routes.hpp"
#include "io/http/target.hpp"
#include "support/fake_host.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <string>

using namespace surged;
using namespace surged::io;
namespace net = boost::asio;

namespace {

struct Bench {
    net::io_context loop{1};
    test::FakeHost host{loop.get_executor()};
    Micros hold_most{0};
    std::shared_ptr<ack::Links> links = std::make_shared<ack::Links>(
        std::vector<ack::Key>{
            {1, Wall{0}, std::string(32, 'k')}
    },
        "https://s.example",
        hold_most
    );
    api::Routes routes{host, {}, {}, [] { return http::ServerStats{}; }, links};
    delivery::Page page;

    explicit Bench(Micros hold = Micros{0}) : hold_most{hold} {
        host.driver.source_up();
        host.driver.join(4);
        page = host.driver.sent().at(0);
        host.driver.accept(page);
    }
    std::string path(const delivery::Page& of) const { return links->of(of).substr(17); }
    std::string path() const { return path(page); }

    http::Response ask(
        std::string method, const std::string& target, std::string body = {}, http::Fields more = {}
    ) {
        http::Request request;
        request.method = std::move(method);
        auto parsed = http::parse_target(target);
        REQUIRE(parsed.has_value());
        request.path = std::move(parsed->path);
        request.query = std::move(parsed->query);
        request.headers = std::move(more);
        request.body = std::move(body);
        auto answer = net::co_spawn(loop, routes.route(std::move(request)), net::use_future);
        loop.restart();
        loop.poll();
        REQUIRE(answer.wait_for(0s) == std::future_status::ready);
        return answer.get();
    }
    http::Response get(const std::string& more = {}) { return ask("GET", path() + more); }
    static std::string field(const std::string& html, const std::string& name) {
        const std::string begin = "name=\"" + name + "\" value=\"";
        const auto at = html.find(begin);
        if (at == std::string::npos) return {};
        const auto from = at + begin.size();
        return html.substr(from, html.find('"', from) - from);
    }
    /// What pressing that button of the page just fetched sends.
    static std::string pressed(const http::Response& shown, const std::string& answer) {
        return fmt::format(
            "form={}&rise={}&minutes=30&answer={}",
            field(shown.body, "form"),
            field(shown.body, "rise"),
            answer
        );
    }
    const incident::Incident& incident() const { return host.driver.incident(); }
};

bool has(const http::Response& response, std::string_view text) {
    return response.body.find(text) != std::string::npos;
}

std::string header(const http::Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers)
        if (key == name) return value;
    return {};
}

}  // namespace

TEST_CASE("ack: GET and HEAD show how it stands and change nothing") {
    Bench b;
    for (const char* method : {"GET", "HEAD", "GET"}) {
        const auto shown = b.ask(method, b.path());
        CHECK(shown.status == 200);
        CHECK(shown.content_type == "text/html; charset=utf-8");
        CHECK(has(shown, "【Ⅲ级】hz sales 排队数 4(阈值 4)"));
        CHECK(has(shown, "尚无人认领"));
        CHECK(header(shown, "Referrer-Policy") == "no-referrer");
        CHECK(header(shown, "X-Robots-Tag").starts_with("noindex"));
        CHECK(header(shown, "Content-Security-Policy").starts_with("default-src 'none'"));
    }
    CHECK(b.host.submitted.empty());
    CHECK(b.incident().acked_rise == 0);
    CHECK(has(b.get("?lang=en"), "Nobody has acknowledged yet"));
    CHECK(has(b.get("?lang=en"), "[level III] hz sales: calls waiting 4 (threshold 4)"));
    CHECK(has(b.get("?lang=fr"), "尚无人认领"));
}

TEST_CASE("ack: a press of the button takes the page, once, by its person") {
    Bench b;
    const auto shown = b.get();
    const auto done = b.ask("POST", b.path(), Bench::pressed(shown, "acknowledge"));
    CHECK(done.status == 200);
    CHECK(has(done, "您已认领,不再升级"));
    CHECK(has(done, "王 已认领("));
    CHECK(b.incident().acked_rise == 2);
    const auto& page = b.host.driver.engine.pages().at(b.page.id);
    CHECK(page.state == delivery::State::acknowledged);
    CHECK(page.acked_by == "wang");
    REQUIRE(b.host.submitted.size() == 1);
    CHECK(b.host.submitted[0].actor == engine::Actor{engine::ActorKind::person, "wang", "link"});
    // The same form again: nothing more happens, and it says who and when.
    const std::size_t told = b.incident().timeline.size();
    const auto again = b.ask("POST", b.path(), Bench::pressed(shown, "acknowledge"));
    CHECK(again.status == 200);
    CHECK(has(again, "王 已认领("));
    CHECK(b.incident().timeline.size() == told);
    CHECK_FALSE(has(b.get(), "value=\"acknowledge\""));
}

TEST_CASE("ack: a page that the engine lost in a gap is taken by its link alone") {
    Bench b;
    delivery::Page lost = b.page;  // sent, never journaled
    lost.id = b.incident().id + ".2.1.0.li.hook";
    lost.person = "li";
    REQUIRE_FALSE(b.host.driver.engine.pages().contains(lost.id));
    const auto shown = b.ask("GET", b.path(lost));
    CHECK(has(shown, "Nobody has acknowledged yet"));  // li reads English
    const auto done = b.ask("POST", b.path(lost), Bench::pressed(shown, "acknowledge"));
    CHECK(done.status == 200);
    CHECK(has(done, "Acknowledged by Li ("));
    CHECK(b.incident().acked_rise == 2);
    CHECK(b.incident().timeline.back().detail == lost.id);
    const std::size_t before = b.host.driver.sent().size();
    b.host.driver.advance(1h);
    CHECK(b.host.driver.sent().size() == before);
}

TEST_CASE("ack: on my way and pass on do what they say") {
    Bench b;
    const auto passed = b.ask("POST", b.path(), Bench::pressed(b.get(), "pass_on"));
    CHECK(passed.status == 200);
    CHECK(has(passed, "已升级至下一级"));
    CHECK(b.incident().acked_rise == 0);
    REQUIRE(b.host.driver.sent().size() == 2);
    const delivery::Page next = b.host.driver.sent().at(1);
    CHECK(next.person == "li");
    const auto shown = b.ask("GET", b.path(next));
    const auto coming = b.ask("POST", b.path(next), Bench::pressed(shown, "on_my_way"));
    CHECK(has(coming, "You have acknowledged and are on your way"));
    CHECK(b.incident().acked_rise == 2);
    CHECK(b.incident().timeline.back().detail == "on_my_way 30m " + next.id);
}

TEST_CASE("ack: a form without its nonce, without a choice or from another site does nothing") {
    Bench b;
    const auto shown = b.get();
    const std::string good = Bench::pressed(shown, "acknowledge");
    struct Row {
        const char* name;
        std::string body;
        http::Fields headers;
        unsigned status;
        const char* text;
    };
    const Row rows[] = {
        {"empty", "", {}, 403, "请核对后再点一次"},
        {"no nonce", "answer=acknowledge&rise=2", {}, 403, "请核对后再点一次"},
        {"forged", "answer=acknowledge&rise=2&form=1.AAAA", {}, 403, "请核对后再点一次"},
        {"no choice", Bench::pressed(shown, ""), {}, 400, "请选择一项"},
        {"odd choice", Bench::pressed(shown, "end"), {}, 400, "请选择一项"},
        {"cross-site", good, {{"sec-fetch-site", "cross-site"}}, 403, "已拒绝"},
        {"not a form", R"({"by":"wang"})", {}, 403, "请核对后再点一次"},
        {"too long", good + std::string(5000, '&'), {}, 403, "请核对后再点一次"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        const auto answer = b.ask("POST", b.path(), row.body, row.headers);
        CHECK(answer.status == row.status);
        CHECK(has(answer, row.text));
        CHECK(has(answer, "尚无人认领"));
    }
    CHECK(b.host.submitted.empty());
    CHECK(
        b.ask(
             "POST",
             b.path(),
             good,
             {
                 {"sec-fetch-site", "same-origin"}
    }
        )
            .status == 200
    );
}

TEST_CASE("ack: a form for another page, or an hour old, is shown once more") {
    Bench b;
    delivery::Page other = b.page;
    other.id = b.incident().id + ".2.1.0.li.hook";
    const std::string form = Bench::pressed(b.ask("GET", b.path(other)), "acknowledge");
    CHECK(b.ask("POST", b.path(), form).status == 403);
    const auto shown = b.get();
    b.host.driver.now += 61min;
    const auto late = b.ask("POST", b.path(), Bench::pressed(shown, "acknowledge"));
    CHECK(late.status == 403);
    CHECK(b.host.submitted.empty());
    CHECK(b.ask("POST", b.path(), Bench::pressed(late, "acknowledge")).status == 200);
}

TEST_CASE("ack: a level that rose since it was shown is shown before it is taken") {
    Bench b;
    const auto shown = b.get();
    b.host.driver.join(2);
    REQUIRE(b.incident().rise == 3);
    const auto raised = b.ask("POST", b.path(), Bench::pressed(shown, "acknowledge"));
    CHECK(raised.status == 409);
    CHECK(has(raised, "级别已变化"));
    CHECK(has(raised, "【Ⅱ级】"));
    CHECK(b.incident().acked_rise == 0);
    // Seen, he takes what stands, although his link is of the page before.
    CHECK(b.ask("POST", b.path(), Bench::pressed(raised, "acknowledge")).status == 200);
    CHECK(b.incident().acked_rise == 3);
}

TEST_CASE("ack: after expiry or the end there is status only") {
    Bench b;
    const std::string form = Bench::pressed(b.get(), "acknowledge");
    b.host.driver.step(engine::EndIncident{b.incident().id, "li", ""});
    const auto ended = b.get();
    CHECK(ended.status == 200);
    CHECK(has(ended, "事件已终止(Li "));
    CHECK_FALSE(has(ended, "<form"));
    CHECK(b.ask("POST", b.path(), form).status == 409);
    b.host.driver.now += 25h;
    const auto expired = b.get();
    CHECK(expired.status == 200);
    CHECK(has(expired, "链接已过期"));
    CHECK(b.ask("POST", b.path(), form).status == 410);
}

TEST_CASE("ack: a token that is not ours tells nothing; other methods are not taken") {
    Bench b;
    for (const char* token : {"/a/nonsense", "/a/AAAA.BBBB"}) {
        for (const char* method : {"GET", "POST"}) {
            const auto answer = b.ask(method, token, "form=x");
            CHECK(answer.status == 404);
            CHECK(has(answer, "链接无效"));
            CHECK_FALSE(has(answer, "hz"));
        }
    }
    CHECK(b.ask("DELETE", b.path()).status == 405);
    delivery::Page strange = b.page;
    strange.id = "P99-hz-20261124-1.1.0.0.wang.hook";
    const auto unknown = b.ask("GET", b.path(strange));
    CHECK(unknown.status == 200);
    CHECK(has(unknown, "此处没有该事件的记录"));
}

TEST_CASE("ack: a page about a step shows the step, and taking it leaves the level as it is") {
    Bench b;
    plan::RuleSet rules = test::small_center();
    plan::StepRule late;
    late.id = "over-flow";
    late.phase = "respond";
    late.team = "leader";
    late.within = 2min;
    late.text = {"开启溢出", "Open the overflow"};
    rules.plans["platform-service"].steps = {late};
    b.host.driver.load(std::move(rules), "h2");
    b.host.driver.step(engine::EndIncident{b.incident().id, "li", ""});
    b.host.driver.join(2);  // II: graver than what was ended, so it opens again
    b.host.driver.advance(2min);
    delivery::Page page;
    for (const delivery::Page& sent : b.host.driver.sent())
        if (!sent.step.empty()) page = sent;
    REQUIRE(page.step == "over-flow");
    const auto shown = b.ask("GET", b.path(page));
    CHECK(has(shown, "开启溢出"));
    CHECK(has(shown, "尚无人认领"));
    const auto done = b.ask("POST", b.path(page), Bench::pressed(shown, "acknowledge"));
    CHECK(done.status == 200);
    CHECK(has(done, "王 已认领("));
    CHECK(b.host.driver.engine.pages().at(page.id).state == delivery::State::acknowledged);
    const auto& incident = b.host.driver.engine.incidents().at(page.incident);
    CHECK(incident.acked_rise == 0);
    b.host.driver.step(engine::MarkStep{page.incident, "over-flow", false, "wang", ""});
    const auto closed = b.ask("GET", b.path(page));
    CHECK(has(closed, "该处置步骤已办结"));
    CHECK_FALSE(has(closed, "<form"));
}

TEST_CASE("ack: the team that is asked decides by its link, and the response is for others to take"
) {
    Bench b;
    plan::RuleSet rules = test::small_center();
    rules.people["ceo"] = {"总", plan::Language::zh_cn, {{"hook", "ceo", 0s}}};
    rules.teams["directors"].escalation = {
        {{"ceo"}, 5min}
    };
    plan::Plan& plan = rules.plans["platform-service"];
    plan.teams["leadership"] = "directors";
    plan.activation.at(plan::Level::II) = {plan::Activation::ask, "leadership", 5min, true};
    b.host.driver.load(std::move(rules), "h2");
    b.host.driver.step(engine::EndIncident{b.incident().id, "li", ""});
    b.host.driver.join(2);  // II: asks
    const delivery::Page asked = b.host.driver.sent_to("ceo");
    REQUIRE_FALSE(asked.id.empty());
    const auto incident = [&]() -> const incident::Incident& {
        return b.host.driver.engine.incidents().at(asked.incident);
    };
    REQUIRE(incident().ask.has_value());
    delivery::Page other = asked;  // a signed link of somebody who is not asked
    other.person = "li";
    other.id = asked.incident + "." + std::to_string(asked.rise) + ".0.0.li.hook";
    const auto shown_other = b.ask("GET", b.path(other));
    CHECK_FALSE(has(shown_other, "value=\"activate\""));
    CHECK(b.ask("POST", b.path(other), Bench::pressed(shown_other, "activate")).status == 409);
    CHECK(incident().ask.has_value());

    const auto shown = b.ask("GET", b.path(asked));
    CHECK(has(shown, "value=\"decline\">不予启动<"));
    CHECK(b.ask("POST", b.path(asked), Bench::pressed(shown, "acknowledge")).status == 200);
    const auto again = b.ask("GET", b.path(asked));
    CHECK(has(again, "总 已认领("));
    const auto done = b.ask("POST", b.path(asked), Bench::pressed(again, "activate"));
    CHECK(done.status == 200);
    CHECK(has(done, "已启动"));
    CHECK(incident().phase == incident::Phase::activated);
    CHECK_FALSE(incident().ask.has_value());
    CHECK(has(done, "尚无人认领"));  // of the response, which he has only started
    CHECK(b.ask("POST", b.path(asked), Bench::pressed(again, "decline")).status == 409);
}

TEST_CASE("ack: while more comes in than can be taken, he is asked to press again") {
    Bench b;
    const auto shown = b.get();
    b.host.overloaded = true;
    const auto busy = b.ask("POST", b.path(), Bench::pressed(shown, "acknowledge"));
    CHECK(busy.status == 503);
    CHECK(header(busy, "Retry-After") == "1");
    CHECK(has(busy, "系统繁忙"));
    b.host.overloaded = false;
    CHECK(b.ask("POST", b.path(), Bench::pressed(busy, "acknowledge")).status == 200);
}

TEST_CASE(
    "ack: by his link a paged person raises the thresholds for a while, where the site lets him"
) {
    Bench b{2h};
    const auto shown = b.get();
    CHECK(has(shown, "临时上调阈值"));
    const auto with = [&](const std::string& more) {
        return b.ask("POST", b.path(), Bench::pressed(shown, "raise") + more);
    };
    for (const char* bad :
         {"&percent=50&hold=60",             // no reason
          "&percent=50&hold=60&why=++",      // none either
          "&percent=51&hold=60&why=promo",   // not what is offered
          "&percent=50&hold=240&why=promo",  // longer than the site allows
          "&percent=50&hold=x&why=promo"}) {
        CAPTURE(bad);
        const auto refused = with(bad);
        CHECK(refused.status == 400);
        CHECK(has(refused, "并写明原因"));
    }
    CHECK(b.host.submitted.empty());
    const auto done = with("&percent=50&hold=60&why=promo+night");
    CHECK(done.status == 200);
    CHECK(has(done, "阈值已临时上调"));
    const auto set = b.host.driver.engine.temporaries();
    REQUIRE(set.size() == 1);
    CHECK(set[0].trigger == "pressure");
    CHECK(set[0].queue == "sales");
    CHECK(set[0].by == "wang");
    CHECK(set[0].why == "promo night");
    CHECK(set[0].lasts == 1h);
    CHECK(set[0].at.at(plan::Level::III) == 6'000'000);  // 4 calls waiting, and a half of it
    CHECK(b.incident().acked_rise == 0);                 // the page is still to be taken
    CHECK(has(done, "阈值已由 王 临时调整,至 "));
    const auto again =
        with("&percent=100&hold=30&why=once+more");  // a double tap raises no further
    CHECK(again.status == 409);
    CHECK(has(again, "本次未再改动"));
    CHECK(b.host.driver.engine.temporaries() == set);
}

TEST_CASE("ack: a link of a site that lets no link raise thresholds raises none") {
    Bench b;
    const auto shown = b.get();
    CHECK_FALSE(has(shown, "临时上调阈值"));
    const auto refused =
        b.ask("POST", b.path(), Bench::pressed(shown, "raise") + "&percent=50&hold=60&why=promo");
    CHECK(refused.status == 400);
    CHECK(b.host.driver.engine.temporaries().empty());
}

TEST_CASE("ack: a link whose incident is over raises nothing") {
    Bench b{2h};
    const auto shown = b.get();
    b.host.driver.step(engine::EndIncident{b.incident().id, "wang", "known"});
    const auto late =
        b.ask("POST", b.path(), Bench::pressed(shown, "raise") + "&percent=50&hold=60&why=promo");
    CHECK(late.status == 409);
    CHECK(b.host.driver.engine.temporaries().empty());
}

TEST_CASE("ack: what cannot be written down is said to be so") {
    Bench b;
    const auto shown = b.get();
    b.host.durable = false;
    const auto done = b.ask("POST", b.path(), Bench::pressed(shown, "acknowledge"));
    CHECK(done.status == 202);
    CHECK(has(done, "暂时无法存盘"));
    CHECK(b.incident().acked_rise == b.incident().rise);
}
