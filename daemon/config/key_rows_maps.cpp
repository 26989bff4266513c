// The keys of a webhook map: what makes events of somebody else's payload.
#include "config/key_rows.hpp"

namespace surged::config {
namespace {

using enum Type;

// clang-format off
constexpr Key rows[] = {
    {File::map, "map", name, "", "required", "Its name"},
    {File::map, "each", reference, "", "",
     "A list in the payload: each item is read as a payload of its own. A payload that is a list is read so anyway"},
    {File::map, "id", references, "", "",
     "The id of the delivery; the same one twice counts once. None: what the signature scheme has"},
    {File::map, "events", list, "", "required", "Each that applies gives an event"},
    {File::map, "events[].when", list, "", "", "All of these must hold; none: always"},
    {File::map, "events[].unless", list, "", "", "None of these may hold"},
    {File::map, "events[].type", field, "", "required",
     "The type of event; a word that its `table` lacks: this entry does not apply"},
    {File::map, "events[].ts", field, "", "", "When it happened; none: when it came"},
    {File::map, "events[].id", field, "", "", "The event's own id; none: the delivery's"},
    {File::map, "events[].queue", field, "", "",
     "The queue; none, or absent: `queue` of the source. Renamed by its `queue_names`"},
    {File::map, "events[].call", field, "", "", "The call, chat, task or mail"},
    {File::map, "events[].agent", field, "", "", "The agent, by a number or login: no name of a person"},
    {File::map, "events[].caller", field, "", "", "The caller's number; kept as site.yaml says, or not at all"},
    {File::map, "events[].class", field, "", "", "normal, vip …"},
    {File::map, "events[].channel", field, "", "", "voice, chat, email, social, front_desk"},
    {File::map, "events[].ticket", field, "", "",
     "The complaint's number; all sources of a site share them, so give it a `prefix`"},
    {File::map, "events[].topic", field, "", "", "What the complaint is about: a small set of words"},
    {File::map, "events[].severity", field, "", "", "1 critical to 4 low, 0 unknown"},
    {File::map, "events[].status", field, "", "", "opened, assigned, closed"},
    {File::map, "events[].due", field, "", "", "When the complaint becomes overdue"},
    {File::map, "events[].to", field, "", "", "Where the call was transferred to"},
    {File::map, "events[].name", field, "", "", "The gauge's name"},
    {File::map, "events[].value", field, "", "", "The gauge's value"},
    {File::map, "events[].reason", field, "", "", "Why it was exited or refused, or the agent paused"},
    {File::map, "events[].state", field, "", "", "available, busy, wrap, paused, offline"},
    {File::map, "events[].queues", field, "", "",
     "The queues of the agent: a list in the payload; none: `agent_queues` of the source"},
    {File::map, "events[].by", field, "", "", "Who replied: agent, robot, customer"},
    {File::map, "events[].wait", field, "", "", "How long the caller had waited"},
    {File::map, "events[].talk", field, "", "", "How long they talked"},
    {File::map, "events[].wrap", field, "", "", "Work after the call"},
    {File::map, "events[].score", field, "", "", "1 to 5"},
    {File::map, "test.at", references, "", "required", "What to look at: the first that is there"},
    {File::map, "test.equals", text, "", "", "It is this word"},
    {File::map, "test.in", words, "", "", "It is one of these words"},
    {File::map, "test.like", words, "", "", "It fits one of these patterns; * and ? match any"},
    {File::map, "test.has", words, "", "", "It is a list with one of these words in it"},
    {File::map, "test.exists", boolean, "", "", "It is there, or it is not; null is not there"},
    {File::map, "field.at", references, "", "", "Where it stands: the first that is there"},
    {File::map, "field.const", text, "", "", "A word that is always the same"},
    {File::map, "field.item", text, "", "",
     "Of a list of maps: the pointer to the word in each item"},
    {File::map, "field.after_last", text, "", "", "Only what follows the last occurrence of this"},
    {File::map, "field.table", table, "", "", "What each word becomes"},
    {File::map, "field.default", text, "", "", "If it is absent, or not in the table"},
    {File::map, "field.prefix", text, "", "", "Put before it"},
    {File::map, "field.time", choice, "rfc3339 | unix | unix_ms | local", "rfc3339",
     "Of a time. rfc3339: text with a zone; a number there is Unix seconds. local: text without a zone"},
    {File::map, "field.zone", text, "", "", "Of `time: local`: an IANA time zone"},
    {File::map, "field.unit", choice, "ms | s | m | h", "s", "Of a duration"},
};
// clang-format on

}  // namespace

std::span<const Key> map_keys() { return rows; }

}  // namespace surged::config
