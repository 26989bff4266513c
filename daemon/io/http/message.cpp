#include "io/http/message.hpp"

#include "io/http/json_writer.hpp"

#include <algorithm>

namespace surged::io::http {
namespace {

const std::string* first(const Fields& fields, std::string_view name) {
    const auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& field) {
        return field.first == name;
    });
    return found == fields.end() ? nullptr : &found->second;
}

}  // namespace

const std::string* Request::header(std::string_view name) const { return first(headers, name); }
const std::string* Request::query_value(std::string_view name) const { return first(query, name); }

boost::asio::awaitable<Response> immediate(Response response) { co_return response; }

Response json_response(unsigned status, std::string body) {
    return Response{status, "application/json", std::move(body)};
}

Response problem(unsigned status, std::string_view detail, std::string_view members) {
    JsonWriter json;
    json.begin_object();
    json.member("title", phrase(status));
    json.member("status", static_cast<std::uint64_t>(status));
    json.member("detail", detail);
    std::string body = std::move(json).take();
    body += members;
    body += '}';
    return Response{status, "application/problem+json", std::move(body)};
}

std::string_view phrase(unsigned status) {
    switch (status) {
        case 200:
            return "OK";
        case 202:
            return "Accepted";
        case 204:
            return "No Content";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 408:
            return "Request Timeout";
        case 409:
            return "Conflict";
        case 413:
            return "Content Too Large";
        case 415:
            return "Unsupported Media Type";
        case 417:
            return "Expectation Failed";
        case 422:
            return "Unprocessable Content";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 501:
            return "Not Implemented";
        case 503:
            return "Service Unavailable";
        case 505:
            return "HTTP Version Not Supported";
        default:
            return status >= 500 ? "Internal Server Error" : "Error";
    }
}

}  // namespace surged::io::http
