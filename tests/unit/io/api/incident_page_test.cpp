// The page behind the link of an incident, over a real engine, without a socket.
#include "io/api/incident_page.hpp"

#include "io/api/routes.hpp"
#include "support/fake_host.hpp"
#include "support/local_request.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <doctest/doctest.h>
#include <string>
#include <utility>

using namespace surged;
using namespace surged::io;
namespace net = boost::asio;

namespace {

struct Bench {
    net::io_context loop{1};
    test::FakeHost host{loop.get_executor()};
    api::Routes routes{
        host,
        {{"look", api::Role::reader, "", "s3cret"}, {"feed", api::Role::source, "", "f33d"}},
        {},
        [] { return http::ServerStats{}; }
    };
    std::string id;
    Bench() {
        host.driver.join(7);
        REQUIRE(host.engine().incidents().size() == 1);
        id = host.engine().incidents().begin()->first;
    }
    http::Response get(const std::string& target, http::Fields headers = {}, bool local = false) {
        http::Request asked = test::local_request("GET", target);
        asked.is_loopback = local;
        for (auto& header : headers) asked.headers.push_back(std::move(header));
        auto answer = net::co_spawn(loop, routes.route(std::move(asked)), net::use_future);
        loop.restart();
        loop.poll();
        return answer.get();
    }
};

bool holds(const http::Response& answer, std::string_view part) {
    return answer.body.find(part) != std::string::npos;
}

const http::Fields reader{
    {"authorization", "Bearer s3cret"}
};

}  // namespace

TEST_CASE("incident page: values, thresholds, who was paged, open steps, in both languages") {
    Bench b;
    http::Fields headers = reader;
    headers.emplace_back("accept-language", "de, en;q=0.8, zh;q=0.9");
    const auto zh = b.get("/incidents/" + b.id, headers);
    CHECK(zh.status == 200);
    CHECK(zh.content_type == "text/html; charset=utf-8");
    for (const char* part :
         {"lang=\"zh-CN\"",
          "阈值 6",
          "平台客服应急预案",
          "Ⅱ级",
          "已启动",
          "尚无人认领",
          "王,hook",
          "未完成的处置步骤",
          "report-up"}) {
        CAPTURE(part);
        CAPTURE(zh.body);
        CHECK(holds(zh, part));
    }
    CHECK_FALSE(holds(zh, "<script"));
    const auto en = b.get("/incidents/" + b.id + "?lang=en", headers);
    for (const char* part :
         {"lang=\"en\"", "threshold 6", "Nobody has acknowledged yet", "Open steps", "hook, "}) {
        CAPTURE(part);
        CHECK(holds(en, part));
    }
    b.host.driver.step(engine::Acknowledge{b.host.engine().pages().rbegin()->first, "li"});
    CHECK(holds(b.get("/incidents/" + b.id + "?lang=en", reader), "Acknowledged by Li ("));
    b.host.driver.step(engine::EndIncident{b.id, "boss", "drill"});
    CHECK(holds(b.get("/incidents/" + b.id + "?lang=en", reader), "has ended (Boss, "));
    CHECK(b.get("/incidents/P06-hz-20200101-1", reader).status == 404);
}

TEST_CASE("incident page: who may not read is told how to, and nothing else") {
    Bench b;
    const auto none = b.get("/incidents/" + b.id + "?lang=en");
    CHECK(none.status == 401);
    CHECK(holds(none, "surgectl incident show " + b.id));
    CHECK(none.headers.back().first == "WWW-Authenticate");
    for (const char* data : {"hook", "threshold", "report-up", "sales"}) {
        CAPTURE(data);
        CHECK_FALSE(holds(none, data));
    }
    // Whether it exists is nobody's business either.
    const auto unknown = b.get("/incidents/P99-hz-20261123-9?lang=en");
    CHECK(unknown.status == 401);
    const auto odd = b.get("/incidents/x%3Brm%20%3Cb%3E?lang=en");
    CHECK(holds(odd, "surgectl incident show ID "));
    CHECK_FALSE(holds(odd, "<b>"));
    const http::Fields feed{
        {"authorization", "Bearer f33d"}
    };
    const auto source = b.get("/incidents/" + b.id, feed);
    CHECK(source.status == 403);
    CHECK(holds(source, "此令牌无权查看事件"));
    CHECK(b.get("/incidents/" + b.id, {}, true).status == 200);  // at the machine itself
}

TEST_CASE("incident page: the language is what the browser weighs most") {
    struct Row {
        const char *accept, *target;
        plan::Language want;
    };
    constexpr auto zh = plan::Language::zh_cn, en = plan::Language::en;
    for (const Row& row : {
             Row{"zh-CN,zh;q=0.9,en;q=0.8", "/incidents/x",            zh},
             Row{"en-US,en;q=0.9",          "/incidents/x",            en},
             Row{"en;q=0.2, zh;q=0.7",      "/incidents/x",            zh},
             Row{"de",                      "/incidents/x",            zh},
             Row{"enm",                     "/incidents/x",            zh},
             Row{"en",                      "/incidents/x?lang=zh-CN", zh},
    }) {
        CAPTURE(row.accept);
        http::Request asked = test::local_request("GET", row.target);
        asked.headers.emplace_back("accept-language", row.accept);
        CHECK(api::language_of(asked, zh) == row.want);
    }
}
