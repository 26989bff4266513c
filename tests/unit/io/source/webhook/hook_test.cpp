// A hook over a real engine, without a socket.
#include "io/source/webhook/hook.hpp"

#include "io/api/routes.hpp"
#include "io/crypto.hpp"
#include "io/http/target.hpp"
#include "support/fake_host.hpp"
#include "support/webhook_map.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <future>
#include <map>
#include <string>
#include <vector>

using namespace surged;
using namespace surged::io;
namespace net = boost::asio;
namespace json = boost::json;

namespace {

constexpr std::string_view ticket_map = R"(
map: tickets
id: /id
events:
  - when: [{at: /kind, equals: ticket}]
    type: complaint
    queue: /desk
    ticket: /no
    status: {at: /state, table: {new: opened, done: closed}}
)";

struct FakeSink final : Sink {
    void events(acd::Batch) override {}
    void state(bool up, bool, std::string detail) override {
        states.push_back(fmt::format("{} {}", up ? "up" : "down", detail));
    }
    void bad_record(std::string reason, std::string) override { ++bad[reason]; }
    void heard() override {}
    std::vector<std::string> states;
    std::map<std::string, int> bad;
};

struct Bench {
    explicit Bench(const std::function<void(hook::HookOptions&)>& change = {}) {
        hook::HookOptions options;
        options.name = "desk";
        options.map = test::map_of(ticket_map);
        options.signing.scheme = hook::Scheme::bearer;
        options.signing.secrets = {"s3cret"};
        options.wall = [this] { return wall; };
        options.steady = [this] { return Micros{wall.us}; };
        if (change) change(options);
        source = std::make_unique<hook::Hook>(loop.get_executor(), std::move(options), host, sink);
        hooks.add(*source);
        routes.serve(hooks);
    }

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
    static http::Request request(
        std::string_view method, std::string_view target, std::string body = {}
    ) {
        http::Request out;
        out.method = method;
        out.target = target;
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
    http::Request delivery(std::string body, std::string_view secret = "s3cret") const {
        http::Request out = request("POST", "/api/v1/hooks/desk", std::move(body));
        out.headers.emplace_back("authorization", fmt::format("Bearer {}", secret));
        return out;
    }
    http::Response deliver(std::string body, std::string_view secret = "s3cret") {
        return ask(delivery(std::move(body), secret));
    }
    json::value look() {
        const http::Response answer = ask(request("GET", "/api/v1/hooks/desk"));
        REQUIRE(answer.status == 200);
        return json::parse(answer.body);
    }

    net::io_context loop{1};
    test::FakeHost host{loop.get_executor()};
    FakeSink sink;
    Wall wall{1'795'451'700'000'000};
    hook::Hooks hooks;
    std::unique_ptr<hook::Hook> source;
    api::Routes routes{host, {}, {}, [] { return http::ServerStats{}; }};
};

std::string ticket(std::string_view id, std::string_view number, std::string_view state = "new") {
    return fmt::format(
        R"({{"id":"{}","kind":"ticket","desk":"shop","no":"{}","state":"{}"}})", id, number, state
    );
}

std::int64_t number_of(const json::value& value, std::string_view pointer) {
    return value.at_pointer({pointer.data(), pointer.size()}).to_number<std::int64_t>();
}

const board::View& board_of(const Bench& bench) { return bench.host.engine().board(); }

}  // namespace

TEST_CASE("hook: a delivery is answered after its commit, and counts once") {
    Bench bench;
    bench.host.hold_commits = true;
    auto waiting = bench.begin(bench.delivery(ticket("d1", "T1")));
    CHECK(waiting.wait_for(0s) == std::future_status::timeout);
    bench.host.release();
    bench.loop.restart();
    bench.loop.poll();
    REQUIRE(waiting.wait_for(0s) == std::future_status::ready);
    const http::Response first = waiting.get();
    CHECK(first.status == 200);
    CHECK(first.body == R"({"accepted":1,"rejected":[],"unmatched":0})");
    const engine::Input& input = bench.host.submitted.at(0);
    CHECK(input.source == "desk");
    CHECK(input.site == "hz");
    CHECK(input.actor.via == "webhook");

    CHECK(
        bench.deliver(ticket("d1", "T1")).body ==
        R"({"accepted":0,"rejected":[],"unmatched":0,"repeated":true})"
    );
    CHECK(bench.host.submitted.size() == 1);
    const auto queue = board_of(bench).find("shop");
    REQUIRE(queue.has_value());
    CHECK(bench.deliver(ticket("d2", "T1", "done")).status == 200);
    CHECK(bench.host.submitted.size() == 2);
    CHECK(number_of(bench.look(), "/accepted") == 2);
    CHECK(number_of(bench.look(), "/repeated") == 1);
}

TEST_CASE("hook: what is of no use is 200 and kept, redacted") {
    Bench bench;
    const auto answer =
        bench.deliver(R"({"kind":"comment","desk":"shop","mail":"emily@example.com"})");
    CHECK(answer.status == 200);
    CHECK(answer.body == R"({"accepted":0,"rejected":[],"unmatched":1})");
    const auto bad = bench.deliver(ticket("d", "T", "lost"));
    CHECK(bad.status == 200);
    CHECK(bad.body.find("status lost is not in its table") != std::string::npos);
    CHECK(bench.host.submitted.empty());
    CHECK(bench.sink.bad["unmatched"] == 1);
    CHECK(bench.sink.bad["unknown_word"] == 1);
    const std::string looked = json::serialize(bench.look());
    CHECK(looked.find("emily") == std::string::npos);
    CHECK(looked.find(R"(\"kind\":\"comment\")") != std::string::npos);
    CHECK(looked.find(R"("unmatched":1)") != std::string::npos);
    for (int i = 0; i < 20; ++i) bench.deliver(R"({"kind":"x"})");
    CHECK(bench.look().at("kept").as_array().size() == 5);
    // What the engine refuses is said in the answer too.
    const auto late = bench.deliver(R"({"id":"n","kind":"ticket","no":"T9","state":"new"})");
    CHECK(late.status == 200);
    CHECK(late.body.find("queue is missing") != std::string::npos);
}

TEST_CASE("hook: answers to what cannot be taken") {
    Bench bench{[](hook::HookOptions& options) { options.body_bytes_max = 1024; }};
    const auto status = [&](http::Request asked) { return bench.ask(std::move(asked)).status; };
    CHECK(status(bench.delivery("{")) == 400);
    CHECK(status(bench.delivery("")) == 400);
    const auto stranger = bench.deliver(ticket("a", "T"), "wrong");
    CHECK(stranger.status == 401);
    CHECK(
        stranger.headers.at(0) == std::pair<std::string, std::string>{"WWW-Authenticate", "Bearer"}
    );
    CHECK(status(Bench::request("POST", "/api/v1/hooks/desk", "{}")) == 401);
    CHECK(status(Bench::request("POST", "/api/v1/hooks/none", "{}")) == 404);
    CHECK(status(Bench::request("GET", "/api/v1/hooks/none")) == 404);
    CHECK(status(Bench::request("PUT", "/api/v1/hooks/desk", "{}")) == 405);
    CHECK(status(bench.delivery(std::string(1025, ' '))) == 413);
    auto packed = bench.delivery("{}");
    packed.headers.emplace_back("content-encoding", "gzip");
    CHECK(status(std::move(packed)) == 415);
    auto from_afar = Bench::request("GET", "/api/v1/hooks/desk");
    from_afar.is_loopback = false;
    CHECK(status(std::move(from_afar)) == 401);
    for (const char* reason : {"json", "signature", "unsigned", "too_long", "encoding"}) {
        CAPTURE(reason);
        CHECK(bench.sink.bad[reason] >= 1);
    }
    CHECK(bench.host.submitted.empty());
    bench.host.durable = false;
    CHECK(bench.deliver(ticket("b", "T2")).status == 202);
    bench.host.durable = true;
    CHECK(bench.deliver(ticket("b", "T2")).body.find("repeated") == std::string::npos);
    bench.host.overloaded = true;
    const auto busy = bench.deliver(ticket("c", "T3"));
    CHECK(busy.status == 503);
    CHECK(busy.headers.at(0).first == "Retry-After");
}

TEST_CASE("hook: a flood is cut off at its own source, and only there") {
    Bench bench{[](hook::HookOptions& options) {
        options.rate = 2;
        options.under_way_max = 3;
    }};
    int taken = 0;
    int refused = 0;
    for (int i = 0; i < 100; ++i) {
        const auto answer = bench.deliver(ticket(fmt::format("f{}", i), "T"));
        (answer.status == 200 ? taken : refused) += 1;
        if (answer.status != 200) {
            CHECK(answer.status == 429);
            CHECK(answer.headers.at(0).first == "Retry-After");
        }
    }
    CHECK(taken == 20);  // ten seconds' worth
    CHECK(refused == 80);
    CHECK(bench.sink.bad["rate"] == 80);
    CHECK(
        bench
            .ask(Bench::request("POST", "/api/v1/events", R"({"ts":1795451700,"type":"heartbeat"})")
            )
            .status == 200
    );
    bench.wall.us += 1'000'000;
    CHECK(bench.deliver(ticket("later", "T")).status == 200);
    // While commits are slow only so many wait.
    bench.wall.us += 10'000'000;
    bench.host.hold_commits = true;
    std::vector<std::future<http::Response>> waiting;
    for (int i = 0; i < 3; ++i)
        waiting.push_back(bench.begin(bench.delivery(ticket(fmt::format("w{}", i), "T"))));
    CHECK(bench.deliver(ticket("w4", "T")).status == 503);
    bench.host.release();
    bench.loop.restart();
    bench.loop.poll();
    for (auto& one : waiting) CHECK(one.get().status == 200);
    CHECK(bench.deliver(ticket("w4", "T")).status == 200);
    bench.host.backlog = std::size_t{65} * 1024 * 1024;
    CHECK(bench.deliver(ticket("w5", "T")).status == 503);
}

TEST_CASE("hook: a secret that stops working is shown, and ends with a good delivery") {
    Bench bench;
    auto running = net::co_spawn(bench.loop, bench.source->run(), net::use_future);
    bench.loop.restart();
    bench.loop.poll();
    CHECK(bench.sink.states == std::vector<std::string>{"up listening at /api/v1/hooks/desk"});
    CHECK(bench.source->status().up);
    CHECK(bench.source->status().detail.find("nothing heard yet") != std::string::npos);
    for (int i = 0; i < 2; ++i) bench.deliver(ticket("a", "T"), "wrong");
    CHECK(bench.source->status().up);
    for (int i = 0; i < 10; ++i)  // strangers without a signature say nothing of ours
        bench.ask(Bench::request("POST", "/api/v1/hooks/desk", "{}"));
    CHECK(bench.source->status().up);
    bench.deliver(ticket("a", "T"), "wrong");
    CHECK(!bench.source->status().up);
    CHECK(bench.source->status().detail.find("the signature does not fit") != std::string::npos);
    CHECK(bench.source->status().detail.find("signature 3, unsigned 10") != std::string::npos);
    bench.deliver(ticket("a", "T"));
    CHECK(bench.source->status().up);
    CHECK(bench.sink.states.size() == 1);  // the calls of this source are not lost by that
    bench.source->stop();
    bench.loop.restart();
    bench.loop.run();
    running.get();
}

TEST_CASE("hook: a source that is silent for too long is lost, and found again") {
    Bench bench{[](hook::HookOptions& options) { options.stale_after = 4s; }};
    auto running = net::co_spawn(bench.loop, bench.source->run(), net::use_future);
    bench.loop.restart();
    bench.loop.poll();
    bench.wall.us += 5'000'000;
    bench.loop.restart();
    while (bench.sink.states.size() < 2) bench.loop.run_one_for(10s);
    CHECK(bench.sink.states.back() == "down nothing heard for 4s");
    CHECK(!bench.source->status().up);
    bench.deliver(ticket("a", "T"));
    CHECK(bench.sink.states.back() == "up heard again");
    CHECK(bench.source->status().up);
    bench.source->stop();
    bench.loop.restart();
    bench.loop.run();
    running.get();
}

TEST_CASE("hook: the word that Slack and Feishu ask for") {
    Bench bench;
    CHECK(
        bench.deliver(R"({"type":"url_verification","challenge":"c-\"1"})").body ==
        R"({"challenge":"c-\"1"})"
    );
    CHECK(
        bench.deliver(R"({"type":"url_verification"})").body.find("unmatched") != std::string::npos
    );
}

TEST_CASE("hook: Feishu's encrypted body is read with the key that signs it") {
    Bench bench{[](hook::HookOptions& options) {
        options.signing.scheme = hook::Scheme::feishu;
        options.signing.secrets = {"old key", "test key"};
        options.map = test::map_of("map: m\nevents: [{type: offered, queue: s, call: /x}]\n");
    }};
    // "hello world": Feishu's own example. It decrypts, and is no JSON.
    const std::string body = R"({"encrypt":"P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk="})";
    http::Request asked = Bench::request("POST", "/api/v1/hooks/desk", body);
    const std::string time = "1795451700";
    asked.headers.emplace_back("x-lark-request-timestamp", time);
    asked.headers.emplace_back("x-lark-request-nonce", "n");
    asked.headers.emplace_back(
        "x-lark-signature", crypto::sha256_hex(time + "n" + "test key" + body)
    );
    const auto answer = bench.ask(asked);
    CHECK(answer.status == 400);
    CHECK(answer.body.find("not JSON") != std::string::npos);
}

TEST_CASE("hook: a secret path opens the door, another one does not") {
    Bench bench{[](hook::HookOptions& options) {
        options.signing.scheme = hook::Scheme::path;
        options.signing.secrets = {"k-1"};
    }};
    const auto status = [&](std::string_view target) {
        return bench.ask(Bench::request("POST", target, ticket("a", "T"))).status;
    };
    CHECK(status("/api/v1/hooks/desk/k-1") == 200);
    CHECK(status("/api/v1/hooks/desk/k-2") == 401);
    CHECK(status("/api/v1/hooks/desk") == 401);
    CHECK(status("/api/v1/hooks/desk/k-1/x") == 404);
}
