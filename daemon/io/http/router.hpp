// From method and path to handler.
#pragma once

#include "io/http/message.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace surged::io::http {

class Router {
public:
    /// `pattern`: "/api/v1/pages/{id}/ack"; a segment in braces matches any one that is not empty.
    /// A GET route also answers HEAD.
    void add(std::string method, std::string_view pattern, Handler handler);

    /// What a request meets. handler is nullptr where nothing matches: `allow` then holds the
    /// methods the path knows ("GET, HEAD"), and is empty if it knows none.
    struct Match {
        const Handler* handler{nullptr};
        std::map<std::string, std::string> params;
        std::string allow;
    };
    [[nodiscard]] Match match(std::string_view method, const std::vector<std::string>& path) const;

    /// Runs the handler; else 404, 405 with Allow, or 204 with Allow for OPTIONS.
    [[nodiscard]] boost::asio::awaitable<Response> route(Request request) const;

private:
    struct Route {
        std::string method;
        std::vector<std::string> pattern;
        Handler handler;
    };
    std::vector<Route> routes_;
};

}  // namespace surged::io::http
