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

namespace {

namespace json = boost::json;

std::uint64_t exits_of(const json::value& queue) {
    boost::system::error_code ec;
    const json::value* reasons = queue.find_pointer("/totals/exited", ec);
    if (reasons == nullptr || !reasons->is_object()) return 0;
    std::uint64_t sum = 0;
    for (const auto& reason : reasons->get_object())
        if (reason.value().is_number()) sum += reason.value().to_number<std::uint64_t>(ec);
    return sum;
}

// clang-format off: a heading beside what stands under it
const std::vector<std::string> headings{
    "QUEUE", "LEVEL", "WAITING", "LONGEST", "STAFFED", "AVAILABLE",
    "OFFERED", "ANSWERED", "ABANDONED", "EXITED", "SERVICE LEVEL 5m"};

std::vector<std::string> row_of(const json::value& queue) {
    const std::string level = cell(queue, "/level");
    const std::string longest = cell(queue, "/now/longest_wait");
    return {
        cell(queue, "/name"), level == "none" ? "" : level, cell(queue, "/now/calls_waiting"),
        longest.empty() ? "" : longest + " s", cell(queue, "/now/agents_staffed"),
        cell(queue, "/now/agents_available"),
        cell(queue, "/totals/offered"), cell(queue, "/totals/answered"),
        cell(queue, "/totals/abandoned"), std::to_string(exits_of(queue)),
        percent_cell(queue, "/windows/5m/service_level")};
}
// clang-format on

}  // namespace

Exit queues(const Globals& globals) {
    auto api = Api::open(globals);
    if (!api) return complain(globals, api.error());
    auto all = api->list("/api/v1/queues", "queues", "name");
    if (!all) return complain(globals, all.error());
    if (globals.json) {
        *globals.out << json::serialize(json::object{
                            {"queues", *all}
        })
                     << '\n'
                     << std::flush;
        return Exit::fine;
    }
    Table table{headings};
    for (const json::value& queue : *all) table.add(row_of(queue));
    *globals.out << table.text() << std::flush;
    return Exit::fine;
}

}  // namespace surged::app::cli
