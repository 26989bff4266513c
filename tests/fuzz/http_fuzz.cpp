// HTTP as a peer sends it, over a real connection: requests, targets, and packed bodies.
#include "fuzz/fuzz.hpp"
#include "io/http/inflate.hpp"
#include "io/http/session.hpp"
#include "io/http/target.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

using namespace surged;
using namespace surged::io;
namespace net = boost::asio;
using tcp = net::ip::tcp;

namespace {

constexpr std::size_t body_most = 64 * 1024;

void check(const http::Incoming& in) {
    if (in.refused != 0) {
        fuzz::require(in.refused >= 400 && in.refused < 600, "refused without a status of refusal");
        fuzz::require(!in.why.empty(), "refused without a reason");
        return;
    }
    fuzz::require(in.request.body.size() <= body_most, "a body beyond the limit");
    for (const auto& [name, value] : in.request.headers)
        fuzz::require(
            name.find_first_of("\r\n") == std::string::npos &&
                value.find_first_of("\r\n") == std::string::npos,
            "a header holds a line break"
        );
    fuzz::canary(in.request.path.size() == 4);
}

net::awaitable<void> serve(std::shared_ptr<http::Session> session, http::ServerOptions limits) {
    for (int requests = 0; requests < 8; ++requests) {
        const http::Incoming in = co_await http::read_request(session, limits);
        if (in.gone) co_return;
        check(in);
        if (in.refused != 0 || !in.keep_alive) co_return;
    }
}

void requests(std::string_view bytes) {
    static net::io_context loop;
    static tcp::acceptor acceptor{
        loop, {net::ip::address_v4::loopback(), 0}
    };
    loop.restart();
    tcp::socket client{loop};
    client.connect(acceptor.local_endpoint());
    client.set_option(net::socket_base::linger{true, 0});  // leaves no connection in TIME_WAIT
    auto session = std::make_shared<http::Session>(acceptor.accept(), "127.0.0.1", true);
    http::ServerOptions limits;
    limits.body_bytes_max = body_most;
    net::co_spawn(loop, serve(session, limits), net::detached);
    boost::system::error_code ignored;
    net::write(client, net::buffer(bytes.data(), bytes.size()), ignored);
    client.shutdown(tcp::socket::shutdown_send, ignored);
    session.reset();
    loop.run();
}

void packed(http::Coding coding, std::string_view bytes) {
    http::Inflater whole{coding, bytes, body_most};
    const http::Inflated end = whole.step(body_most + 1);
    const std::string out = whole.take();
    fuzz::require(out.size() <= body_most, "more came out than was allowed");
    http::Inflater sliced{coding, bytes, body_most};
    http::Inflated state = http::Inflated::more;
    for (int steps = 0; state == http::Inflated::more; ++steps) {
        fuzz::require(steps < 20'000, "unpacking has no end");
        state = sliced.step(777);
    }
    if (end == http::Inflated::more) return;
    fuzz::require(state == end, "unpacked in slices it ends otherwise");
    if (end == http::Inflated::done)
        fuzz::require(sliced.take() == out, "unpacked in slices it is something else");
}

void targets(std::string_view text) {
    const auto target = http::parse_target(text);
    if (!target) return;
    std::string again;
    for (const std::string& segment : target->path) {
        again += '/';
        constexpr std::string_view hex = "0123456789ABCDEF";
        for (const char c : segment) {
            const auto byte = static_cast<unsigned char>(c);
            again += '%';
            again += hex[byte >> 4U];
            again += hex[byte & 15U];
        }
    }
    if (again.empty()) return;
    const auto back = http::parse_target(again);
    fuzz::require(back && back->path == target->path, "a path that does not read back");
}

void run(std::string_view bytes) {
    if (bytes.starts_with("\x1f\x8b")) {
        packed(http::Coding::gzip, bytes);
    } else if (bytes.starts_with("\x28\xb5\x2f\xfd")) {
        packed(http::Coding::zstd, bytes);
    } else if (bytes.starts_with('/')) {
        targets(bytes);
    } else {
        requests(bytes);
    }
}

const fuzz::Target target{run};

}  // namespace
