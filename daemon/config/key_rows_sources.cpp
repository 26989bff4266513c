// The keys of `sources`: those of every type, then those that a type adds.
#include "config/key_rows.hpp"

namespace surged::config {
namespace {

using enum Type;

// clang-format off
constexpr Key rows[] = {
    {File::surged, "sources", table, "", "", "Where calls and agents are heard of, by name"},
    {File::surged, "sources.*.type", choice, "ami | queue_log | esl", "required",
     "ami: the Asterisk manager interface; queue_log: the log that Asterisk's queues write; "
     "esl: FreeSWITCH's event socket", true,
     "webhook | kafka | nats | csv"},
    {File::surged, "sources.*.site", name, "", "required", "The site it feeds"},
    {File::surged, "sources.*.stale_after", duration, "1s..1h", "30s",
     "Silent for so long, it is held to be lost"},
    {File::surged, "sources.*.companion", name, "", "",
     "The source it accompanies: both may send calls of one queue"},
    {File::surged, "sources.*.queues", globs, "", "", "Queues it feeds; none: any"},
    {File::surged, "sources.*(ami).host", text, "", "required", "Host name or address"},
    {File::surged, "sources.*(ami).port", integer, "1..65535", "5038", "TCP port"},
    {File::surged, "sources.*(ami).username", text, "", "required",
     "Manager user, as in manager.conf"},
    {File::surged, "sources.*(ami).secret_file", path, "", "required",
     "File that holds his secret"},
    {File::surged, "sources.*(queue_log).path", path, "", "required",
     "The log; what rotation made of it is looked for beside it"},
    {File::surged, "sources.*(queue_log).from", choice, "beginning | end", "beginning",
     "Where to begin in a log that was never read before; a companion begins at the end"},
    {File::surged, "sources.*(queue_log).members", table, "", "",
     "Interface of a member by his name, where the log knows one person by both"},
    {File::surged, "sources.*(esl).host", text, "", "required", "Host name or address"},
    {File::surged, "sources.*(esl).port", integer, "1..65535", "8021", "TCP port"},
    {File::surged, "sources.*(esl).secret_file", path, "", "required",
     "File that holds the password of event_socket.conf.xml"},
    {File::surged, "sources.*(esl).format", choice, "plain | json", "plain",
     "How events are sent; both say the same"},
    {File::surged, "sources.*(esl).poll", duration, "1s..1h", "30s",
     "How often the tables of mod_callcenter are compared with what the events said"},
};
// clang-format on

}  // namespace

std::span<const Key> source_keys() { return rows; }

}  // namespace surged::config
