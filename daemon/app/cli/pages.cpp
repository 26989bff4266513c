// surgectl pages and ack.
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

namespace json = boost::json;

Exit pages(const Globals& globals, bool all) {
    auto api = Api::open(globals);
    if (!api) return complain(globals, api.error());
    auto list = api->list("/api/v1/pages", "pages", "id");
    if (!list) return complain(globals, list.error());
    json::array wanted;
    for (json::value& page : *list) {
        const auto state = cell(page, "/state");
        const bool open = state == "due" || state == "sent" || state == "accepted";
        if (all || open) wanted.push_back(std::move(page));
    }
    if (globals.json) {
        *globals.out << json::serialize(json::object{
                            {"pages", wanted}
        })
                     << '\n'
                     << std::flush;
        return Exit::fine;
    }
    Table table{
        {"PAGE", "LEVEL", "PERSON", "CHANNEL", "STATE", "CREATED", "SENT", "ACKNOWLEDGED"}
    };
    for (const json::value& page : wanted) {
        const auto by = cell(page, "/acked_by");
        const bool repeat = cell(page, "/possible_repeat") == "yes";
        table.add(
            {cell(page, "/id"),
             cell(page, "/level"),
             cell(page, "/person"),
             cell(page, "/channel"),
             cell(page, "/state") + (repeat ? " (possible repeat)" : ""),
             time_cell(page, "/created_at"),
             time_cell(page, "/sent_at"),
             by.empty() ? "" : fmt::format("{} by {}", time_cell(page, "/acked_at"), by)}
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
    if (globals.json)
        *globals.out << json::serialize(*body) << '\n' << std::flush;
    else
        *globals.out << fmt::format("{} is {}", page, cell(*body, "/state")) << '\n' << std::flush;
    return Exit::fine;
}

}  // namespace surged::app::cli
