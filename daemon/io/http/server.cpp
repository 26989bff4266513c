#include "io/http/server.hpp"

#include "base/log.hpp"
#include "io/http/target.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <cctype>
#include <exception>
#include <fmt/format.h>
#include <optional>
#include <set>
#include <utility>

namespace surged::io::http {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using tcp = net::ip::tcp;
using Parser = bhttp::request_parser<bhttp::string_body>;
constexpr auto as_result = net::as_tuple(net::use_awaitable);

constexpr std::size_t read_bytes = 64 * 1024;
// What a closing connection may still send before we stop listening: without reading it, the
// kernel would reset the connection and the peer might never see our answer.
constexpr std::size_t linger_bytes_max = 1024 * 1024;
constexpr Micros linger_max = 2s;

// One connection. Owned by its coroutine; registered while it lives.
struct Session {
    Session(tcp::socket socket, std::string remote_, bool loopback_)
        : stream{std::move(socket)}, remote{std::move(remote_)}, is_loopback{loopback_} {}
    beast::tcp_stream stream;
    beast::flat_buffer buffer;
    std::string remote;
    bool is_loopback;
    bool idle{true};  // between requests
};

// What reading one request came to.
struct Incoming {
    Incoming() = default;
    bool gone{false};     // nothing to answer: closed, idle for too long, or too slow
    unsigned refused{0};  // answer with this status and close
    std::string why;
    bool keep_alive{false};
    bool head{false};
    unsigned version{11};
    Request request;
};

std::string lower(std::string_view text) {
    std::string out{text};
    std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    return out;
}

bool same_word(std::string_view a, std::string_view b) { return lower(a) == lower(b); }

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

bool is_loopback(const net::ip::address& address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped()) {
        return net::ip::make_address_v4(net::ip::v4_mapped, address.to_v6()).is_loopback();
    }
    return address.is_loopback();
}

// The status for a request that Beast could not read; 0 if there is nobody to tell.
unsigned status_of(const beast::error_code& error) {
    if (error == bhttp::error::body_limit) return 413;
    if (error == bhttp::error::header_limit || error == bhttp::error::buffer_overflow) return 431;
    if (error == bhttp::error::bad_version) return 505;
    if (error == bhttp::error::end_of_stream || error == bhttp::error::partial_message) return 0;
    if (error.category() == bhttp::make_error_code(bhttp::error::bad_method).category()) return 400;
    return 0;
}

void fail(Incoming& in, const beast::error_code& error) {
    in.refused = status_of(error);
    in.gone = in.refused == 0;
    if (in.refused == 413) {
        in.why = "the body is larger than this server takes";
    } else if (in.refused == 431) {
        in.why = "the header is larger than this server takes";
    } else {
        in.why = "this is not a request of HTTP/1.1";
    }
}

// Checks a parsed header and takes over its fields; says in `in` if it is refused.
void take_header(Incoming& in, const Parser& parser) {
    const auto& message = parser.get();
    in.version = message.version() == 10 ? 10 : 11;
    in.keep_alive = parser.keep_alive();
    in.request.method = std::string{view(message.method_string())};
    in.head = in.request.method == "HEAD";
    in.request.target = std::string{view(message.target())};
    for (const auto& field : message) {
        in.request.headers.emplace_back(
            lower(view(field.name_string())), std::string{view(field.value())}
        );
    }
    auto target = parse_target(in.request.target);
    if (in.request.target == "*" && in.request.method == "OPTIONS") {
        target = Target{};
    }
    if (!target) {
        in.refused = 400;
        in.why = "the request target is not a path";
        return;
    }
    in.request.path = std::move(target->path);
    in.request.query = std::move(target->query);
    if (in.version == 11 && in.request.header("host") == nullptr) {
        in.refused = 400;
        in.why = "the Host header is missing";
    }
    const std::string* expect = in.request.header("expect");
    if (expect != nullptr && !same_word(*expect, "100-continue")) {
        in.refused = 417;
        in.why = "only 100-continue can be expected";
    }
}

// Said to a connection that is one too many, without reading its request.
std::string full_house() {
    const Response response = problem(503, "this server has too many connections");
    return fmt::format(
        "HTTP/1.1 503 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nRetry-After: 1\r\n"
        "Connection: close\r\n\r\n{}",
        phrase(503),
        response.content_type,
        response.body.size(),
        response.body
    );
}

// A coroutine that dies of anything but its connection is a bug: it ends the loop, loudly.
void rethrow(const std::exception_ptr& failed) {
    if (failed) std::rethrow_exception(failed);
}

}  // namespace

// What the acceptor and every session share; sessions keep it alive.
struct Server::Shared {
    Shared(net::any_io_executor executor_, ServerOptions options_, Handler handler_)
        : executor{executor_},
          options{std::move(options_)},
          handler{std::move(handler_)},
          acceptor{executor_},
          drained{executor_} {}

    net::any_io_executor executor;
    ServerOptions options;
    Handler handler;
    tcp::acceptor acceptor;
    net::steady_timer drained;  // cancelled when the last session is gone
    std::set<Session*> sessions;
    ServerStats stats;
    std::uint16_t port{0};
    bool stopping{false};

    void admit(std::shared_ptr<Shared> self, tcp::socket socket);
    void leave(Session* session);

    static net::awaitable<void> accept(std::shared_ptr<Shared> self);
    static net::awaitable<void> run(std::shared_ptr<Shared> self, std::shared_ptr<Session> session);
    static net::awaitable<void> converse(
        std::shared_ptr<Shared> self, std::shared_ptr<Session> session
    );
    static net::awaitable<Incoming> read(
        std::shared_ptr<Shared> self, std::shared_ptr<Session> session
    );
    static net::awaitable<bool> first_bytes(
        std::shared_ptr<Shared> self, std::shared_ptr<Session> session
    );
    static net::awaitable<Response> answer(std::shared_ptr<Shared> self, Request request);
    static net::awaitable<bool> write(
        std::shared_ptr<Shared> self,
        std::shared_ptr<Session> session,
        Response response,
        unsigned version,
        bool head,
        bool keep_alive
    );
    static net::awaitable<void> linger(std::shared_ptr<Session> session);
};

Server::Server(net::any_io_executor executor, ServerOptions options, Handler handler)
    : shared_{std::make_shared<Shared>(executor, std::move(options), std::move(handler))} {}

Server::~Server() {
    shared_->stopping = true;
    beast::error_code ignored;
    shared_->acceptor.close(ignored);
    for (Session* session : shared_->sessions) session->stream.close();
}

std::uint16_t Server::port() const { return shared_->port; }
const ServerStats& Server::stats() const { return shared_->stats; }

Result<std::uint16_t> Server::start() {
    const ServerOptions& options = shared_->options;
    const auto failed = [&](std::string_view what, const beast::error_code& error) {
        return surged::fail(
            fmt::format(
                "cannot {} {} port {}: {}", what, options.address, options.port, error.message()
            ),
            "see http.listen"
        );
    };
    beast::error_code error;
    const auto address = net::ip::make_address(options.address, error);
    if (error) return failed("read as an IP address:", error);
    const tcp::endpoint endpoint{address, options.port};
    tcp::acceptor& acceptor = shared_->acceptor;
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(net::socket_base::reuse_address{true}, error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(net::socket_base::max_listen_connections, error);
    if (error) {
        beast::error_code ignored;
        acceptor.close(ignored);
        return failed("listen at", error);
    }
    shared_->port = acceptor.local_endpoint().port();
    net::co_spawn(shared_->executor, Shared::accept(shared_), rethrow);
    return shared_->port;
}

net::awaitable<void> Server::stop() {
    const std::shared_ptr<Shared> shared = shared_;  // we may be gone when this resumes
    shared->stopping = true;
    beast::error_code ignored;
    shared->acceptor.close(ignored);
    for (Session* session : shared->sessions) {
        if (session->idle) session->stream.close();
    }
    if (shared->sessions.empty()) co_return;
    shared->drained.expires_after(shared->options.grace);
    co_await shared->drained.async_wait(as_result);
    if (shared->sessions.empty()) co_return;
    for (Session* session : shared->sessions) session->stream.close();
    shared->drained.expires_after(1s);
    co_await shared->drained.async_wait(as_result);
}

void Server::Shared::admit(std::shared_ptr<Shared> self, tcp::socket socket) {
    beast::error_code error;
    const auto peer = socket.remote_endpoint(error);
    if (error) return;  // gone already
    if (sessions.size() >= options.connections_max) {
        ++stats.refused;
        const std::string words = full_house();
        socket.non_blocking(true, error);
        socket.write_some(net::buffer(words), error);
        socket.shutdown(tcp::socket::shutdown_send, error);
        return;
    }
    socket.set_option(tcp::no_delay{true}, error);
    auto session = std::make_shared<Session>(
        std::move(socket), peer.address().to_string(), is_loopback(peer.address())
    );
    sessions.insert(session.get());
    stats.connections = sessions.size();
    net::co_spawn(executor, run(std::move(self), std::move(session)), rethrow);
}

void Server::Shared::leave(Session* session) {
    sessions.erase(session);
    stats.connections = sessions.size();
    if (sessions.empty()) drained.cancel();
}

net::awaitable<void> Server::Shared::accept(std::shared_ptr<Shared> self) {
    net::steady_timer pause{self->executor};
    while (!self->stopping) {
        auto [error, socket] = co_await self->acceptor.async_accept(as_result);
        if (self->stopping) co_return;
        if (!error) {
            self->admit(self, std::move(socket));
            continue;
        }
        // Out of descriptors or the like: what is open will end, so wait for that and go on.
        log::line(
            log::Severity::warning,
            "http_accept_failed",
            {
                {"error", error.message()}
        }
        );
        pause.expires_after(100ms);
        co_await pause.async_wait(as_result);
    }
}

net::awaitable<void> Server::Shared::run(
    std::shared_ptr<Shared> self, std::shared_ptr<Session> session
) {
    Session* const key = session.get();
    try {
        co_await converse(self, session);
    } catch (const std::exception& error) {
        log::line(
            log::Severity::error,
            "http_session_failed",
            {
                {"error", error.what()}
        }
        );
    }
    session->stream.close();
    self->leave(key);
}

net::awaitable<void> Server::Shared::converse(
    std::shared_ptr<Shared> self, std::shared_ptr<Session> session
) {
    for (;;) {
        Incoming in = co_await read(self, session);
        if (in.gone) co_return;
        const bool keep = in.keep_alive && in.refused == 0;
        Response response;
        if (in.refused != 0) {
            response = problem(in.refused, in.why);
        } else {
            response = co_await answer(self, std::move(in.request));
        }
        const bool stay = keep && !self->stopping;
        const bool sent =
            co_await write(self, session, std::move(response), in.version, in.head, stay);
        if (!sent) co_return;
        if (!stay) break;
        if (self->stopping) co_return;
    }
    co_await linger(session);
}

// Waits for a request to begin: only here may a connection be quiet for long.
net::awaitable<bool> Server::Shared::first_bytes(
    std::shared_ptr<Shared> self, std::shared_ptr<Session> session
) {
    if (session->buffer.size() > 0) co_return true;
    session->idle = true;
    session->stream.expires_after(self->options.idle_max);
    const auto room = session->buffer.prepare(read_bytes);
    auto [error, size] = co_await session->stream.async_read_some(room, as_result);
    session->idle = false;
    session->buffer.commit(size);
    co_return !error;
}

net::awaitable<Incoming> Server::Shared::read(
    std::shared_ptr<Shared> self, std::shared_ptr<Session> session
) {
    Incoming in;
    const bool begun = co_await first_bytes(self, session);
    if (!begun) {
        in.gone = true;
        co_return in;
    }
    Parser parser;
    parser.header_limit(self->options.header_bytes_max);
    parser.body_limit(self->options.body_bytes_max);
    session->stream.expires_after(self->options.header_max);
    auto [error, size] =
        co_await bhttp::async_read_header(session->stream, session->buffer, parser, as_result);
    if (error) {
        fail(in, error);
        co_return in;
    }
    take_header(in, parser);
    if (in.refused != 0) co_return in;
    session->stream.expires_after(self->options.body_max);
    if (in.request.header("expect") != nullptr && !parser.is_done()) {
        constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        const auto words = net::buffer(go_on.data(), go_on.size());
        auto [lost, sent] = co_await net::async_write(session->stream, words, as_result);
        if (lost) in.gone = true;
    }
    if (!in.gone && !parser.is_done()) {
        auto [broken, got] =
            co_await bhttp::async_read(session->stream, session->buffer, parser, as_result);
        if (broken) fail(in, broken);
    }
    in.request.body = std::move(parser.get().body());
    in.request.remote = session->remote;
    in.request.is_loopback = session->is_loopback;
    co_return in;
}

net::awaitable<Response> Server::Shared::answer(std::shared_ptr<Shared> self, Request request) {
    try {
        co_return co_await self->handler(std::move(request));
    } catch (const std::exception& error) {
        log::line(
            log::Severity::error,
            "http_handler_failed",
            {
                {"error", error.what()}
        }
        );
    }
    co_return problem(500, "the request failed inside the server; its log says more");
}

net::awaitable<bool> Server::Shared::write(
    std::shared_ptr<Shared> self,
    std::shared_ptr<Session> session,
    Response response,
    unsigned version,
    bool head,
    bool keep_alive
) {
    ++self->stats.answers[response.status];
    bhttp::response<bhttp::string_body> message;
    message.version(version);
    message.result(response.status);
    message.reason(
        beast::string_view{phrase(response.status).data(), phrase(response.status).size()}
    );
    message.keep_alive(keep_alive);
    message.set(bhttp::field::cache_control, "no-store");
    message.set("X-Content-Type-Options", "nosniff");
    if (!response.content_type.empty())
        message.set(bhttp::field::content_type, response.content_type);
    for (const auto& [name, value] : response.headers) message.insert(name, value);
    if (response.status != 204) message.content_length(response.body.size());
    if (!head) message.body() = std::move(response.body);
    session->stream.expires_after(self->options.write_max);
    auto [error, size] = co_await bhttp::async_write(session->stream, message, as_result);
    co_return !error;
}

net::awaitable<void> Server::Shared::linger(std::shared_ptr<Session> session) {
    beast::error_code error;
    session->stream.socket().shutdown(tcp::socket::shutdown_send, error);
    session->stream.expires_after(linger_max);
    session->buffer.clear();
    for (std::size_t heard = 0; !error && heard < linger_bytes_max;) {
        const auto room = session->buffer.prepare(read_bytes);
        auto [ended, size] = co_await session->stream.async_read_some(room, as_result);
        error = ended;
        heard += size;
    }
}

}  // namespace surged::io::http
