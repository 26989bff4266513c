// A request as the HTTP server hands it to the routes, from the same machine.
#pragma once

#include "io/http/message.hpp"
#include "io/http/target.hpp"

#include <doctest/doctest.h>
#include <string>
#include <string_view>
#include <utility>

namespace surged::test {

[[nodiscard]] inline io::http::Request local_request(
    std::string method, std::string_view target, std::string body = {}
) {
    auto parsed = io::http::parse_target(target);
    REQUIRE(parsed.has_value());
    io::http::Request out;
    out.method = std::move(method);
    out.path = std::move(parsed->path);
    out.query = std::move(parsed->query);
    out.headers.emplace_back("host", "127.0.0.1");
    out.body = std::move(body);
    out.is_loopback = true;
    return out;
}

}  // namespace surged::test
