// surgectl report, threshold and plan list.
#include "app/cli/api.hpp"
#include "app/cli/queries.hpp"
#include "app/cli/show.hpp"
#include "app/cli/table.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <fmt/format.h>
#include <ostream>

namespace surged::app::cli {
namespace {

namespace json = boost::json;

Exit said(const Globals& globals, const Result<json::value>& body, const std::string& done) {
    if (!body) return complain(globals, body.error());
    const std::string detail = cell(*body, "/detail");
    if (globals.json)
        *globals.out << json::serialize(*body) << '\n' << std::flush;
    else
        *globals.out << done << (detail.empty() ? "" : ": " + detail) << '\n' << std::flush;
    return Exit::fine;
}

void put(json::object& body, const char* key, const std::string& text) {
    if (!text.empty()) body[key] = text;
}

}  // namespace

Exit report(const Globals& globals, const ReportOptions& options) {
    auto api = Api::open(globals);
    if (!api) return complain(globals, api.error());
    json::object body{
        {"kind", options.kind},
        {"by",   options.by  }
    };
    put(body, "plan", options.plan);
    put(body, "level", options.level);
    put(body, "queue", options.queue);
    put(body, "place", options.place);
    put(body, "scope", options.scope);
    put(body, "cause", options.cause);
    put(body, "text", options.text);
    return said(globals, api->post("/api/v1/incidents", json::serialize(body)), "reported");
}

Exit threshold(const Globals& globals, const ThresholdOptions& options) {
    json::object levels;
    for (const std::string& one : options.levels) {
        const std::size_t equals = one.find('=');
        double amount = 0;
        const char* const from =
            one.data() + (equals == std::string::npos ? one.size() : equals + 1);
        const char* const end = one.data() + one.size();
        const auto [stop, error] = std::from_chars(from, end, amount);
        if (error != std::errc{} || stop != end)
            return complain(
                globals,
                {one + " is not a level and an amount", "such as III=0.4; seconds, shares, counts"},
                Exit::usage
            );
        levels[one.substr(0, equals)] = amount;
    }
    auto api = Api::open(globals);
    if (!api) return complain(globals, api.error());
    json::object body{
        {"plan",    options.plan   },
        {"trigger", options.trigger},
        {"by",      options.by     }
    };
    put(body, "queue", options.queue);
    put(body, "why", options.why);
    put(body, "for", options.lasts);
    const bool sets = !levels.empty();
    if (sets) body["levels"] = std::move(levels);
    return said(
        globals,
        api->post("/api/v1/thresholds", json::serialize(body)),
        sets ? "in force for " + options.lasts : "the written thresholds are back"
    );
}

Exit threshold_list(const Globals& globals) {
    auto api = Api::open(globals);
    if (!api) return complain(globals, api.error());
    const auto body = api->get("/api/v1/thresholds");
    if (!body) return complain(globals, body.error());
    if (globals.json) {
        *globals.out << json::serialize(*body) << '\n' << std::flush;
        return Exit::fine;
    }
    Table table{
        {"PLAN", "TRIGGER", "QUEUE", "LEVELS", "UNTIL", "BY", "WHY"}
    };
    for (const json::value& one : body->at("thresholds").as_array()) {
        std::string levels;
        for (const auto& level : one.at("levels").as_object())
            levels += (levels.empty() ? "" : " ") + std::string{level.key()} + "=" +
                      cell(level.value(), "");
        const std::string queue = cell(one, "/queue");
        table.add(
            {cell(one, "/plan"),
             cell(one, "/trigger"),
             queue.empty() ? "all" : queue,
             levels,
             time_cell(one, "/until"),
             cell(one, "/by"),
             cell(one, "/why")}
        );
    }
    *globals.out << table.text() << std::flush;
    return Exit::fine;
}

Exit plan_list(const Globals& globals) {
    auto api = Api::open(globals);
    if (!api) return complain(globals, api.error());
    const auto body = api->get("/api/v1/plans");
    if (!body) return complain(globals, body.error());
    if (globals.json) {
        *globals.out << json::serialize(*body) << '\n' << std::flush;
        return Exit::fine;
    }
    Table table{
        {"PLAN", "SOURCE", "VERSION", "TITLE", "TRIGGERS", "NOT RUN YET"}
    };
    boost::system::error_code ec;
    const json::value* plans = body->find_pointer("/plans", ec);
    if (plans != nullptr && plans->is_array())
        for (const json::value& plan : plans->get_array())
            table.add(
                {cell(plan, "/plan"),
                 cell(plan, "/source"),
                 cell(plan, "/version"),
                 cell(plan, "/title_zh") + " / " + cell(plan, "/title_en"),
                 cell(plan, "/triggers"),
                 cell(plan, "/not_run")}
            );
    *globals.out << table.text() << std::flush;
    return Exit::fine;
}

}  // namespace surged::app::cli
