// HTTP as values: what a handler is given and what it gives back. No socket, no Beast.
//
// Request and Response have constructors on purpose: aggregates must not be temporaries beside a
// co_await (g++ 12 destroys them twice).
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace surged::io::http {

using Fields = std::vector<std::pair<std::string, std::string>>;

struct Request {
    Request() = default;
    std::string method;                         // "GET", as sent
    std::string target;                         // as sent
    std::vector<std::string> path;              // segments, percent-decoded: a %2F stays inside one
    Fields query;                               // decoded, in order
    Fields headers;                             // names in lower case
    std::map<std::string, std::string> params;  // from the router: {id} → value
    std::string body;
    std::string remote;  // address of the peer
    bool is_loopback{false};

    /// The first of that (lower-case) name; nullptr if it was not sent.
    [[nodiscard]] const std::string* header(std::string_view name) const;
    [[nodiscard]] const std::string* query_value(std::string_view name) const;
};

struct Response {
    Response() = default;
    Response(unsigned status_, std::string type, std::string body_)
        : status{status_}, content_type{std::move(type)}, body{std::move(body_)} {}
    unsigned status{200};
    std::string content_type;
    Fields headers;  // besides Content-Type, Content-Length and Connection, which the server sets
    std::string body;
};

/// Handlers run on the loop thread; one that throws is answered with 500.
using Handler = std::function<boost::asio::awaitable<Response>(Request)>;

/// For a handler that has its answer without waiting.
[[nodiscard]] boost::asio::awaitable<Response> immediate(Response response);

[[nodiscard]] Response json_response(unsigned status, std::string body);

/// An RFC 9457 problem document. `detail` is for people and holds no secret; `members` is JSON text
/// of further members with its leading comma (`,"accepted":0`), or empty.
[[nodiscard]] Response problem(
    unsigned status, std::string_view detail, std::string_view members = {}
);

/// The standard's phrase for a status: "Not Found".
[[nodiscard]] std::string_view phrase(unsigned status);

}  // namespace surged::io::http
