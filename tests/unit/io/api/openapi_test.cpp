// One table: what the server routes, what the OpenAPI document says, and what answers look like.
#include "io/api/openapi.hpp"

#include "io/api/route_table.hpp"
#include "io/api/routes.hpp"
#include "io/http/target.hpp"
#include "places.hpp"
#include "support/fake_host.hpp"
#include "support/local_request.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json.hpp>
#include <cstdlib>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace surged;
using namespace surged::io;
namespace net = boost::asio;
namespace json = boost::json;

namespace {

struct Bench {
    net::io_context loop{1};
    test::FakeHost host{loop.get_executor()};
    api::Routes routes{host, {}, {}, [] { return http::ServerStats{}; }};

    http::Response ask(std::string method, std::string_view target, std::string body = {}) {
        http::Request asked = test::local_request(std::move(method), target, std::move(body));
        auto answer = net::co_spawn(loop, routes.route(std::move(asked)), net::use_future);
        loop.restart();
        loop.poll();
        return answer.get();
    }
};

/// Checks a value against a schema of the document; what does not fit goes into `wrong`.
class Fitting {
public:
    explicit Fitting(const json::value& document) : document_{document} {}

    void fit(const json::value& value, const json::value& schema, const std::string& where) {
        const json::object& rules = schema.as_object();
        if (const auto* ref = rules.if_contains("$ref")) {
            const std::string pointer = std::string{ref->as_string()}.substr(1);
            return fit(value, document_.at_pointer(pointer), where);
        }
        if (const auto* choice = rules.if_contains("oneOf")) {
            if (!value.is_null()) fit(value, choice->at(0), where);
            return;
        }
        if (const auto* type = rules.if_contains("type"))
            if (!is_of(value, *type)) wrong += fmt::format("{} is no {}\n", where, text(*type));
        if (value.is_array())
            for (const json::value& one : value.as_array())
                fit(one, rules.at("items"), where + "[]");
        if (value.is_object()) members(value.as_object(), rules, where);
    }
    std::string wrong;

private:
    static std::string text(const json::value& value) { return json::serialize(value); }
    static bool is_of(const json::value& value, const json::value& type) {
        if (type.is_array()) {
            for (const json::value& one : type.as_array())
                if (is_of(value, one)) return true;
            return false;
        }
        const std::string name{type.as_string()};
        if (name == "null") return value.is_null();
        if (name == "string") return value.is_string();
        if (name == "boolean") return value.is_bool();
        if (name == "integer") return value.is_int64() || value.is_uint64();
        if (name == "number") return value.is_number();
        if (name == "array") return value.is_array();
        return value.is_object();
    }
    void members(const json::object& value, const json::object& rules, const std::string& where) {
        const auto* properties = rules.if_contains("properties");
        const auto* each = rules.if_contains("additionalProperties");
        for (const auto& [name, one] : value) {
            const std::string at = where + "." + std::string{name};
            if (properties != nullptr && properties->as_object().contains(name))
                fit(one, properties->at(name), at);
            else if (each != nullptr)
                fit(one, *each, at);
            else if (properties != nullptr)
                wrong += at + " is not in the document\n";
        }
        if (const auto* required = rules.if_contains("required"))
            for (const json::value& name : required->as_array())
                if (!value.contains(name.as_string()))
                    wrong += where + "." + text(name) + " is missing\n";
    }
    const json::value& document_;
};

json::value document() { return json::parse(api::openapi()); }

std::string offered(double ts, int call) {
    return fmt::format(
        R"({{"ts":{:.6f},"type":"offered","queue":"sales","call":"c{}"}})"
        "\n",
        ts,
        call
    );
}

}  // namespace

TEST_CASE("openapi: the committed document is what the table says") {
    const std::string file = SURGED_SOURCE_DIR "/docs/reference/openapi.json";
    if (std::getenv("SURGED_UPDATE_GOLDEN") != nullptr) std::ofstream{file} << api::openapi();
    std::ifstream in{file};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    CHECK_MESSAGE(
        text == api::openapi(), "SURGED_UPDATE_GOLDEN=1 writes docs/reference/openapi.json"
    );
}

TEST_CASE("openapi: every schema that is named is there, and every one that is there is named") {
    const json::value all = document();
    const std::string text = json::serialize(all);
    const json::object& schemas = all.at("components").at("schemas").as_object();
    std::set<std::string> named;
    const std::string mark = R"("#/components/schemas/)";
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
        const std::size_t from = at + mark.size();
        named.insert(text.substr(from, text.find('"', from) - from));
    }
    for (const std::string& name : named) CHECK_MESSAGE(schemas.contains(name), name);
    for (const auto& schema : schemas) CHECK_MESSAGE(named.contains(schema.key()), schema.key());
}

TEST_CASE("openapi: what is in the document is served, at its method and no other") {
    Bench b;
    for (const api::RouteRow& row : api::route_table()) {
        const bool is_served_apart = row.path.starts_with("/a/") ||
                                     row.path.find("/hooks/") != std::string_view::npos ||
                                     row.path.find("/rules/") != std::string_view::npos;
        if (is_served_apart) continue;  // by their own parts, whose routes are asserted to be here
        CAPTURE(row.path);
        std::string path{row.path};
        for (std::size_t at = path.find('{'); at != std::string::npos; at = path.find('{'))
            path.replace(at, path.find('}') - at + 1, "x");
        const auto options = b.ask("OPTIONS", path);
        CHECK(options.status == 204);
        REQUIRE(options.headers.size() == 1);
        CHECK(options.headers[0].second.find(row.method) != std::string::npos);
        CHECK(
            b.ask(std::string{row.method}, path, "{").body.find("nothing at this path") ==
            std::string::npos
        );
    }
}

TEST_CASE("openapi: real answers fit their schemas") {
    Bench b;
    const double ts = static_cast<double>(b.host.driver.now.time_since_epoch().count()) / 1e6;
    std::string lines = "no event\n";
    for (int i = 0; i < 5; ++i) lines += offered(ts, i);
    const json::value all = document();
    Fitting fitting{all};
    const auto check = [&](const char* method,
                           const std::string& path,
                           const std::string& target,
                           const std::string& body) {
        CAPTURE(target);
        const auto answer = b.ask(method, target, body);
        CAPTURE(answer.body);
        REQUIRE(answer.status == 200);
        std::string verb{method};
        for (char& c : verb) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        const json::value& schema = all.at("paths")
                                        .at(path)
                                        .at(verb)
                                        .at("responses")
                                        .at("200")
                                        .at("content")
                                        .at("application/json")
                                        .at("schema");
        fitting.fit(json::parse(answer.body), schema, path);
        CHECK(fitting.wrong.empty());
        CAPTURE(fitting.wrong);
        fitting.wrong.clear();
    };
    check("POST", "/api/v1/events", "/api/v1/events", lines);
    REQUIRE(b.host.engine().incidents().size() == 1);
    const std::string id = b.host.engine().incidents().begin()->first;
    check(
        "POST",
        "/api/v1/thresholds",
        "/api/v1/thresholds",
        R"({"plan":"platform-service","trigger":"pressure","levels":{"I":99},"for":"1h","by":"w","why":"x"})"
    );
    const std::string level = R"({"by":"wang","level":"II","for":"30m"})";
    check("POST", "/api/v1/incidents/{id}/level", "/api/v1/incidents/" + id + "/level", level);
    const std::string page = b.host.engine().pages().begin()->first;
    check("POST", "/api/v1/pages/{id}/ack", "/api/v1/pages/" + page + "/ack", R"({"by":"wang"})");
    for (const char* path :
         {"/healthz",
          "/readyz",
          "/api/v1/status",
          "/api/v1/queues",
          "/api/v1/incidents",
          "/api/v1/pages",
          "/api/v1/plans",
          "/api/v1/thresholds"})
        check("GET", path, path, "");
    check("GET", "/api/v1/queues/{queue}", "/api/v1/queues/sales", "");
    check("GET", "/api/v1/incidents/{id}", "/api/v1/incidents/" + id, "");
    check("GET", "/api/v1/explain", "/api/v1/explain?plan=P06&queue=sales", "");
    check("GET", "/api/v1/explain", "/api/v1/explain?plan=P06", "");
}
