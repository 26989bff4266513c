#include "io/api/auth.hpp"

#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace surged::io;
using namespace surged::io::api;

namespace {

Authenticator sample() {
    return Authenticator{
        {{"prometheus", Role::reader, "", "read-me"},
         {"acd", Role::source, "hz", "send-me"},
         {"wall", Role::responder, "sh", "other-site"},
         {"duty", Role::responder, "", "respond"},
         {"boss", Role::operator_, "", "all"},
         {"empty", Role::operator_, "", ""}}
    };
}

http::Request from(bool loopback, http::Fields headers) {
    http::Request request;
    request.is_loopback = loopback;
    request.headers = std::move(headers);
    return request;
}

unsigned status(const http::Request& request, Right right) {
    const auto checked = sample().check(request, right, "hz");
    return checked ? 200 : checked.error().status;
}

}  // namespace

TEST_CASE("auth: a token may what its role may, at its site") {
    struct Row {
        const char* secret;
        unsigned read, send, respond, administer;
    };
    const Row rows[] = {
        {"read-me",    200, 403, 403, 403},
        {"send-me",    403, 200, 403, 403},
        {"respond",    200, 403, 200, 403},
        {"all",        200, 200, 200, 200},
        {"other-site", 403, 403, 403, 403},
        {"read-m",     401, 401, 401, 401},
        {"",           401, 401, 401, 401},
    };
    for (const Row& row : rows) {
        CAPTURE(row.secret);
        const auto request = from(
            false,
            {
                {"authorization", std::string{"Bearer "} + row.secret}
        }
        );
        CHECK(status(request, Right::read) == row.read);
        CHECK(status(request, Right::send) == row.send);
        CHECK(status(request, Right::respond) == row.respond);
        CHECK(status(request, Right::administer) == row.administer);
    }
    const auto who = sample().who(from(
        false,
        {
            {"authorization", "bearer send-me"}
    }
    ));
    REQUIRE(who.has_value());
    CHECK(who->name == "acd");
    CHECK_FALSE(who->local);
}

TEST_CASE("auth: only the machine itself is local, and only where nobody stands behind it") {
    struct Row {
        const char* name;
        bool loopback;
        http::Fields headers;
        unsigned want;
    };
    const Row rows[] = {
        {"from loopback",        true,  {{"host", "127.0.0.1:9469"}},                              200},
        {"by name",              true,  {{"host", "localhost:9469"}},                              200},
        {"by IPv6",              true,  {{"host", "[::1]:9469"}},                                  200},
        {"HTTP/1.0, no host",    true,  {},                                                        200},
        {"from elsewhere",       false, {{"host", "127.0.0.1:9469"}},                              401},
        {"wrong token",          true,  {{"authorization", "Bearer nope"}},                        401},
        {"another scheme",       true,  {{"authorization", "Basic YTpi"}},                         401},
        {"through a proxy",      true,  {{"host", "127.0.0.1"}, {"x-forwarded-for", "x"}},         401},
        {"a name turned to us",  true,  {{"host", "evil.example:9469"}},                           401},
        {"another site's page",  true,  {{"host", "127.0.0.1"}, {"origin", "http://evil"}},        401},
        {"another site's fetch",
         true,                          {{"host", "127.0.0.1"}, {"sec-fetch-site", "cross-site"}},
         401                                                                                          },
        {"our own page",         true,  {{"host", "127.0.0.1"}, {"origin", "http://127.0.0.1"}},   200},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        const auto checked =
            sample().check(from(row.loopback, row.headers), Right::administer, "hz");
        CHECK((checked ? 200 : checked.error().status) == row.want);
        if (checked) CHECK(checked->name == "local");
        if (!checked) CHECK(checked.error().headers.at(0).first == "WWW-Authenticate");
    }
}

TEST_CASE("auth: role names") {
    CHECK(parse_role("operator") == Role::operator_);
    CHECK(parse_role("source") == Role::source);
    CHECK_FALSE(parse_role("Operator").has_value());
}
