// The client against a server that misbehaves on purpose, and against TLS with a certificate made
// for the test.
#include "io/http/client.hpp"

#include "support/temp_folder.hpp"
#include "support/tls_identity.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <functional>
#include <thread>

using namespace surged;
using namespace surged::io::http;
namespace net = boost::asio;
using tcp = net::ip::tcp;

namespace {

/// Takes one connection and hands it to `talk`, on a thread of its own.
class OneShot {
public:
    explicit OneShot(std::function<void(tcp::socket)> talk)
        : acceptor_{loop_, tcp::endpoint{net::ip::address_v4::loopback(), 0}},
          thread_{[this, talk = std::move(talk)] {
              boost::system::error_code ec;
              tcp::socket socket{loop_};
              acceptor_.accept(socket, ec);
              if (!ec) talk(std::move(socket));
          }} {}
    ~OneShot() {
        boost::system::error_code ec;
        tcp::socket poke{loop_};  // ends an accept that nobody answered
        poke.connect(acceptor_.local_endpoint(), ec);
        thread_.join();
    }
    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

private:
    net::io_context loop_;
    tcp::acceptor acceptor_;
    std::thread thread_;
};

template <class Stream>
std::string read_head(Stream& stream) {
    std::string head;
    boost::system::error_code ec;
    net::read_until(stream, net::dynamic_buffer(head), "\r\n\r\n", ec);
    return head;
}

ClientResult get(const std::string& url, Micros timeout = 2s, ClientOptions options = {}) {
    Client client{std::move(options)};
    ClientRequest request;
    request.url = url;
    request.timeout = timeout;
    return request_blocking(client, std::move(request));
}

/// Answers any request with these bytes, then closes.
ClientResult answered_with(const std::string& bytes, std::size_t body_max = 1 << 20) {
    const OneShot server{[bytes](tcp::socket socket) {
        read_head(socket);
        boost::system::error_code ec;
        net::write(socket, net::buffer(bytes), ec);
        socket.shutdown(tcp::socket::shutdown_send, ec);
    }};
    Client client;
    ClientRequest request;
    request.url = fmt::format("http://127.0.0.1:{}/", server.port());
    request.timeout = 2s;
    request.body_max = body_max;
    return request_blocking(client, std::move(request));
}

/// A TLS server that answers one request, if the client trusts it enough to ask.
OneShot tls_server(const test::TlsIdentity& identity, std::string& server_name) {
    return OneShot{[identity, &server_name](tcp::socket socket) {
        net::ssl::context context{net::ssl::context::tls_server};
        context.use_certificate_chain_file(identity.certificate);
        context.use_private_key_file(identity.key, net::ssl::context::pem);
        net::ssl::stream<tcp::socket> stream{std::move(socket), context};
        boost::system::error_code ec;
        stream.handshake(net::ssl::stream_base::server, ec);
        if (ec) return;
        const char* name = SSL_get_servername(stream.native_handle(), TLSEXT_NAMETYPE_host_name);
        if (name != nullptr) server_name = name;
        read_head(stream);
        const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecure";
        net::write(stream, net::buffer(answer), ec);
        stream.shutdown(ec);
    }};
}

}  // namespace

TEST_CASE("http client: answers of every framing") {
    struct Row {
        const char* name;
        const char* bytes;
        int status;
        const char* body;
    };
    const Row rows[] = {
        {"length",     "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",                       200, "ok"       },
        {"chunked",
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n", 200,
         "ok"                                                                                                  },
        {"to the end", "HTTP/1.0 200 OK\r\n\r\nall of it",                                     200, "all of it"},
        {"nothing",    "HTTP/1.1 204 No Content\r\n\r\n",                                      204, ""         },
        {"redirect",
         "HTTP/1.1 301 Moved\r\nLocation: http://x/\r\nContent-Length: 0\r\n\r\n",             301,
         ""                                                                                                    },
        {"error",      "HTTP/1.1 500 Oh\r\nContent-Length: 3\r\n\r\nbad",                      500, "bad"      },
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        const auto result = answered_with(row.bytes);
        REQUIRE(result.has_value());
        CHECK(result->status == row.status);
        CHECK(result->body == row.body);
    }
}

TEST_CASE("http client: what is no answer is unknown, once the request is out") {
    struct Row {
        const char* name;
        const char* bytes;
    };
    const Row rows[] = {
        {"closed at once", ""                                                            },
        {"not HTTP",       "220 smtp.example ESMTP\r\n\r\n"                              },
        {"cut header",     "HTTP/1.1 200 OK\r\nContent-"                                 },
        {"cut body",       "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nfew"           },
        {"cut chunk",      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        const auto result = answered_with(row.bytes);
        REQUIRE_FALSE(result.has_value());
        CHECK(result.error().progress == Progress::unknown);
    }
}

TEST_CASE("http client: an answer beyond the limit is not taken") {
    const std::string large(5000, 'x');
    const auto bytes = fmt::format("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{}", large);
    CHECK(answered_with(bytes).has_value());
    CHECK_FALSE(answered_with(bytes, 4999).has_value());
}

TEST_CASE("http client: one deadline for all of it") {
    const OneShot server{[](tcp::socket socket) {
        for (int i = 0; i < 20; ++i) {  // a byte now and then keeps nobody waiting longer
            std::this_thread::sleep_for(std::chrono::milliseconds{50});
            boost::system::error_code ec;
            net::write(socket, net::buffer("H", 1), ec);
            if (ec) return;
        }
    }};
    const auto before = std::chrono::steady_clock::now();
    const auto result = get(fmt::format("http://127.0.0.1:{}/", server.port()), 200ms);
    const auto took = std::chrono::steady_clock::now() - before;
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().progress == Progress::unknown);
    CHECK(took < std::chrono::milliseconds{800});
}

TEST_CASE("http client: what goes over the wire") {
    std::string head;
    {
        const OneShot server{[&head](tcp::socket socket) {
            head = read_head(socket);
            boost::system::error_code ec;
            net::write(socket, net::buffer(std::string{"HTTP/1.1 204 No\r\n\r\n"}), ec);
        }};
        Client client;
        ClientRequest request;
        request.method = "POST";
        request.url = fmt::format("http://127.0.0.1:{}/a%20b?q=1&r=%E5%94%AE", server.port());
        request.headers.emplace_back("X-One", "1");
        request.body = "body";
        CHECK(request_blocking(client, std::move(request)).has_value());
        CHECK(head.find(fmt::format("Host: 127.0.0.1:{}\r\n", server.port())) != std::string::npos);
    }
    CHECK(head.starts_with("POST /a%20b?q=1&r=%E5%94%AE HTTP/1.1\r\n"));
    CHECK(head.find("X-One: 1\r\n") != std::string::npos);
    CHECK(head.find("Content-Length: 4\r\n") != std::string::npos);
}

TEST_CASE("http client: what cannot be sent is unsent") {
    for (const char* url : {"", "not an address", "ftp://x/", "http://", "http://127.0.0.1:1/"}) {
        CAPTURE(url);
        const auto result = get(url);
        REQUIRE_FALSE(result.has_value());
        CHECK(result.error().progress == Progress::unsent);
    }
    Client client;
    ClientRequest forged;
    forged.url = "http://127.0.0.1:1/";
    forged.headers.emplace_back("X-One", "1\r\nX-Two: 2");
    CHECK(request_blocking(client, forged).error().what == "a header holds a line break");
}

TEST_CASE("http client: private addresses are refused where they must be") {
    for (const char* host :
         {"127.0.0.1",
          "10.1.2.3",
          "172.16.0.1",
          "192.168.1.1",
          "169.254.169.254",
          "0.0.0.0",
          "[::1]",
          "[fe80::1]",
          "[fd00::1]",
          "[::ffff:127.0.0.1]"}) {
        CAPTURE(host);
        Client client;
        ClientRequest request;
        request.url = fmt::format("http://{}:1/", host);
        request.allow_private = false;
        CHECK(
            request_blocking(client, std::move(request)).error().what ==
            "private addresses are refused"
        );
    }
}

TEST_CASE("http client: a certificate must be trusted and be for that host") {
    const test::TempFolder folder;
    const test::TlsIdentity good{folder.path(), "localhost"};
    ClientOptions trusting;
    trusting.ca_file = good.certificate;
    {
        std::string server_name;
        {
            const auto server = tls_server(good, server_name);
            const auto url = fmt::format("https://localhost:{}/", server.port());
            const auto result = get(url, 2s, trusting);
            REQUIRE_MESSAGE(result.has_value(), result.error().what);
            CHECK(result->body == "secure");
        }
        CHECK(server_name == "localhost");
    }
    std::string ignored;
    {
        const auto server = tls_server(good, ignored);
        const auto result = get(fmt::format("https://localhost:{}/", server.port()));
        REQUIRE_FALSE(result.has_value());  // nobody vouches for it
        CHECK(result.error().progress == Progress::unsent);
    }
    const auto server = tls_server(good, ignored);
    const auto result = get(fmt::format("https://127.0.0.1:{}/", server.port()), 2s, trusting);
    REQUIRE_FALSE(result.has_value());  // trusted, but for another name
    CHECK(result.error().progress == Progress::unsent);
}
