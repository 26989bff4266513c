#include "io/http/server.hpp"

#include "base/log.hpp"
#include "io/http/session.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <fmt/format.h>
#include <set>
#include <utility>

namespace surged::io::http {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
using tcp = net::ip::tcp;
constexpr auto as_result = net::as_tuple(net::use_awaitable);

bool is_loopback(const net::ip::address& address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped()) {
        return net::ip::make_address_v4(net::ip::v4_mapped, address.to_v6()).is_loopback();
    }
    return address.is_loopback();
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
    static net::awaitable<Response> answer(std::shared_ptr<Shared> self, Request request);
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
        Incoming in = co_await read_request(session, self->options);
        if (in.gone) co_return;
        const bool keep = in.keep_alive && in.refused == 0;
        Response response;
        if (in.refused != 0) {
            response = problem(in.refused, in.why);
        } else {
            response = co_await answer(self, std::move(in.request));
        }
        const bool stay = keep && !self->stopping;
        ++self->stats.answers[response.status];
        Outgoing out;
        out.response = std::move(response);
        out.version = in.version;
        out.head = in.head;
        out.keep_alive = stay;
        const bool sent = co_await write_response(session, std::move(out), self->options.write_max);
        if (!sent) co_return;
        if (!stay) break;
        if (self->stopping) co_return;
    }
    co_await linger(session);
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

}  // namespace surged::io::http
