#include "io/http/client.hpp"

#include "io/runtime/tls.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/url/parse.hpp>
#include <exception>
#include <fmt/format.h>
#include <optional>

namespace surged::io::http {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;
using tcp = net::ip::tcp;
using Deadline = std::chrono::steady_clock::time_point;

constexpr auto as_result = net::as_tuple(net::use_awaitable);
constexpr std::size_t header_max = 64 * 1024;

struct Address {
    Address() = default;  // not an aggregate: it is passed to a coroutine (g++ 12)
    bool tls{false};
    std::string host, port, authority, path;
};

std::optional<Address> parse_address(const std::string& text) {
    const auto parsed = boost::urls::parse_uri(text);
    if (!parsed) return std::nullopt;
    Address address;
    if (parsed->scheme() != "http" && parsed->scheme() != "https") return std::nullopt;
    address.tls = parsed->scheme() == "https";
    address.host = parsed->host_address();
    address.port = parsed->has_port() ? std::string{parsed->port()} : address.tls ? "443" : "80";
    address.authority = parsed->encoded_host_and_port();
    address.path = parsed->encoded_path();
    if (address.path.empty()) address.path = "/";
    if (parsed->has_query()) address.path += "?" + std::string{parsed->encoded_query()};
    if (address.host.empty() || address.port.empty()) return std::nullopt;
    return address;
}

bool has_line_break(std::string_view text) {
    return text.find_first_of(std::string_view{"\r\n\0", 3}) != std::string_view::npos;
}

/// The request as it goes over the wire; nullopt if a part of it would break the framing.
std::optional<std::string> serialize(
    const ClientRequest& request, const Address& address, const std::string& user_agent
) {
    std::string out = fmt::format(
        "{} {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: {}\r\nConnection: close\r\n",
        request.method,
        address.path,
        address.authority,
        user_agent
    );
    if (has_line_break(request.method) || request.method.empty()) return std::nullopt;
    for (const auto& [name, value] : request.headers) {
        if (name.empty() || has_line_break(name) || has_line_break(value)) return std::nullopt;
        out += fmt::format("{}: {}\r\n", name, value);
    }
    const bool bodiless = request.method == "GET" || request.method == "HEAD";
    if (!bodiless || !request.body.empty())
        out += fmt::format("Content-Length: {}\r\n", request.body.size());
    return out + "\r\n" + request.body;
}

bool is_private(const net::ip::address& address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return is_private(net::ip::make_address_v4(net::ip::v4_mapped, address.to_v6()));
    if (address.is_v6()) {
        const auto v6 = address.to_v6();
        const bool unique_local = (v6.to_bytes()[0] & 0xfe) == 0xfc;
        return v6.is_loopback() || v6.is_unspecified() || v6.is_link_local() || unique_local;
    }
    const auto ip = address.to_v4().to_uint();
    const auto within = [ip](std::uint32_t net_address, unsigned bits) {
        return ip >> (32 - bits) == net_address >> (32 - bits);
    };
    return within(0x00000000, 8) || within(0x0a000000, 8) || within(0x64400000, 10) ||
           within(0x7f000000, 8) || within(0xa9fe0000, 16) || within(0xac100000, 12) ||
           within(0xc0a80000, 16);
}

tl::unexpected<ClientFailure> failure(Progress progress, std::string what) {
    return tl::make_unexpected(ClientFailure{progress, std::move(what)});
}

std::string reason(const error_code& ec) {
    if (ec == beast::error::timeout || ec == net::error::timed_out) return "timed out";
    if (ec == net::error::operation_aborted) return "cancelled";
    return ec.message();
}

using Endpoints = std::vector<tcp::endpoint>;

/// The addresses of a host. Literal addresses need no lookup.
net::awaitable<tl::expected<Endpoints, ClientFailure>> resolve(Address address, Deadline deadline) {
    using namespace net::experimental::awaitable_operators;
    Endpoints found;
    error_code ec;
    const auto literal = net::ip::make_address(address.host, ec);
    if (!ec) {
        const auto port =
            static_cast<std::uint16_t>(std::strtoul(address.port.c_str(), nullptr, 10));
        found.emplace_back(literal, port);
        co_return found;
    }
    const auto executor = co_await net::this_coro::executor;
    tcp::resolver resolver{executor};
    net::steady_timer timer{executor, deadline};
    auto race = co_await (
        resolver.async_resolve(address.host, address.port, as_result) || timer.async_wait(as_result)
    );
    if (race.index() == 1) co_return failure(Progress::unsent, "name lookup timed out");
    const auto& [lookup_ec, results] = std::get<0>(race);
    if (lookup_ec) co_return failure(Progress::unsent, "name lookup: " + reason(lookup_ec));
    for (const auto& entry : results) found.push_back(entry.endpoint());
    co_return found;
}

/// A plain or a TLS connection behind one face, so that nothing else depends on which it is.
class Connection {
public:
    Connection(net::any_io_executor executor, net::ssl::context* tls)
        : plain_{
              tls == nullptr ? std::optional<beast::tcp_stream>{std::in_place, executor}
                             : std::nullopt
    } {
        if (tls != nullptr) tls_.emplace(executor, *tls);
    }
    net::awaitable<error_code> open(Endpoints endpoints, std::string host, Deadline deadline) {
        socket().expires_at(deadline);
        auto [ec, connected] = co_await socket().async_connect(endpoints, as_result);
        if (ec) co_return ec;
        error_code ignored;
        socket().socket().set_option(tcp::no_delay{true}, ignored);
        if (!tls_) co_return ec;
        error_code literal;
        net::ip::make_address(host, literal);
        if (literal)  // server names are names: RFC 6066 forbids addresses there
            SSL_ctrl(
                tls_->native_handle(),
                SSL_CTRL_SET_TLSEXT_HOSTNAME,
                TLSEXT_NAMETYPE_host_name,
                host.data()
            );
        tls_->set_verify_mode(net::ssl::verify_peer);
        tls_->set_verify_callback(net::ssl::host_name_verification{host});
        std::tie(ec) = co_await tls_->async_handshake(net::ssl::stream_base::client, as_result);
        co_return ec;
    }
    net::awaitable<error_code> write(net::const_buffer bytes) {
        error_code ec;
        std::size_t size = 0;
        if (tls_)
            std::tie(ec, size) = co_await net::async_write(*tls_, bytes, as_result);
        else
            std::tie(ec, size) = co_await net::async_write(*plain_, bytes, as_result);
        co_return ec;
    }
    net::awaitable<std::tuple<error_code, std::size_t>> read(net::mutable_buffer into) {
        error_code ec;
        std::size_t size = 0;
        if (tls_)
            std::tie(ec, size) = co_await tls_->async_read_some(into, as_result);
        else
            std::tie(ec, size) = co_await plain_->async_read_some(into, as_result);
        co_return std::tuple{ec, size};
    }

private:
    beast::tcp_stream& socket() { return tls_ ? tls_->next_layer() : *plain_; }
    std::optional<beast::tcp_stream> plain_;
    std::optional<beast::ssl_stream<beast::tcp_stream>> tls_;
};

using Parser = beast::http::response_parser<beast::http::string_body>;

ClientResponse take_response(Parser& parser) {
    auto message = parser.release();
    ClientResponse response;
    response.status = static_cast<int>(message.result_int());
    for (const auto& field : message)
        response.headers.emplace_back(std::string{field.name_string()}, std::string{field.value()});
    response.body = std::move(message.body());
    return response;
}

/// Feeds what has come to the parser; drops what it took.
error_code feed(Parser& parser, std::string& pending) {
    error_code ec;
    while (!pending.empty() && !parser.is_done()) {
        const std::size_t used = parser.put(net::buffer(pending), ec);
        pending.erase(0, used);
        if (ec == beast::http::error::need_more) return {};
        if (ec) return ec;
        if (used == 0) break;
    }
    return ec;
}

// By pointer: the caller's own, and it awaits the end.
net::awaitable<ClientResult> read_response(
    Connection* connection, std::size_t body_max, bool head
) {
    Parser parser;
    parser.eager(true);
    parser.body_limit(body_max);
    parser.header_limit(header_max);
    parser.skip(head);
    std::array<char, 16 * 1024> chunk;
    std::string pending;
    while (!parser.is_done()) {
        auto [ec, size] = co_await connection->read(net::buffer(chunk));
        pending.append(chunk.data(), size);
        if (const auto wrong = feed(parser, pending))
            co_return failure(Progress::unknown, "not an HTTP answer: " + wrong.message());
        if (!ec) continue;
        if (ec == net::error::eof || ec == net::ssl::error::stream_truncated) {
            error_code incomplete;
            if (parser.got_some()) parser.put_eof(incomplete);
            if (parser.is_done()) break;
            co_return failure(
                Progress::unknown, "connection closed before the answer was complete"
            );
        }
        co_return failure(Progress::unknown, "waiting for the answer: " + reason(ec));
    }
    co_return take_response(parser);
}

}  // namespace

std::string_view ClientResponse::header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (beast::iequals(
                beast::string_view{key.data(), key.size()},
                beast::string_view{name.data(), name.size()}
            ))
            return value;
    }
    return {};
}

struct Client::State {
    ClientOptions options;
    std::optional<net::ssl::context> tls;  // made at the first https: reading the roots is slow

    /// nullptr with `why` set if the trust store cannot be read.
    net::ssl::context* context(std::string& why) {
        if (tls) return &*tls;
        auto made = client_tls(options.ca_file);
        if (!made) {
            why = made.error().what;
            return nullptr;
        }
        return &tls.emplace(std::move(*made));
    }

    net::awaitable<ClientResult> run(ClientRequest request);
};

net::awaitable<ClientResult> Client::State::run(ClientRequest request) {
    const auto address = parse_address(request.url);
    if (!address) co_return failure(Progress::unsent, "not an http or https address");
    const auto wire = serialize(request, *address, options.user_agent);
    if (!wire) co_return failure(Progress::unsent, "a header holds a line break");
    const Deadline deadline = std::chrono::steady_clock::now() + request.timeout;

    auto endpoints = co_await resolve(*address, deadline);
    if (!endpoints) co_return tl::make_unexpected(endpoints.error());
    if (!request.allow_private) {
        std::erase_if(*endpoints, [](const tcp::endpoint& e) { return is_private(e.address()); });
        if (endpoints->empty())
            co_return failure(Progress::unsent, "private addresses are refused");
    }
    net::ssl::context* trust = nullptr;
    if (address->tls) {
        std::string why;
        trust = context(why);
        if (trust == nullptr) co_return failure(Progress::unsent, std::move(why));
    }
    const auto executor = co_await net::this_coro::executor;
    Connection connection{executor, trust};
    if (const auto ec = co_await connection.open(*endpoints, address->host, deadline))
        co_return failure(Progress::unsent, "connecting: " + reason(ec));
    if (const auto ec = co_await connection.write(net::buffer(*wire)))
        co_return failure(Progress::unsent, "sending: " + reason(ec));
    co_return co_await read_response(&connection, request.body_max, request.method == "HEAD");
}

Client::Client(ClientOptions options) : state_{std::make_unique<State>()} {
    state_->options = std::move(options);
}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

net::awaitable<ClientResult> Client::request(ClientRequest request) {
    std::string thrown;
    try {
        co_return co_await state_->run(std::move(request));
    } catch (const std::exception& e) {
        thrown = e.what();
    }
    co_return failure(Progress::unknown, "the client failed: " + thrown);
}

ClientResult request_blocking(Client& client, ClientRequest request) {
    net::io_context loop{1};
    ClientResult result = failure(Progress::unsent, "not run");
    net::co_spawn(
        loop,
        client.request(std::move(request)),
        [&result](std::exception_ptr, ClientResult got) { result = std::move(got); }
    );
    loop.run();
    return result;
}

}  // namespace surged::io::http
