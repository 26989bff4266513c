// The client against a server of the test program's own.
#include "io/source/prometheus/client.hpp"

#include "io/runtime/wall_clock.hpp"
#include "support/ami_fake.hpp"
#include "support/ami_sink.hpp"
#include "support/vendor_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <optional>
#include <string>

using namespace surged;
using namespace surged::test;
using io::prometheus::Client;
using io::prometheus::ClientOptions;
namespace net = boost::asio;

namespace {

constexpr auto patience = std::chrono::milliseconds{10'000};

struct Rig {
    net::io_context context;
    KeepingSink sink;
    std::optional<Client> client;
    bool finished{false};

    explicit Rig(ClientOptions options) {
        options.name = "prom";
        options.interval = 10ms;
        client.emplace(context.get_executor(), std::move(options), sink);
        net::co_spawn(context, client->run(), [this](std::exception_ptr e) {
            CHECK_FALSE(e);
            finished = true;
        });
    }
    ~Rig() {
        client->stop();
        CHECK(until([this] { return finished; }));
    }
    bool until(const std::function<bool()>& done) { return run_until(context, patience, done); }
    /// The last that was told of the gauge, or −1.
    [[nodiscard]] double told(std::string_view queue, std::string_view gauge) const {
        double out = -1;
        for (const acd::Batch& batch : sink.batches)
            batch.for_each([&](std::size_t, const acd::Event& e) {
                if (e.queue == queue && e.name == gauge) out = e.value;
            });
        return out;
    }
    bool until_state(bool up, std::string_view words) {
        return until([&] {
            return !sink.states.empty() && sink.states.back().up == up &&
                   sink.states.back().detail.find(words) != std::string::npos;
        });
    }
};

std::string vector_of(std::string_view series) {
    return fmt::format(
        R"({{"status":"success","data":{{"resultType":"vector","result":[{}]}}}})", series
    );
}

}  // namespace

TEST_CASE("prometheus: a server's answers are gauges; a query without one is lost after a while") {
    std::string second = vector_of(R"({"metric":{},"value":[1,"7"]})");
    VendorServer server{[&](const VendorRequest& request) {
        VendorReply reply;
        reply.body = request.body == "query=lines"
                         ? vector_of(R"({"metric":{"q":"100"},"value":[1,"12"]},)"
                                     R"({"metric":{},"value":[1,"1"]})")
                         : second;
        if (request.method != "POST" || request.path != "/prom/api/v1/query") reply.status = 404;
        if (request.headers.at("authorization") != "Bearer t0ken") reply.status = 401;
        return reply;
    }};
    ClientOptions options;
    options.url = server.url() + "/prom/";
    options.authorization = "Bearer t0ken";
    options.stale_after = 200ms;
    options.picks = {
        {"lines", "", {}, "ivr_lines", "",     "q"},
        {"crowd", "", {}, "crowd",     "hall", "" }
    };
    options.queue_names = {
        {"100", "sales"}
    };
    Rig rig{options};
    REQUIRE(rig.until_state(true, "asking " + server.url() + "/prom every 10ms"));
    CHECK(rig.told("sales", "ivr_lines") == 12);
    CHECK(rig.told("hall", "crowd") == 7);
    CHECK(rig.sink.bad_count("no_queue") >= 1);
    server.look([&] { second = vector_of(""); });
    REQUIRE(rig.until_state(false, "query crowd: nothing that is a number"));
    server.look([&] {
        second = R"({"status":"error","errorType":"bad_data","error":"parse error"})";
    });
    REQUIRE(rig.until_state(false, "query crowd: bad_data: parse error"));
    server.look([&] { second = vector_of(R"({"metric":{},"value":[1,"9"]})"); });
    REQUIRE(rig.until_state(true, "asking"));
    CHECK(rig.told("hall", "crowd") == 9);
}

TEST_CASE("prometheus: a refused login and a server that is away are said once, without the secret"
) {
    VendorServer server{[](const VendorRequest&) {
        VendorReply reply;
        reply.status = 401;
        return reply;
    }};
    ClientOptions options;
    options.url = server.url();
    options.authorization = "Bearer t0ken";
    options.picks = {
        {"a", "", {}, "g", "q", ""},
        {"b", "", {}, "h", "q", ""}
    };
    Rig rig{options};
    REQUIRE(rig.until([&] { return server.requests().size() > 8; }));
    REQUIRE(rig.sink.states.size() == 1);
    CHECK(rig.sink.states[0].detail == "query a: it answers HTTP 401; and 1 more");
    CHECK(rig.client->status().type == "prometheus");
    options.url = "http://127.0.0.1:1";
    Rig away{options};
    REQUIRE(away.until_state(false, "query a: "));
    CHECK(away.sink.states[0].detail.find("t0ken") == std::string::npos);
}

TEST_CASE("prometheus: an exporter's series by name and labels, old ones refused") {
    const auto now_ms = io::wall_now().us / 1000;
    VendorServer server{[&](const VendorRequest& request) {
        VendorReply reply;
        reply.type = "text/plain";
        if (request.path != "/metrics") reply.status = 404;
        reply.body =
            "# TYPE lines gauge\nlines{queue=\"sales\",site=\"hz\"} 12\n"
            "lines{queue=\"sales\",site=\"sh\"} 99\nother 1\nlines{queue=} 3\n"
            "lines{queue=\"s\\u\xff\",site=\"hz\"} 1\n" +
            fmt::format("heads {} {}\nold 5 {}\nnone NaN\n", 30, now_ms, now_ms - 600'000);
        return reply;
    }};
    ClientOptions options;
    options.server = false;
    options.url = server.url() + "/metrics";
    options.picks = {
        {"", "lines", {{"site", "hz"}}, "ivr_lines",        "",      "queue"},
        {"", "heads", {},               "agents_scheduled", "sales", ""     }
    };
    {
        Rig rig{options};
        REQUIRE(rig.until_state(true, "/metrics every 10ms"));
        CHECK(rig.told("sales", "ivr_lines") == 12);
        CHECK(rig.told("sales", "agents_scheduled") == 30);
        CHECK(rig.sink.bad_count("text") >= 1);
        CHECK(rig.sink.bad_count("encoding") >= 1);
    }
    struct Row {
        const char* metric;
        const char* want;
    };
    const Row rows[] = {
        {"old",  "old: its time is more than 1m ago"},
        {"none", "none: nothing that is a number"   },
        {"gone", "gone: no such series"             }
    };
    for (const Row& row : rows) {
        CAPTURE(row.metric);
        options.picks = {
            {"", row.metric, {}, "g", "q", ""}
        };
        Rig rig{options};
        CHECK(rig.until_state(false, row.want));
    }
}
