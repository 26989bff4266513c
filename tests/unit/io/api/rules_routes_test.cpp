// Loading rules by API, over a desk that says what a test tells it to.
#include "io/api/routes.hpp"
#include "io/http/target.hpp"
#include "support/fake_host.hpp"
#include "support/local_request.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json.hpp>
#include <doctest/doctest.h>
#include <string>
#include <utility>
#include <vector>

using namespace surged;
using namespace surged::io;
namespace net = boost::asio;
namespace json = boost::json;
using What = ReloadAnswer::What;

namespace {

class FakeDesk final : public RulesDesk {
public:
    ReloadAnswer answer;
    ReloadAsked asked;
    std::pair<std::string, std::string> compared;
    std::optional<PendingReload> waits;
    net::steady_timer* slow{nullptr};  // a comparison ends with it

    net::awaitable<ReloadAnswer> reload(ReloadAsked what) override {
        asked = std::move(what);
        co_return answer;
    }
    const std::optional<PendingReload>& pending() const override { return waits; }
    net::awaitable<Result<RulesComparison>> compare(std::string from, std::string to) override {
        compared = {std::move(from), std::move(to)};
        if (slow != nullptr) {
            boost::system::error_code ec;
            co_await slow->async_wait(net::redirect_error(net::use_awaitable, ec));
        }
        RulesComparison out;
        out.from = "a";
        out.to = "b";
        plan::Change change;
        change.what = plan::What::threshold;
        change.plan = "p";
        change.level = plan::Level::II;
        change.before = "1";
        change.after = "2";
        change.queues = {"sales"};
        out.changes.push_back(std::move(change));
        co_return out;
    }
    net::awaitable<Result<std::vector<RulesVersion>>> versions() override {
        std::vector<RulesVersion> out;
        out.push_back({"h1", Wall{0}, "wang", "http", "night", "li"});
        co_return out;
    }
    net::awaitable<Result<RulesFiles>> text(std::string version) override {
        if (version != "h1") co_return fail("there is no version " + version);
        RulesFiles out;
        out.emplace_back("site.yaml", "site: {}");
        co_return out;
    }
};

struct Bench {
    net::io_context loop{1};
    test::FakeHost host{loop.get_executor()};
    FakeDesk desk;
    api::Routes routes{host, {{"look", api::Role::reader, "", "s3cret"}}, {}, [] {
                           return http::ServerStats{};
                       }};
    Bench() { routes.serve(desk); }

    http::Response ask(std::string method, std::string_view target, std::string body = {}) {
        http::Request asked = test::local_request(std::move(method), target, std::move(body));
        if (as_reader) asked.headers.emplace_back("authorization", "Bearer s3cret");
        auto answer = net::co_spawn(loop, routes.route(std::move(asked)), net::use_future);
        loop.restart();
        loop.poll();
        return answer.get();
    }
    bool as_reader{false};
};

}  // namespace

TEST_CASE("api: a reload says what came of it, by whom and why") {
    Bench b;
    b.desk.answer.hash = "h2";
    CHECK(b.ask("POST", "/api/v1/rules/reload").body == R"({"loaded":"h2"})");
    b.desk.answer.durable = false;
    const auto unsaved = b.ask("POST", "/api/v1/rules/reload");
    CHECK(unsaved.status == 202);
    CHECK_FALSE(json::parse(unsaved.body).at("durable").as_bool());
    CHECK(unsaved.body.find("in force, not yet on disk") != std::string::npos);
    b.desk.answer.durable = true;
    CHECK(b.desk.asked.actor.name == "local");
    (void)b.ask("POST", "/api/v1/rules/reload", R"({"by":"wang","why":"night","confirm":"x"})");
    CHECK(b.desk.asked.by == "wang");
    CHECK(b.desk.asked.why == "night");
    CHECK(b.desk.asked.confirm == "x");
    CHECK(b.ask("POST", "/api/v1/rules/reload", "[]").status == 400);
    struct Row {
        What what;
        unsigned status;
    };
    for (const Row& row : {
             Row{What::refused,   422U},
             Row{What::conflict,  409U},
             Row{What::not_found, 404U}
    }) {
        b.desk.answer.what = row.what;
        b.desk.answer.detail = "plans/P06.yaml:3:5";
        const auto answer = b.ask("POST", "/api/v1/rules/reload");
        CHECK(answer.status == row.status);
        CHECK(answer.body.find("plans/P06.yaml:3:5") != std::string::npos);
    }
    b.desk.answer.what = What::pending;
    b.desk.answer.pending = PendingReload{"id", "h2", "wang", "http", "", "during d", {}, {}};
    const auto waits = b.ask("POST", "/api/v1/rules/reload");
    CHECK(waits.status == 202);
    CHECK(json::parse(waits.body).at("pending").at("because").as_string() == "during d");
    b.as_reader = true;
    CHECK(b.ask("POST", "/api/v1/rules/reload").status == 403);
}

TEST_CASE("api: versions and what differs are for every reader, their text is not") {
    Bench b;
    b.desk.waits = PendingReload{"id", "h2", "wang", "http", "", "during d", {}, {}};
    b.as_reader = true;
    const auto versions = json::parse(b.ask("GET", "/api/v1/rules/versions").body);
    CHECK(versions.at("in_force").as_string() == "h1");
    CHECK(versions.at("versions").at(0).at("second").as_string() == "li");
    CHECK(versions.at("pending").at("id").as_string() == "id");
    const auto diff = json::parse(b.ask("GET", "/api/v1/rules/diff").body);
    CHECK(b.desk.compared.first.empty());
    CHECK(b.desk.compared.second == "files");
    CHECK(diff.at("changes").at(0).at("after").as_string() == "2");
    CHECK(diff.at("changes").at(0).at("queues").at(0).as_string() == "sales");
    (void)b.ask("GET", "/api/v1/rules/diff?from=a&to=b");
    CHECK(b.desk.compared == std::pair<std::string, std::string>{"a", "b"});
    CHECK(b.ask("GET", "/api/v1/rules/versions/h1").status == 403);
    b.as_reader = false;
    const auto text = json::parse(b.ask("GET", "/api/v1/rules/versions/h1").body);
    CHECK(text.at("files").at("site.yaml").as_string() == "site: {}");
    CHECK(b.ask("GET", "/api/v1/rules/versions/h9").status == 404);
}

TEST_CASE("api: one comparison at a time, so that a reader does not hold up reloads") {
    Bench b;
    net::steady_timer slow{b.loop, net::steady_timer::time_point::max()};
    b.desk.slow = &slow;
    auto first = net::co_spawn(
        b.loop, b.routes.route(test::local_request("GET", "/api/v1/rules/diff")), net::use_future
    );
    b.loop.poll();
    b.desk.slow = nullptr;
    const auto second = b.ask("GET", "/api/v1/rules/diff");
    CHECK(second.status == 429);
    CHECK(second.headers.back() == std::pair<std::string, std::string>{"Retry-After", "1"});
    slow.cancel();
    b.loop.restart();
    b.loop.poll();
    CHECK(first.get().status == 200);
    CHECK(b.ask("GET", "/api/v1/rules/diff").status == 200);
}
