// surgectl status and reload.
#include "app/cli/api.hpp"
#include "app/cli/queries.hpp"
#include "app/cli/show.hpp"
#include "app/cli/table.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <ostream>

namespace surged::app::cli {
namespace {

namespace json = boost::json;

const json::array& list_at(const json::value& root, const char* key) {
    static const json::array none;
    const json::value* found = root.is_object() ? root.get_object().if_contains(key) : nullptr;
    return found != nullptr && found->is_array() ? found->get_array() : none;
}

std::string health(const json::value& item) { return cell(item, "/ok") == "yes" ? "ok" : "FAILS"; }

void print_sources(std::ostream& out, const json::array& sources) {
    if (sources.empty()) return;
    Table feeds{
        {"SOURCE", "UP", "EXITS KNOWN", "ACCEPTED", "REJECTED", "NEWEST EVENT"}
    };
    for (const json::value& s : sources)
        feeds.add(
            {cell(s, "/name"),
             cell(s, "/up"),
             cell(s, "/exits_known"),
             cell(s, "/accepted"),
             cell(s, "/rejected"),
             time_cell(s, "/newest")}
        );
    out << '\n' << feeds.text();
}

/// What came last and could not be read, so that one sees what is wrong with a feed.
void print_bad(std::ostream& out, const json::array& records) {
    if (records.empty()) return;
    Table bad{
        {"LAST UNREADABLE", "EXCERPT"}
    };
    for (const json::value& r : records) bad.add({cell(r, "/what"), cell(r, "/excerpt")});
    out << '\n' << bad.text();
}

}  // namespace

Exit status(const Globals& globals) {
    auto api = Api::open(globals);
    if (!api) return complain(globals, api.error());
    const auto body = api->get("/api/v1/status");
    if (!body) return complain(globals, body.error());
    const json::array& components = list_at(*body, "components");
    const bool well = std::all_of(components.begin(), components.end(), [](const json::value& c) {
        return cell(c, "/ok") == "yes";
    });
    const Exit exit = well ? Exit::fine : Exit::finding;
    if (globals.json) {
        *globals.out << json::serialize(*body) << '\n' << std::flush;
        return exit;
    }
    *globals.out << "surged " << cell(*body, "/version") << ", site " << cell(*body, "/site")
                 << ", " << time_cell(*body, "/now") << "\n"
                 << cell(*body, "/queues") << " queues, " << cell(*body, "/pages_unacknowledged")
                 << " pages not acknowledged\n\n";
    Table parts{
        {"PART", "STATE", "SINCE", "DETAIL"}
    };
    for (const json::value& c : components)
        parts.add({cell(c, "/name"), health(c), time_cell(c, "/since"), cell(c, "/detail")});
    *globals.out << parts.text();
    print_sources(*globals.out, list_at(*body, "sources"));
    print_bad(*globals.out, list_at(*body, "last_bad_records"));
    *globals.out << std::flush;
    return exit;
}

}  // namespace surged::app::cli
