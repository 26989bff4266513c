#include "io/http/server.hpp"

#include "io/http/router.hpp"
#include "support/raw_http.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <doctest/doctest.h>
#include <future>
#include <stdexcept>
#include <string>

using namespace surged;
using namespace surged::io;
namespace net = boost::asio;

namespace {

net::awaitable<http::Response> echo(http::Request request) {
    http::Response response{
        200, "text/plain", request.method + " " + request.target + " " + request.body
    };
    co_return response;
}

net::awaitable<http::Response> sleep_then_echo(http::Request request) {
    const auto executor = co_await net::this_coro::executor;
    net::steady_timer timer{executor, 300ms};
    co_await timer.async_wait(net::as_tuple(net::use_awaitable));
    http::Response response{200, "text/plain", request.body};
    co_return response;
}

net::awaitable<http::Response> explode(http::Request request) {
    if (!request.method.empty()) throw std::runtime_error{"a handler's bug"};
    co_return http::Response{};
}

// A running server over a handler.
struct Rig {
    explicit Rig(http::Handler handler, http::ServerOptions options = {})
        : server{thread.loop().get_executor(), std::move(options), std::move(handler)} {
        thread.run([&] {
            const auto started = server.start();
            REQUIRE(started.has_value());
            port = *started;
        });
    }
    ~Rig() { stop(); }
    // Stops the server gently and says how long that took.
    std::chrono::milliseconds stop() {
        const auto from = std::chrono::steady_clock::now();
        net::co_spawn(thread.loop(), server.stop(), net::use_future).get();
        return std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::steady_clock::now() - from
        );
    }
    test::LoopThread thread;
    http::Server server;
    std::uint16_t port{0};
};

}  // namespace

TEST_CASE("http server: answers, keeps the connection, and pipelines") {
    Rig rig{echo};
    test::RawHttp peer{rig.port};
    peer.send(
        "GET /a HTTP/1.1\r\nHost: x\r\n\r\nPOST /b HTTP/1.1\r\nHost: x\r\nContent-Length: "
        "2\r\n\r\nhi"
    );
    const auto first = peer.answer();
    CHECK(first.status == 200);
    CHECK(first.body == "GET /a ");
    CHECK(first.fields.at("cache-control") == "no-store");
    CHECK(peer.answer().body == "POST /b hi");
    peer.send("GET /c HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    CHECK(peer.answer().body == "GET /c ");
    CHECK(peer.closed());
}

TEST_CASE("http server: HEAD has the length and no body") {
    Rig rig{echo};
    const auto answer = test::http_request(rig.port, "HEAD", "/abc");
    CHECK(answer.status == 200);
    CHECK(answer.fields.at("content-length") == "10");
    CHECK(answer.body.empty());
}

TEST_CASE("http server: what is not a request is refused by its own status") {
    http::ServerOptions options;
    options.body_bytes_max = 1000;
    options.header_bytes_max = 2000;
    Rig rig{echo, options};
    struct Row {
        const char* name;
        std::string bytes;
        int status;
    };
    const std::string big_header =
        "GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(3000, 'a') + "\r\n\r\n";
    const std::string chunked =
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" +
        std::string(2000, 'a') + "\r\n0\r\n\r\n";
    const Row rows[] = {
        {"garbage",                  "\x16\x03\x01\x02 hello\r\n\r\n",               400},
        {"no Host",                  "GET / HTTP/1.1\r\n\r\n",                       400},
        {"broken escape",            "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",         400},
        {"announced body too large",
         "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n",               413},
        {"chunked body too large",   chunked,                                        413},
        {"header too large",         big_header,                                     431},
        {"unknown expectation",
         "POST / HTTP/1.1\r\nHost: x\r\nExpect: magic\r\nContent-Length: 1\r\n\r\n", 417},
        {"another version",          "GET / HTTP/3.0\r\nHost: x\r\n\r\n",            505},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        test::RawHttp peer{rig.port};
        peer.send(row.bytes);
        const auto answer = peer.answer();
        CHECK(answer.status == row.status);
        CHECK(answer.fields.count("content-type") == 1);
        if (answer.status != 0)
            CHECK(answer.fields.at("content-type") == "application/problem+json");
        CHECK(peer.closed());
    }
    CHECK(test::http_request(rig.port, "POST", "/", std::string(1000, 'a')).status == 200);
}

TEST_CASE("http server: Expect: 100-continue is told to go on") {
    Rig rig{echo};
    test::RawHttp peer{rig.port};
    peer.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    CHECK(peer.answer().status == 100);
    peer.send("hi");
    CHECK(peer.answer().body == "POST / hi");
}

TEST_CASE("http server: the slow are cut off, each at its own limit") {
    http::ServerOptions options;
    options.idle_max = 400ms;
    options.header_max = 200ms;
    options.body_max = 200ms;
    Rig rig{echo, options};
    for (const char* start :
         {"", "GET / HT", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc"}) {
        CAPTURE(start);
        test::RawHttp peer{rig.port};
        peer.send(start);
        const auto from = std::chrono::steady_clock::now();
        CHECK(peer.closed());
        CHECK(std::chrono::steady_clock::now() - from < 3s);
    }
}

TEST_CASE("http server: one connection too many is told so") {
    http::ServerOptions options;
    options.connections_max = 2;
    Rig rig{echo, options};
    test::RawHttp one{rig.port};
    one.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(one.answer().status == 200);
    {
        test::RawHttp two{rig.port};
        two.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        CHECK(two.answer().status == 200);
        test::RawHttp three{rig.port};
        const auto answer = three.answer();
        CHECK(answer.status == 503);
        CHECK(answer.fields.at("retry-after") == "1");
    }
    // The second has left: there is room again, once the server has noticed.
    int status = 503;
    for (int i = 0; i < 100 && status != 200; ++i) {
        std::this_thread::sleep_for(20ms);
        status = test::http_request(rig.port, "GET", "/").status;
    }
    CHECK(status == 200);
}

TEST_CASE("http server: stop lets a request finish and drops idle connections at once") {
    Rig rig{sleep_then_echo};
    test::RawHttp idle{rig.port};
    test::RawHttp busy{rig.port};
    busy.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nlast");
    std::this_thread::sleep_for(100ms);
    const auto took = rig.stop();
    CHECK(took < 2500ms);
    const auto answer = busy.answer();
    CHECK(answer.body == "last");
    CHECK(answer.fields.at("connection") == "close");
    CHECK(idle.closed());
    CHECK_THROWS(test::RawHttp{rig.port});
}

TEST_CASE("http server: a handler that throws is answered with 500 and nothing of the reason") {
    Rig rig{explode};
    const auto answer = test::http_request(rig.port, "GET", "/");
    CHECK(answer.status == 500);
    CHECK(answer.body.find("bug") == std::string::npos);
}

TEST_CASE("http server: an address that cannot be had is an error with words") {
    Rig rig{echo};
    http::ServerOptions options;
    options.port = rig.port;
    http::Server second{rig.thread.loop().get_executor(), options, echo};
    const auto started = second.start();
    REQUIRE_FALSE(started.has_value());
    CHECK(started.error().what.find("127.0.0.1") != std::string::npos);
    options.address = "not an address";
    http::Server third{rig.thread.loop().get_executor(), options, echo};
    CHECK_FALSE(third.start().has_value());
}
