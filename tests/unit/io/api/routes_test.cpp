// The routes over a real engine, without a socket.
#include "io/api/routes.hpp"

#include "io/api/encode_json.hpp"
#include "io/http/target.hpp"
#include "support/fake_host.hpp"
#include "support/packed.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <future>
#include <string>

using namespace surged;
using namespace surged::io;
namespace net = boost::asio;
namespace json = boost::json;

namespace {

http::Request request(std::string method, std::string_view target, std::string body = {}) {
    http::Request out;
    out.method = std::move(method);
    auto parsed = http::parse_target(target);
    REQUIRE(parsed.has_value());
    out.path = std::move(parsed->path);
    out.query = std::move(parsed->query);
    out.headers = {
        {"host", "127.0.0.1"}
    };
    out.body = std::move(body);
    out.is_loopback = true;
    return out;
}

std::string text(const json::value& value) {
    return value.is_string() ? json::value_to<std::string>(value) : json::serialize(value);
}
double number(const json::value& value) {
    return value.is_number() ? value.to_number<double>() : -1;
}

struct Bench {
    net::io_context loop{1};
    test::FakeHost host{loop.get_executor()};
    api::Routes routes{host, {{"acd", api::Role::source, "", "s3cret"}}, {}, [] {
                           return http::ServerStats{};
                       }};

    std::future<http::Response> begin(http::Request asked) {
        auto answer = net::co_spawn(loop, routes.route(std::move(asked)), net::use_future);
        loop.restart();
        loop.poll();
        return answer;
    }
    http::Response ask(http::Request asked) {
        auto answer = begin(std::move(asked));
        REQUIRE(answer.wait_for(0s) == std::future_status::ready);
        return answer.get();
    }
    http::Response get(std::string_view target) { return ask(request("GET", target)); }
    http::Response post(std::string_view target, std::string body) {
        return ask(request("POST", target, std::move(body)));
    }
    json::value get_json(std::string_view target) {
        const http::Response response = get(target);
        CAPTURE(response.body);
        REQUIRE(response.status == 200);
        REQUIRE(response.content_type == "application/json");
        return json::parse(response.body);
    }
    /// Now, as an event's ts.
    double ts() const {
        return static_cast<double>(host.driver.now.time_since_epoch().count()) / 1e6;
    }
    std::string offered(std::string_view call, std::string_view id = {}) const {
        return fmt::format(
            R"({{"ts":{:.6f},"id":"{}","type":"offered","queue":"sales","call":"{}"}})"
            "\n",
            ts(),
            id,
            call
        );
    }
};

}  // namespace

TEST_CASE("api: events are answered after the commit, repeats are harmless") {
    Bench bench;
    bench.host.hold_commits = true;
    auto waiting = bench.begin(request("POST", "/api/v1/events", bench.offered("a", "e1")));
    CHECK(waiting.wait_for(0s) == std::future_status::timeout);
    bench.host.release();
    bench.loop.restart();
    bench.loop.poll();
    REQUIRE(waiting.wait_for(0s) == std::future_status::ready);
    CHECK(waiting.get().body == R"({"accepted":1,"rejected":[]})");

    const auto mixed = bench.post(
        "/api/v1/events",
        bench.offered("a", "e1") + "oops\n" + bench.offered("b", "e2") +
            R"({"ts":1763900000,"type":"offered","queue":"sales","call":"old"})"
    );
    CHECK(mixed.status == 200);
    const json::value body = json::parse(mixed.body);
    CHECK(number(body.at("accepted")) == 2);
    CHECK(body.at("rejected").as_array().size() == 2);
    CHECK(number(body.at("rejected").at(0).at("line")) == 2);
    CHECK(number(body.at("rejected").at(1).at("line")) == 4);
    CHECK(number(bench.get_json("/api/v1/queues/sales").at("totals").at("offered")) == 2);
    const engine::Input& input = bench.host.submitted.back();
    CHECK(input.source == "local");
    CHECK(input.site == "hz");
    CHECK(input.actor.via == "http");
}

TEST_CASE("api: events in gzip and zstd, bombs and broken streams") {
    struct Row {
        const char* name;
        const char* encoding;
        std::string body;
        unsigned status;
    };
    Bench bench;
    const std::string one = bench.offered("a", "e1");
    const std::string bomb(9 * 1024 * 1024, '\n');
    const std::string gzip = test::gzipped(one);
    const Row rows[] = {
        {"plain", "identity", one, 200},
        {"gzip", "gzip", gzip, 200},
        {"the same by other name", "X-GZIP", gzip, 200},
        {"zstd", "zstd", test::zstded(one), 200},
        {"a bomb in gzip", "gzip", test::gzipped(bomb), 413},
        {"a bomb in zstd", "zstd", test::zstded(bomb), 413},
        {"cut off", "gzip", gzip.substr(0, gzip.size() - 1), 400},
        {"not gzip at all", "gzip", one, 400},
        {"gzip said to be zstd", "zstd", gzip, 400},
        {"one that is not built", "br", one, 415},
        {"two at once", "gzip, zstd", gzip, 415},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        auto asked = request("POST", "/api/v1/events", row.body);
        asked.headers.emplace_back("content-encoding", row.encoding);
        const auto answer = bench.ask(std::move(asked));
        CHECK(answer.status == row.status);
        if (row.status != 200) CHECK(answer.content_type == "application/problem+json");
        if (row.status == 415) CHECK(answer.headers.at(0).second == "gzip, zstd, identity");
    }
    CHECK(number(bench.get_json("/api/v1/queues/sales").at("totals").at("offered")) == 1);
}

TEST_CASE("api: only so many compressed bodies are unpacked at a time") {
    Bench bench;
    api::IngestOptions options;
    options.unpacking_max = 2;
    api::Ingest ingest{bench.host, options};
    const std::string large = test::gzipped(std::string(4 * 1024 * 1024, '\n'));
    std::vector<std::future<http::Response>> answers;
    for (int i = 0; i < 3; ++i) {
        auto asked = request("POST", "/api/v1/events", large);
        asked.headers.emplace_back("content-encoding", "gzip");
        answers.push_back(
            net::co_spawn(bench.loop, ingest.post(std::move(asked), {}), net::use_future)
        );
    }
    bench.loop.restart();
    bench.loop.poll();
    CHECK(answers[0].get().status == 200);
    CHECK(answers[1].get().status == 200);
    const auto third = answers[2].get();
    CHECK(third.status == 429);
    CHECK(third.headers.at(0).first == "Retry-After");
}

TEST_CASE("api: events under a token, under pressure and with a broken store") {
    Bench bench;
    const std::string beat = fmt::format(R"({{"ts":{:.6f},"type":"heartbeat"}})", bench.ts());
    auto by_token = request("POST", "/api/v1/events", beat);
    by_token.headers.emplace_back("authorization", "Bearer s3cret");
    CHECK(bench.ask(by_token).status == 200);
    CHECK(bench.host.submitted.back().source == "acd");
    auto reading = request("GET", "/api/v1/queues");
    reading.headers.emplace_back("authorization", "Bearer s3cret");
    CHECK(bench.ask(reading).status == 403);

    CHECK(bench.post("/api/v1/events", "nothing good\n").status == 400);
    CHECK(bench.post("/api/v1/events", "").status == 200);
    bench.host.durable = false;
    CHECK(bench.post("/api/v1/events", bench.offered("b")).status == 202);
    bench.host.overloaded = true;
    CHECK(bench.post("/api/v1/events", bench.offered("c")).status == 503);
    bench.host.backlog = std::size_t{1} << 40;
    const auto busy = bench.post("/api/v1/events", bench.offered("d"));
    CHECK(busy.status == 429);
    CHECK(busy.headers.at(0).first == "Retry-After");
    CHECK(
        bench.get("/metrics")
            .body.find(R"(surged_events_rejected_total{source="local",reason="json"} 1)") !=
        std::string::npos
    );
}

TEST_CASE("api: a queue shows what the reference says") {
    Bench bench;
    bench.host.driver.join(5);
    bench.host.driver.now += 90s;
    const json::value all = bench.get_json("/api/v1/queues");
    REQUIRE(all.at("queues").as_array().size() == 1);
    const json::value& queue = all.at("queues").at(0);
    for (const char* key :
         {"site", "name", "now", "windows", "totals", "exits_known", "level", "triggers"}) {
        CAPTURE(key);
        CHECK(queue.as_object().contains(key));
    }
    CHECK(text(queue.at("site")) == "hz");
    CHECK(number(queue.at("now").at("calls_waiting")) == 5);
    CHECK(number(queue.at("now").at("longest_wait")) == 90);
    CHECK(queue.at("now").at("waiting_per_agent").is_null());
    CHECK(number(queue.at("windows").at("5m").at("calls_offered")) == 5);
    CHECK(queue.at("windows").at("5m").at("service_level").is_null());
    CHECK(number(queue.at("totals").at("exited").at("timeout")) == 0);
    CHECK(text(queue.at("level")) == "III");
    const json::value& trigger = queue.at("triggers").at(0);
    CHECK(text(trigger.at("trigger")) == "pressure");
    CHECK(number(trigger.at("value")) == 5);
    CHECK(number(trigger.at("thresholds").at("II")) == 6);
    CHECK(text(trigger.at("firing")) == "III");
    CHECK(trigger.at("since").is_string());
    CHECK(
        json::serialize(bench.get_json("/api/v1/queues/sales?site=hz")) == json::serialize(queue)
    );
    CHECK(bench.get("/api/v1/queues/sales?site=sh").status == 404);
    CHECK(bench.get("/api/v1/queues/nowhere").status == 404);
    CHECK(bench.get_json("/api/v1/queues?site=sh").at("queues").as_array().empty());
}

TEST_CASE("api: lists are read page by page") {
    Bench bench;
    std::string body;
    for (const char* name : {"d", "a", "c", "b"}) {
        body += fmt::format(
            R"({{"ts":{:.6f},"type":"offered","queue":"{}","call":"{}"}})"
            "\n",
            bench.ts(),
            name,
            name
        );
    }
    REQUIRE(bench.post("/api/v1/events", body).status == 200);
    const auto names = [](const json::value& list) {
        std::string out;
        for (const json::value& queue : list.at("queues").as_array()) {
            out += text(queue.at("name"));
        }
        return out;
    };
    const json::value first = bench.get_json("/api/v1/queues?limit=3");
    CHECK(names(first) == "abc");
    CHECK(text(first.at("next")) == "c");
    const json::value rest = bench.get_json("/api/v1/queues?limit=3&after=c");
    CHECK(names(rest) == "d");
    CHECK_FALSE(rest.as_object().contains("next"));
    for (const char* bad : {"0", "-1", "x", "1x", ""}) {
        CAPTURE(bad);
        CHECK(bench.get(std::string{"/api/v1/queues?limit="} + bad).status == 400);
    }
}

TEST_CASE("api: from incident to acknowledged page to its end") {
    Bench bench;
    bench.host.driver.join(7);
    const json::value incidents = bench.get_json("/api/v1/incidents");
    REQUIRE(incidents.at("incidents").as_array().size() == 1);
    const json::value& incident = incidents.at("incidents").at(0);
    const auto id = text(incident.at("id"));
    CHECK(text(incident.at("level")) == "II");
    CHECK(text(incident.at("queues").at(0)) == "sales");
    CHECK(incident.at("ended_at").is_null());
    CHECK(incident.at("timeline").as_array().size() >= 1);
    CHECK(parse_rfc3339(text(incident.at("opened_at"))).has_value());
    CHECK(json::serialize(bench.get_json("/api/v1/incidents/" + id)) == json::serialize(incident));

    const json::value pages = bench.get_json("/api/v1/pages");
    REQUIRE_FALSE(pages.at("pages").as_array().empty());
    const json::value& page = pages.at("pages").at(0);
    for (const char* key :
         {"id",
          "incident",
          "rise",
          "level",
          "person",
          "channel",
          "state",
          "open",
          "possible_repeat",
          "created_at",
          "sent_at",
          "acked_by",
          "acked_at"}) {
        CAPTURE(key);
        CHECK(page.as_object().contains(key));
    }
    CHECK(text(page.at("incident")) == id);
    // Open is one thing, whoever counts it.
    const auto count_open = [&] {
        std::uint64_t open = 0;
        const json::value told = bench.get_json("/api/v1/pages");
        for (const json::value& one : told.at("pages").as_array())
            open += one.at("open").as_bool() ? 1U : 0U;
        const json::value status = bench.get_json("/api/v1/status");
        CHECK(status.at("pages_unacknowledged").to_number<std::uint64_t>() == open);
        return open;
    };
    CHECK(text(page.at("state")) == "sent");
    CHECK_FALSE(page.at("open").as_bool());  // a graver rise has paged anew
    CHECK(count_open() == 1);
    const std::string ack = "/api/v1/pages/" + text(page.at("id")) + "/ack";
    for (const char* bad : {"", "[]", "{}", R"({"by":""})", R"({"by":1})", "{"}) {
        CAPTURE(bad);
        CHECK(bench.post(ack, bad).status == 400);
    }
    const auto acked = bench.post(ack, R"({"by":"wang"})");
    CAPTURE(acked.body);
    CHECK(acked.status == 200);
    CHECK(text(json::parse(acked.body).at("acked_by")) == "wang");
    CHECK(text(json::parse(acked.body).at("state")) == "acknowledged");
    CHECK(count_open() == 1);
    CHECK(bench.post("/api/v1/pages/no-such/ack", R"({"by":"wang"})").status == 404);
    // One that has made room for others: what its incident knows of it.
    const std::string forgotten = "/api/v1/pages/" + id + ".1.0.9.li.hook/ack";
    for (const char* by : {"li", "chen"}) {
        CAPTURE(by);
        const auto taken = bench.post(forgotten, fmt::format(R"({{"by":"{}"}})", by));
        CAPTURE(taken.body);
        REQUIRE(taken.status == 200);
        CHECK(text(json::parse(taken.body).at("state")) == "acknowledged");
        CHECK(text(json::parse(taken.body).at("acked_by")) == "li");
        // All that the contract asks of a page.
        const json::object told = json::parse(taken.body).as_object();
        for (const char* key : {"id", "incident", "rise", "person", "channel", "open"}) {
            CAPTURE(key);
            CHECK(told.contains(key));
        }
    }

    const std::string end = "/api/v1/incidents/" + id + "/end";
    const auto ended = bench.post(end, R"({"by":"li","why":"over"})");
    CAPTURE(ended.body);
    CHECK(ended.status == 200);
    CHECK(text(json::parse(ended.body).at("phase")) == "ended");
    CHECK(bench.post(end, R"({"by":"li"})").status == 409);
    CHECK(bench.post("/api/v1/incidents/none/end", R"({"by":"li"})").status == 404);
}

TEST_CASE("api: readiness names its parts, and keeps details from strangers") {
    Bench bench;
    CHECK(text(bench.get_json("/readyz").at("status")) == "ready");
    bench.host.parts.push_back({"source acd-1", false, "10.0.0.9 refused", ""});
    const json::value degraded = bench.get_json("/readyz");
    CHECK(text(degraded.at("status")) == "degraded");
    CHECK(text(degraded.at("components").at(1).at("detail")) == "10.0.0.9 refused");
    auto stranger = request("GET", "/readyz");
    stranger.is_loopback = false;
    const auto seen = bench.ask(stranger);
    CHECK(seen.status == 200);
    CHECK(seen.body.find("10.0.0.9") == std::string::npos);
    CHECK(seen.body.find("source acd-1") != std::string::npos);
    bench.host.parts[0].ok = false;
    CHECK(bench.get("/readyz").status == 503);
    CHECK(bench.get("/healthz").status == 200);
    stranger.path = {"api", "v1", "queues"};
    CHECK(bench.ask(stranger).status == 401);
}

TEST_CASE("api: status names the rules, and the last records that were bad") {
    Bench bench;
    const json::value status = bench.get_json("/api/v1/status");
    CHECK(text(status.at("site")) == "hz");
    CHECK(text(status.at("rules").at("hash")) == "h1");
    CHECK(status.at("last_bad_records").as_array().empty());
    bench.host.shell.last_bad = {
        {"acd-1: bad_frame", "no colon in ####"}
    };
    const json::value bad = bench.get_json("/api/v1/status").at("last_bad_records").at(0);
    CHECK(text(bad.at("what")) == "acd-1: bad_frame");
    CHECK(text(bad.at("excerpt")) == "no colon in ####");
    // What was posted is among them, without what it tells of a caller.
    bench.post(
        "/api/v1/events",
        bench.offered("a") + R"({"ts":1763915700,"type":"offered","caller":"li@example.com"})"
                             "\n"
    );
    const json::value both = bench.get_json("/api/v1/status").at("last_bad_records");
    REQUIRE(both.as_array().size() == 2);
    CHECK(text(both.at(1).at("what")).ends_with(": missing_field"));
    CHECK(text(both.at(1).at("excerpt")) == "line 2: queue is missing");
}

TEST_CASE("api: status counts what of a source could not be read, and dates only what was heard") {
    Bench bench;
    bench.post("/api/v1/events", bench.offered("a") + "nonsense\n{\n");
    const auto source = [&](std::string_view name) {
        const json::value status = bench.get_json("/api/v1/status");
        for (const json::value& one : status.at("sources").as_array())
            if (text(one.at("name")) == name) return one;
        return json::value{};
    };
    const json::value local = source("local");
    REQUIRE(local.is_object());
    CHECK(local.at("rejected") == 2);
    CHECK(local.at("heard").is_string());
}

TEST_CASE("api: why a plan fires, and the thresholds that people have set") {
    Bench bench;
    for (const char* call : {"a", "b", "c", "d"}) bench.post("/api/v1/events", bench.offered(call));
    const json::value told = bench.get_json("/api/v1/explain?plan=P06&queue=sales");
    CHECK(text(told.at("firing")) == "III");
    const json::value& node = told.at("triggers").at(0).at("nodes").at(0);
    CHECK(text(node.at("kpi")) == "calls_waiting");
    CHECK(text(node.at("from")) == "rule");
    CHECK(number(node.at("levels").at(1).at("threshold")) == 4);
    CHECK(bench.get("/api/v1/explain").status == 400);
    CHECK(bench.get("/api/v1/explain?plan=P99").status == 404);
    CHECK(bench.get_json("/api/v1/thresholds").at("thresholds").as_array().empty());
    const auto set = bench.post(
        "/api/v1/thresholds",
        R"({"plan":"platform-service","trigger":"pressure","levels":{"III":8},"for":"1h",)"
        R"("by":"wang","why":"ads"})"
    );
    CHECK(set.status == 200);
    const json::value list = bench.get_json("/api/v1/thresholds").at("thresholds");
    REQUIRE(list.as_array().size() == 1);
    CHECK(number(list.at(0).at("levels").at("III")) == 8);
    CHECK(number(list.at(0).at("left")) == 3600);
    CHECK(text(list.at(0).at("by")) == "wang");
    const json::value other = bench.get_json("/api/v1/explain?plan=P06&queue=sales");
    CHECK(text(other.at("triggers").at(0).at("nodes").at(0).at("from")) == "temporary");
    const auto unheard_of = bench.post(
        "/api/v1/thresholds",
        R"({"plan":"P06","trigger":"pressure","queue":"salse","levels":{"III":8},"for":"1h",)"
        R"("by":"wang","why":"ads"})"
    );
    CHECK(unheard_of.status == 404);
    CHECK(text(json::parse(unheard_of.body).at("meant")) == "sales");
    const auto no_level = bench.post(
        "/api/v1/thresholds",
        R"({"plan":"P06","trigger":"pressure","levels":{"V":8},"for":"1h","by":"wang","why":"a"})"
    );
    CHECK(no_level.status == 400);
    CHECK(no_level.body.find("V is no level: IV, III, II or I") != std::string::npos);
}

TEST_CASE("api: a plan says which of its parts are not run") {
    const auto not_run = [](const plan::Plan& plan) {
        http::JsonWriter writer;
        api::encode_plan(writer, plan);
        return text(json::parse(std::move(writer).take()).at("not_run"));
    };
    plan::Plan plan = test::small_center().plans.at("platform-service");
    CHECK(not_run(plan) == "[]");
    plan.steps.front().action = plan::Action{"webhook", "overflow", "leader", "", 30s};
    CHECK(not_run(plan) == R"(["actions"])");
    plan.binder.notices.emplace_back();
    plan.binder.review.emplace();
    plan.binder.drill.emplace();
    plan.binder.readiness.emplace_back();
    CHECK(not_run(plan) == R"(["notices","actions","review","drill","readiness"])");
}
