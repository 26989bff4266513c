// The keys of `sources`: those of every type, then those that a type adds.
#include "config/key_rows.hpp"

namespace surged::config {
namespace {

using enum Type;

// clang-format off
constexpr Key rows[] = {
    {File::surged, "sources", table, "", "", "Where calls and agents are heard of, by name"},
    {File::surged, "sources.*.type", choice, "ami | queue_log | esl | webhook | statsd", "required",
     "ami: the Asterisk manager interface; queue_log: the log that Asterisk's queues write; "
     "esl: FreeSWITCH's event socket; webhook: others post to `/api/v1/hooks/NAME`; "
     "statsd: figures by UDP", true,
     "kafka | nats | csv"},
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
    {File::surged, "sources.*(webhook).map", text, "", "required",
     "What makes events of a payload: the name of a map that comes with surged, or the path of a file"},
    {File::surged, "sources.*(webhook).signature", choice,
     "standard_webhooks | hub_sha256 | hub_sha1 | zendesk | twilio | feishu | slack | dingtalk | pagerduty | bearer | basic | header | path",
     "required", "How the sender proves who it is"},
    {File::surged, "sources.*(webhook).secret_file", path, "", "required",
     "File that holds the secret; each further line is a secret that is good too"},
    {File::surged, "sources.*(webhook).username", text, "", "", "User name of `signature: basic`"},
    {File::surged, "sources.*(webhook).header", text, "", "",
     "Header that carries the secret, of `signature: header`"},
    {File::surged, "sources.*(webhook).url", url, "", "",
     "Our URL as the sender calls it, of `signature: twilio`"},
    {File::surged, "sources.*(webhook).window", duration, "1s..24h", "",
     "How far the sender's clock may be from ours; none: 5m, of dingtalk 1h"},
    {File::surged, "sources.*(webhook).body_max", integer, "1024..8388608", "65536",
     "Bytes of a payload"},
    {File::surged, "sources.*(webhook).rate", integer, "1..100000", "200",
     "Deliveries a second, with ten seconds' worth at once; beyond: 429"},
    {File::surged, "sources.*(webhook).queue", text, "", "", "The queue of events that name none"},
    {File::surged, "sources.*(webhook).queue_names", table, "", "",
     "Our names of their queues; others keep theirs"},
    {File::surged, "sources.*(webhook).agent_queues", words, "", "",
     "The queues of agents of whom the payload says none"},
    {File::surged, "sources.*(webhook).stale_after", duration, "0s..30d", "0s",
     "Nothing heard for so long: the source is held to be lost; 0s: never"},
    {File::surged, "sources.*(statsd).listen", address, "", "required",
     "Where to listen for UDP, 127.0.0.1:8125; port 0 takes a free one"},
    {File::surged, "sources.*(statsd).flush", duration, "100ms..1m", "1s",
     "What came in so long a time becomes one figure"},
    {File::surged, "sources.*(statsd).buffer", integer, "65536..268435456", "8388608",
     "Bytes that the system is asked to keep for us; without net.core.rmem_max it gives less"},
    {File::surged, "sources.*(statsd).metrics", list, "", "required",
     "Which metrics set which gauges; others are passed over"},
    {File::surged, "sources.*(statsd).metrics[].metric", text, "", "required",
     "Its name; one `*` may stand for a part between two dots"},
    {File::surged, "sources.*(statsd).metrics[].gauge", name, "", "required",
     "The gauge that it sets; `agents_scheduled` is the KPI of that name"},
    {File::surged, "sources.*(statsd).metrics[].queue", text, "", "",
     "Of this queue; `*`: the part that the `*` of the metric stands for"},
    {File::surged, "sources.*(statsd).metrics[].queue_tag", text, "", "",
     "The tag that names the queue; where it is missing, `queue`"},
    {File::surged, "sources.*(statsd).metrics[].take", choice,
     "usual | rate | sum | count | mean | min | max | p50 | p90 | p99", "usual",
     "Which figure: usual is a gauge's value, a counter's rate, the mean of times, the size of a set"},
    {File::surged, "sources.*(statsd).stale_after", duration, "0s..30d", "0s",
     "Nothing heard for so long: the source is held to be lost; 0s: never"},
};
// clang-format on

}  // namespace

std::span<const Key> source_keys() { return rows; }

}  // namespace surged::config
