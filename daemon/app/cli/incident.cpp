// surgectl incident list, show and end.
#include "app/cli/api.hpp"
#include "app/cli/queries.hpp"
#include "app/cli/show.hpp"
#include "app/cli/table.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <ostream>

namespace surged::app::cli {
namespace {

namespace json = boost::json;

std::string path_of(const std::string& id) { return "/api/v1/incidents/" + percent_encoded(id); }

/// One incident with its story.
void print(const Globals& globals, const json::value& incident) {
    *globals.out << fmt::format(
        "{}{}\nplan {}, site {}, level {}, {}\nqueues: {}\nopened {}{}\n\n",
        cell(incident, "/id"),
        cell(incident, "/drill") == "yes" ? " (drill)" : "",
        cell(incident, "/plan"),
        cell(incident, "/site"),
        cell(incident, "/level"),
        cell(incident, "/phase"),
        cell(incident, "/queues"),
        time_cell(incident, "/opened_at"),
        cell(incident, "/ended_at").empty() ? "" : ", ended " + time_cell(incident, "/ended_at")
    );
    boost::system::error_code ec;
    const json::value* steps = incident.find_pointer("/steps", ec);
    if (steps != nullptr && steps->is_array() && !steps->get_array().empty()) {
        Table open{
            {"STEP", "STATE", "TEAM", "OPENED", "DUE", "BY"}
        };
        for (const json::value& step : steps->get_array())
            open.add(
                {cell(step, "/id"),
                 cell(step, "/overdue") == "yes" ? "OVERDUE" : cell(step, "/state"),
                 cell(step, "/team"),
                 time_cell(step, "/opened_at"),
                 time_cell(step, "/due_at"),
                 cell(step, "/by")}
            );
        *globals.out << open.text() << '\n';
    }
    Table table{
        {"AT", "WHAT", "LEVEL", "BY", "DETAIL"}
    };
    const json::value* timeline = incident.find_pointer("/timeline", ec);
    if (timeline != nullptr && timeline->is_array()) {
        for (const json::value& item : timeline->get_array())
            table.add(
                {time_cell(item, "/at"),
                 cell(item, "/entry"),
                 cell(item, "/level"),
                 cell(item, "/by"),
                 cell(item, "/detail")}
            );
    }
    *globals.out << table.text() << std::flush;
}

Exit answer(const Globals& globals, const Result<json::value>& body) {
    if (!body) return complain(globals, body.error());
    if (globals.json)
        *globals.out << json::serialize(*body) << '\n' << std::flush;
    else
        print(globals, *body);
    return Exit::fine;
}

}  // namespace

Exit incident_list(const Globals& globals, bool all) {
    auto api = Api::open(globals);
    if (!api) return complain(globals, api.error());
    auto list = api->list("/api/v1/incidents", "incidents", "id");
    if (!list) return complain(globals, list.error());
    json::array wanted;
    for (json::value& incident : *list)
        if (all || cell(incident, "/ended_at").empty()) wanted.push_back(std::move(incident));
    if (globals.json) {
        *globals.out << json::serialize(json::object{
                            {"incidents", wanted}
        })
                     << '\n'
                     << std::flush;
        return Exit::fine;
    }
    Table table{
        {"INCIDENT", "PLAN", "LEVEL", "PHASE", "QUEUES", "OPENED", "ENDED"}
    };
    for (const json::value& incident : wanted)
        table.add(
            {cell(incident, "/id"),
             cell(incident, "/plan"),
             cell(incident, "/level"),
             cell(incident, "/phase"),
             cell(incident, "/queues"),
             time_cell(incident, "/opened_at"),
             time_cell(incident, "/ended_at")}
        );
    *globals.out << table.text() << std::flush;
    return Exit::fine;
}

Exit incident_show(const Globals& globals, const std::string& id) {
    auto api = Api::open(globals);
    if (!api) return complain(globals, api.error());
    return answer(globals, api->get(path_of(id)));
}

Exit incident_command(
    const Globals& globals, const std::string& id, const std::string& verb, const std::string& body
) {
    auto api = Api::open(globals);
    if (!api) return complain(globals, api.error());
    return answer(globals, api->post(path_of(id) + "/" + verb, body));
}

Exit incident_end(
    const Globals& globals, const std::string& id, const std::string& by, const std::string& why
) {
    auto api = Api::open(globals);
    if (!api) return complain(globals, api.error());
    json::object body{
        {"by", by}
    };
    if (!why.empty()) body["why"] = why;
    return answer(globals, api->post(path_of(id) + "/end", json::serialize(body)));
}

std::string json_of(std::initializer_list<std::pair<const char*, std::string>> members) {
    boost::json::object out;
    for (const auto& [key, text] : members)
        if (!text.empty()) out[key] = text;
    return boost::json::serialize(out);
}

}  // namespace surged::app::cli
