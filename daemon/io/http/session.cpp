#include "io/http/session.hpp"

#include "io/http/target.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http.hpp>
#include <cctype>
#include <optional>

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

std::string lower(std::string_view text) {
    std::string out{text};
    std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    return out;
}

bool same_word(std::string_view a, std::string_view b) { return lower(a) == lower(b); }

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

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

// The path has its own limit; a body without a length is cut off where it exceeds it.
void limit_body(Incoming& in, Parser& parser, const ServerOptions& limits) {
    const std::uint64_t most = limits.body_bytes_of(in.request);
    const auto length = parser.content_length();
    if (length && *length > most) fail(in, bhttp::make_error_code(bhttp::error::body_limit));
    parser.body_limit(most);
}

// Waits for a request to begin: only here may a connection be quiet for long.
net::awaitable<bool> first_bytes(std::shared_ptr<Session> session, Micros limit) {
    if (session->buffer.size() > 0) co_return true;
    session->idle = true;
    session->stream.expires_after(limit);
    const auto room = session->buffer.prepare(read_bytes);
    auto [error, size] = co_await session->stream.async_read_some(room, as_result);
    session->idle = false;
    session->buffer.commit(size);
    co_return !error;
}

}  // namespace

net::awaitable<Incoming> read_request(std::shared_ptr<Session> session, ServerOptions limits) {
    Incoming in;
    const bool begun = co_await first_bytes(session, limits.idle_max);
    if (!begun) {
        in.gone = true;
        co_return in;
    }
    Parser parser;
    parser.header_limit(limits.header_bytes_max);
    parser.body_limit(limits.body_bytes_max);
    session->stream.expires_after(limits.header_max);
    auto [error, size] =
        co_await bhttp::async_read_header(session->stream, session->buffer, parser, as_result);
    if (error) {
        fail(in, error);
        co_return in;
    }
    take_header(in, parser);
    if (in.refused == 0 && limits.body_bytes_of) limit_body(in, parser, limits);
    if (in.refused != 0) co_return in;
    session->stream.expires_after(limits.body_max);
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

net::awaitable<bool> write_response(std::shared_ptr<Session> session, Outgoing out, Micros limit) {
    Response& response = out.response;
    bhttp::response<bhttp::string_body> message;
    message.version(out.version);
    message.result(response.status);
    message.reason(
        beast::string_view{phrase(response.status).data(), phrase(response.status).size()}
    );
    message.keep_alive(out.keep_alive);
    message.set(bhttp::field::cache_control, "no-store");
    message.set("X-Content-Type-Options", "nosniff");
    if (!response.content_type.empty())
        message.set(bhttp::field::content_type, response.content_type);
    for (const auto& [name, value] : response.headers) message.insert(name, value);
    if (response.status != 204) message.content_length(response.body.size());
    if (!out.head) message.body() = std::move(response.body);
    session->stream.expires_after(limit);
    auto [error, size] = co_await bhttp::async_write(session->stream, message, as_result);
    co_return !error;
}

net::awaitable<void> linger(std::shared_ptr<Session> session) {
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
