// surgectl pages and ack.
#include "app/cli/api.hpp"
#include "app/cli/language.hpp"
#include "app/cli/manner.hpp"
#include "app/cli/queries.hpp"
#include "app/cli/show.hpp"
#include "app/cli/table.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <ostream>

namespace surged::app::cli {

namespace json = boost::json;
using incident::Term;

Exit pages(const Globals& globals, bool all) {
    auto api = Api::open(globals);
    if (!api) return complain(globals, api.error());
    auto list = api->list("/api/v1/pages", "pages", "id");
    if (!list) return complain(globals, list.error());
    json::array wanted;
    for (json::value& page : *list) {
        if (all || is_open_page(page)) wanted.push_back(std::move(page));
    }
    if (globals.json) {
        *globals.out << json::serialize(json::object{
                            {"pages", wanted}
        })
                     << '\n'
                     << std::flush;
        return Exit::fine;
    }
    const Manner manner = manner_of(globals, *api);
    Table table{
        {manner.say("呼叫", "PAGE"),
         manner.say("级别", "LEVEL"),
         manner.say("人员", "PERSON"),
         manner.say("通道", "CHANNEL"),
         manner.say("状态", "STATE"),
         manner.say("生成", "CREATED"),
         manner.say("发出", "SENT"),
         manner.say("认领", "ACKNOWLEDGED")}
    };
    for (const json::value& page : wanted) {
        const auto by = cell(page, "/acked_by");
        const bool repeat = cell(page, "/possible_repeat") == "yes";
        const bool idle = !is_open_page(page) && is_unsettled(page);
        table.add(
            {cell(page, "/id"),
             manner.level(page, "/level"),
             cell(page, "/person"),
             cell(page, "/channel"),
             manner.said(Term::page, page, "/state") +
                 (repeat ? manner.say("(可能重复)", " (possible repeat)") : "") +
                 (idle ? manner.say("(无须认领)", " (nobody is to answer it)") : ""),
             manner.time(page, "/created_at"),
             manner.time(page, "/sent_at"),
             by.empty() ? ""
                        : manner.say("{} 由 {}", "{} by {}", manner.time(page, "/acked_at"), by)}
        );
    }
    *globals.out << table.text() << std::flush;
    return Exit::fine;
}

Exit acknowledge(const Globals& globals, const std::string& page, const std::string& by) {
    auto api = Api::open(globals);
    if (!api) return complain(globals, api.error());
    const auto body = api->post(
        fmt::format("/api/v1/pages/{}/ack", percent_encoded(page)),
        json::serialize(json::object{
            {"by", by}
    })
    );
    if (!body) return complain(globals, body.error());
    const Manner manner{language_for(globals.language)};
    const std::string holder = cell(*body, "/acked_by");
    if (globals.json)
        *globals.out << json::serialize(*body) << '\n';
    else if (holder.empty() || holder == by)
        *globals.out << manner.say(
            "{} {}\n", "{} is {}\n", page, manner.said(Term::page, *body, "/state")
        );
    else
        *globals.out << manner.say(
            "{} 此前已由 {} 认领\n", "{} was acknowledged before, by {}\n", page, holder
        );
    *globals.out << std::flush;
    if (!globals.json && cell(*body, "/durable") == "no")
        *globals.err << manner.say("已生效,尚未落盘\n", "in force, not yet on disk\n");
    return Exit::fine;
}

}  // namespace surged::app::cli
