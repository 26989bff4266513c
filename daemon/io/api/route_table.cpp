#include "io/api/route_table.hpp"

#include <algorithm>

namespace surged::io::api {
namespace {

constexpr auto open = std::nullopt;
constexpr Right read = Right::read, send = Right::send, respond = Right::respond,
                administer = Right::administer;

// clang-format off
constexpr RouteRow routes[] = {
    {"GET", "/healthz", open, "The loop runs", "", "", "Health", ""},
    {"GET", "/readyz", open, "Can it do its work? Details with a token", "", "", "Readiness", "503"},
    {"GET", "/metrics", read, "Figures for Prometheus", "", "", "text/plain", ""},
    {"GET", "/api/v1/openapi.json", open, "This document", "", "", "application/json", ""},
    {"GET", "/api/v1/status", read, "The daemon and its parts", "", "", "Status", ""},
    {"GET", "/api/v1/queues", read, "The queues now, by name", "site limit after", "", "Queues", "400"},
    {"GET", "/api/v1/queues/{queue}", read, "One queue", "site", "", "Queue", "404"},
    {"GET", "/api/v1/incidents", read, "Incidents, by id", "limit after", "", "Incidents", "400"},
    {"GET", "/api/v1/incidents/{id}", read, "One incident", "", "", "Incident", "404"},
    {"GET", "/api/v1/pages", read, "Pages, by id", "limit after", "", "Pages", "400"},
    {"GET", "/api/v1/plans", read, "The plans in force", "", "", "Plans", ""},
    {"GET", "/api/v1/explain", read, "Why a plan fires on a queue, or does not", "plan! queue", "",
     "Explanation", "400 404"},
    {"GET", "/api/v1/thresholds", read, "Thresholds that people have set for a while", "", "",
     "Thresholds", ""},
    {"POST", "/api/v1/events", send, "Events, one a line", "", "application/x-ndjson", "Accepted",
     "202 400 413 415 429 503"},
    {"POST", "/api/v2/alerts", send, "Alerts as Prometheus and Alertmanager post them", "",
     "[PostedAlert]", "Done", "202 400 503"},
    {"POST", "/api/v1/pages/{id}/ack", respond, "Takes a page", "", "By", "Taken", "400 404 409 503"},
    {"POST", "/api/v1/incidents", respond, "A person reports that something happened", "", "Report",
     "Done", "202 400 404 409 503"},
    {"POST", "/api/v1/incidents/{id}/activate", respond, "Activates what is asked or warned of", "",
     "Decision", "Incident", "400 404 409 503"},
    {"POST", "/api/v1/incidents/{id}/decline", respond, "Says no to it", "", "Decision", "Incident",
     "400 404 409 503"},
    {"POST", "/api/v1/incidents/{id}/level", respond, "Pins the level for a while", "", "Pin",
     "Incident", "400 404 409 503"},
    {"POST", "/api/v1/incidents/{id}/steps/{step}", respond, "A step is done, or skipped", "",
     "StepMark", "Incident", "400 404 409 503"},
    {"POST", "/api/v1/incidents/{id}/note", respond, "Writes to the timeline", "", "Note", "Incident",
     "400 404 409 503"},
    {"POST", "/api/v1/incidents/{id}/end", respond, "Declares it over", "", "Decision", "Incident",
     "400 404 409 503"},
    {"POST", "/api/v1/thresholds", administer, "Other thresholds for a while, or the written ones again",
     "", "SetThreshold", "Done", "202 400 404 409 503"},
    {"POST", "/api/v1/rules/reload", administer, "Reads the rules again, or agrees to what waits", "",
     "Reload", "Loaded", "202 400 404 409 422"},
    {"GET", "/api/v1/rules/diff", read, "What changes in behaviour between two sets", "from to", "",
     "RulesDifference", "422 429"},
    {"GET", "/api/v1/rules/versions", read, "Each loading of rules", "", "", "RulesVersions", "503"},
    {"GET", "/api/v1/rules/versions/{version}", administer, "The files of a version", "", "",
     "RulesFiles", "404"},
    {"POST", "/api/v1/hooks/{source}", open, "Events in a form of their own; the sender signs", "",
     "*/*", "Hooked", "202 400 401 404 413"},
    {"POST", "/api/v1/hooks/{source}/{key}", open, "The same, with a secret in the path", "", "*/*",
     "Hooked", "202 400 401 404 413"},
    {"GET", "/api/v1/hooks/{source}", read, "Counts of such a source", "", "", "application/json", "404"},
    {"GET", "/incidents/{id}", read, "The same for people: what links in pages lead to", "lang", "",
     "text/html", "404"},
    {"GET", "/a/{token}", open, "A link of a page: how the incident stands", "", "", "text/html",
     "404 410"},
    {"POST", "/a/{token}", open, "Its answer", "", "application/x-www-form-urlencoded", "text/html",
     "400 403 404 409 410 503"},
};
// clang-format on

}  // namespace

std::span<const RouteRow> route_table() { return routes; }

const RouteRow* route_row(std::string_view method, std::string_view path) {
    const auto* const found =
        std::find_if(std::begin(routes), std::end(routes), [&](const RouteRow& row) {
            return row.method == method && row.path == path;
        });
    return found == std::end(routes) ? nullptr : found;
}

}  // namespace surged::io::api
