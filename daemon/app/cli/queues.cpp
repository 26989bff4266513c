// surgectl queues.
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

Exit queues(const Globals& globals) {
    auto api = Api::open(globals);
    if (!api) return complain(globals, api.error());
    auto all = api->list("/api/v1/queues", "queues", "name");
    if (!all) return complain(globals, all.error());
    if (globals.json) {
        *globals.out << json::serialize(json::object{
                            {"queues", *all}
        })
                     << std::endl;
        return Exit::fine;
    }
    Table table{
        {"QUEUE",
         "LEVEL", "WAITING",
         "LONGEST", "STAFFED",
         "AVAILABLE", "OFFERED",
         "ANSWERED", "ABANDONED",
         "EXITED", "SERVICE LEVEL 5m"}
    };
    for (const json::value& queue : *all) {
        std::uint64_t exited = 0;
        boost::system::error_code ec;
        const json::value* reasons = queue.find_pointer("/totals/exited", ec);
        if (reasons != nullptr && reasons->is_object()) {
            for (const auto& reason : reasons->get_object())
                if (reason.value().is_number())
                    exited += reason.value().to_number<std::uint64_t>(ec);
        }
        const std::string longest = cell(queue, "/now/longest_wait");
        const std::string level = cell(queue, "/level");
        table.add(
            {cell(queue, "/name"),
             level == "none" ? "" : level,
             cell(queue, "/now/calls_waiting"),
             longest.empty() ? "" : longest + " s",
             cell(queue, "/now/agents_staffed"),
             cell(queue, "/now/agents_available"),
             cell(queue, "/totals/offered"),
             cell(queue, "/totals/answered"),
             cell(queue, "/totals/abandoned"),
             std::to_string(exited),
             cell(queue, "/windows/5m/service_level")}
        );
    }
    *globals.out << table.text() << std::flush;
    return Exit::fine;
}

}  // namespace surged::app::cli
