#include "io/http/router.hpp"

#include "base/assert.hpp"
#include "io/http/target.hpp"

#include <optional>
#include <set>
#include <utility>

namespace surged::io::http {
namespace {

bool is_param(const std::string& segment) {
    return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

std::optional<std::map<std::string, std::string>> fit(
    const std::vector<std::string>& pattern, const std::vector<std::string>& path
) {
    if (pattern.size() != path.size()) return std::nullopt;
    // Most paths begin alike.
    if (!pattern.empty() && pattern.back() != path.back() && !is_param(pattern.back()))
        return std::nullopt;
    std::map<std::string, std::string> params;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (is_param(pattern[i])) {
            if (path[i].empty()) return std::nullopt;
            params[pattern[i].substr(1, pattern[i].size() - 2)] = path[i];
        } else if (pattern[i] != path[i]) {
            return std::nullopt;
        }
    }
    return params;
}

}  // namespace

void Router::add(std::string method, std::string_view pattern, Handler handler) {
    auto target = parse_target(pattern);
    SURGED_ASSERT(target.has_value());
    routes_.push_back(Route{std::move(method), std::move(target->path), std::move(handler)});
}

Router::Match Router::match(std::string_view method, const std::vector<std::string>& path) const {
    Match out;
    std::set<std::string> allowed;
    for (const Route& route : routes_) {
        auto params = fit(route.pattern, path);
        if (!params) continue;
        if (route.method == method || (route.method == "GET" && method == "HEAD")) {
            out.handler = &route.handler;
            out.params = std::move(*params);
            return out;
        }
        allowed.insert(route.method);
        if (route.method == "GET") allowed.insert("HEAD");
    }
    for (const std::string& known : allowed) {
        if (!out.allow.empty()) out.allow += ", ";
        out.allow += known;
    }
    return out;
}

boost::asio::awaitable<Response> Router::route(Request request) const {
    Match found = match(request.method, request.path);
    if (found.handler != nullptr) {
        request.params = std::move(found.params);
        return (*found.handler)(std::move(request));
    }
    if (found.allow.empty()) return immediate(problem(404, "there is nothing at this path"));
    Response response;
    if (request.method == "OPTIONS") {
        response.status = 204;
    } else {
        response = problem(405, "this path takes " + found.allow);
    }
    response.headers.emplace_back("Allow", found.allow);
    return immediate(std::move(response));
}

}  // namespace surged::io::http
