// surgectl incident list, show and end.
#include "app/cli/api.hpp"
#include "app/cli/manner.hpp"
#include "app/cli/queries.hpp"
#include "app/cli/show.hpp"
#include "app/cli/table.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <ostream>

namespace surged::app::cli {
namespace {

namespace json = boost::json;
using incident::Term;

std::string path_of(const std::string& id) { return "/api/v1/incidents/" + percent_encoded(id); }

void print_steps(std::ostream& out, const Manner& manner, const json::array& steps) {
    if (steps.empty()) return;
    Table open{
        {manner.say("处置步骤", "STEP"),
         manner.say("状态", "STATE"),
         manner.say("班组", "TEAM"),
         manner.say("开始", "OPENED"),
         manner.say("时限", "DUE"),
         manner.say("操作人", "BY")}
    };
    for (const json::value& step : steps)
        open.add(
            {cell(step, "/id"),
             cell(step, "/overdue") == "yes" ? manner.say("超时", "OVERDUE")
                                             : manner.said(Term::step, step, "/state"),
             cell(step, "/team"),
             manner.time(step, "/opened_at"),
             manner.time(step, "/due_at"),
             cell(step, "/by")}
        );
    out << open.text() << '\n';
}

void print_timeline(std::ostream& out, const Manner& manner, const json::array& timeline) {
    Table table{
        {manner.say("时间", "AT"),
         manner.say("事项", "WHAT"),
         manner.say("级别", "LEVEL"),
         manner.say("操作人", "BY"),
         manner.say("说明", "DETAIL")}
    };
    for (const json::value& item : timeline)
        table.add(
            {manner.time(item, "/at"),
             manner.said(Term::entry, item, "/entry"),
             manner.level(item, "/level"),
             cell(item, "/by"),
             cell(item, "/detail")}
        );
    out << table.text();
}

/// One incident with its story.
void print(const Globals& globals, const Manner& manner, const json::value& incident) {
    const std::string ended = manner.time(incident, "/ended_at");
    std::string level = manner.level(incident, "/level");
    if (level.empty()) level = manner.say("无级别", "none");
    *globals.out << manner.say(
        "{}{}\n预案 {},站点 {},{},{}\n队列:{}\n开立于 {}{}\n\n",
        "{}{}\nplan {}, site {}, level {}, {}\nqueues: {}\nopened {}{}\n\n",
        cell(incident, "/id"),
        cell(incident, "/drill") == "yes" ? manner.say(" 【演练】", " (drill)") : "",
        cell(incident, "/plan"),
        cell(incident, "/site"),
        level,
        manner.said(Term::phase, incident, "/phase"),
        cell(incident, "/queues"),
        manner.time(incident, "/opened_at"),
        ended.empty() ? "" : manner.say(",终止于 {}", ", ended {}", ended)
    );
    print_steps(*globals.out, manner, list_at(incident, "steps"));
    print_timeline(*globals.out, manner, list_at(incident, "timeline"));
    if (cell(incident, "/durable") == "no")
        *globals.err << manner.say("已生效,尚未落盘\n", "in force, not yet on disk\n");
    *globals.out << std::flush;
}

Exit answer(const Globals& globals, Api& api, const Result<json::value>& body) {
    if (!body) return complain(globals, body.error());
    if (globals.json)
        *globals.out << json::serialize(*body) << '\n' << std::flush;
    else
        print(globals, manner_of(globals, api), *body);
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
    const Manner manner = manner_of(globals, *api);
    Table table{
        {manner.say("事件", "INCIDENT"),
         manner.say("预案", "PLAN"),
         manner.say("级别", "LEVEL"),
         manner.say("阶段", "PHASE"),
         manner.say("队列", "QUEUES"),
         manner.say("开立", "OPENED"),
         manner.say("终止", "ENDED")}
    };
    for (const json::value& incident : wanted)
        table.add(
            {cell(incident, "/id"),
             cell(incident, "/plan"),
             manner.level(incident, "/level"),
             manner.said(Term::phase, incident, "/phase"),
             cell(incident, "/queues"),
             manner.time(incident, "/opened_at"),
             manner.time(incident, "/ended_at")}
        );
    *globals.out << table.text() << std::flush;
    return Exit::fine;
}

Exit incident_show(const Globals& globals, const std::string& id) {
    auto api = Api::open(globals);
    if (!api) return complain(globals, api.error());
    return answer(globals, *api, api->get(path_of(id)));
}

Exit incident_command(
    const Globals& globals, const std::string& id, const std::string& verb, const std::string& body
) {
    auto api = Api::open(globals);
    if (!api) return complain(globals, api.error());
    return answer(globals, *api, api->post(path_of(id) + "/" + verb, body));
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
    return answer(globals, *api, api->post(path_of(id) + "/end", json::serialize(body)));
}

std::string json_of(std::initializer_list<std::pair<const char*, std::string>> members) {
    boost::json::object out;
    for (const auto& [key, text] : members)
        if (!text.empty()) out[key] = text;
    return boost::json::serialize(out);
}

}  // namespace surged::app::cli
