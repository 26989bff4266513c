#include "support/vendor_server.hpp"

#include "io/http/target.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cctype>
#include <deque>
#include <fmt/format.h>
#include <mutex>
#include <thread>

namespace surged::test {
namespace {

namespace net = boost::asio;
namespace http = boost::beast::http;
using tcp = net::ip::tcp;

constexpr auto as_result = net::as_tuple(net::use_awaitable);

VendorRequest request_of(const http::request<http::string_body>& message) {
    VendorRequest out;
    out.method = message.method_string();
    out.body = message.body();
    const std::string target = message.target();
    out.path = target.substr(0, target.find('?'));
    if (const auto parsed = io::http::parse_target(target))
        for (const auto& [name, value] : parsed->query) out.query[name] = value;
    for (const auto& field : message) {
        std::string name{field.name_string()};
        for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        out.headers[name] = field.value();
    }
    return out;
}

std::string text_of(const VendorReply& reply, std::size_t length) {
    std::string out = fmt::format(
        "HTTP/1.1 {} Scripted\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n",
        reply.status,
        reply.type,
        length
    );
    for (const auto& [name, value] : reply.headers) out += fmt::format("{}: {}\r\n", name, value);
    return out + "\r\n";
}

}  // namespace

struct VendorServer::State {
    Handler handler;
    net::io_context loop{1};
    tcp::acceptor acceptor{
        loop, tcp::endpoint{net::ip::address_v4::loopback(), 0}
    };
    std::thread thread;
    mutable std::mutex mutex;  // guards what follows, and the handler's own state
    std::deque<Play> plays;
    std::vector<VendorRequest> requests;

    net::awaitable<void> serve() {
        for (;;) {
            auto [ec, socket] = co_await acceptor.async_accept(as_result);
            if (ec) co_return;
            net::co_spawn(loop, session(std::move(socket)), net::detached);
        }
    }

    Play keep(VendorRequest request) {
        const std::scoped_lock lock{mutex};
        requests.push_back(request);
        if (!plays.empty()) {
            Play next = plays.front();
            plays.pop_front();
            return next;
        }
        return {Play::Kind::reply, handler(request)};
    }

    net::awaitable<void> forever() {
        net::steady_timer timer{loop, std::chrono::minutes{5}};
        co_await timer.async_wait(as_result);
    }

    net::awaitable<void> session(tcp::socket socket) {
        boost::beast::flat_buffer buffer;
        http::request_parser<http::string_body> parser;
        auto [ec, size] = co_await http::async_read(socket, buffer, parser, as_result);
        if (ec) co_return;
        const Play play = keep(request_of(parser.get()));
        boost::system::error_code ignored;
        if (play.kind == Play::Kind::reset) {
            socket.set_option(net::socket_base::linger{true, 0}, ignored);
            socket.close(ignored);
            co_return;
        }
        if (play.kind == Play::Kind::hang) {
            co_await forever();
            co_return;
        }
        const bool whole = play.kind == Play::Kind::reply;
        const std::string body = whole ? play.with.body : R"({"errcode":0,"code":0)";
        const std::string text = text_of(play.with, whole ? body.size() : body.size() + 20) + body;
        co_await net::async_write(socket, net::buffer(text), as_result);
        if (play.kind == Play::Kind::half) co_await forever();
        socket.shutdown(tcp::socket::shutdown_send, ignored);
    }
};

VendorServer::VendorServer(Handler handler) : state_{std::make_unique<State>()} {
    state_->handler = std::move(handler);
    net::co_spawn(state_->loop, state_->serve(), net::detached);
    state_->thread = std::thread{[loop = &state_->loop] { loop->run(); }};
}

VendorServer::~VendorServer() {
    state_->loop.stop();
    state_->thread.join();
}

std::string VendorServer::url() const {
    return fmt::format("http://127.0.0.1:{}", state_->acceptor.local_endpoint().port());
}

void VendorServer::script(std::vector<Play> plays) {
    const std::scoped_lock lock{state_->mutex};
    state_->plays.assign(plays.begin(), plays.end());
}

std::vector<VendorRequest> VendorServer::requests() const {
    const std::scoped_lock lock{state_->mutex};
    return state_->requests;
}

void VendorServer::look(const std::function<void()>& at) const {
    const std::scoped_lock lock{state_->mutex};
    at();
}

}  // namespace surged::test
