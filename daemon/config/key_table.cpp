// The rows of the key table.
#include "config/key_rows.hpp"

#include <iterator>
#include <vector>

namespace surged::config {
namespace {

using enum Type;

// clang-format off
constexpr Key surged_keys[] = {
    {File::surged, "http", section, "", "", "The one HTTP port: API, /metrics, health"},
    {File::surged, "http.listen", address, "", "127.0.0.1:9469",
     "Where to listen; port 0 takes a free one"},
    {File::surged, "http.public_url", url, "", "",
     "What links in pages begin with; none: pages have no link"},
    {File::surged, "http.tokens", list, "", "", "Who may call from elsewhere than loopback"},
    {File::surged, "http.tokens[].name", name, "", "required",
     "Name of the caller, and of the source of what it posts"},
    {File::surged, "http.tokens[].role", choice,
     "reader | source | responder | operator", "required",
     "What it may do"},
    {File::surged, "http.tokens[].site", name, "", "", "The one site it may act for; none: any"},
    {File::surged, "http.tokens[].secret_file", path, "", "required", "File that holds the token"},
    {File::surged, "store", section, "", "", "The journal and snapshots"},
    {File::surged, "store.path", path, "", "/var/lib/surged", "Folder of the store"},
    {File::surged, "store.retention", duration, "1h..3650d", "30d", "How long the journal is kept"},
    {File::surged, "store.snapshot_every", duration, "1s..24h", "10m", "Time between snapshots"},
    {File::surged, "store.record_state_hash", boolean, "", "false",
     "For tests: the hash of the state with each commit"},
    {File::surged, "rules", section, "", "", "The rules folder"},
    {File::surged, "rules.path", path, "", "/etc/surged/rules",
     "Folder with site.yaml, roster.yaml and plans/"},
    {File::surged, "limits", section, "", "",
     "What is beyond them is rejected with reason limit, and said once"},
    {File::surged, "limits.queues", integer, "1..1000000", "10000", "Queues known at a time"},
    {File::surged, "limits.open_calls", integer, "1..10000000", "100000", "Calls open at a time"},
    {File::surged, "limits.call_ttl", duration, "1m..7d", "6h",
     "A call of which nothing is heard for so long is dropped"},
    {File::surged, "limits.queue_ttl", duration, "1m..365d", "24h",
     "A queue of which nothing is heard for so long is dropped"},
    {File::surged, "limits.lateness", duration, "0s..24h", "5m",
     "An event older than this counts as late, not in the windows"},
};

constexpr Key site_keys[] = {
    {File::site, "site", section, "", "required", "The site"},
    {File::site, "site.id", name, "", "required", "Its name in events, metrics and incident ids"},
    {File::site, "site.time_zone", text, "", "required", "IANA time zone, such as Asia/Shanghai"},
    {File::site, "site.language", choice, "zh-CN | en", "zh-CN",
     "Language where a person has none"},
    {File::site, "queues", table, "", "",
     "What is known of a queue, by the PBX's own name; others get the defaults"},
    {File::site, "queues.*.target", duration, "1s..1h", "",
     "T of the service level; none: the PBX's own, else 20s"},
    {File::site, "queues.*.short_abandon", duration, "0s..10m", "5s",
     "S: who leaves within it is not counted as abandoned"},
    {File::site, "queues.*.wrap", duration, "0s..1h", "0s",
     "After-call work, where the feed does not carry it"},
    {File::site, "queues.*.lines", integer, "0..1000000", "0",
     "Lines of the queue, for lines_in_use; 0: unknown"},
    {File::site, "queues.*.callers", choice, "drop | pseudonym", "drop",
     "What is kept of a caller's number", true, "sealed"},
    {File::site, "queues.*.formula", choice, "V8", "", "Which service level", false},
    {File::site, "calendars", table, "", "", "Opening hours, holidays, seasons", false},
};

constexpr Key roster_keys[] = {
    {File::roster, "people", table, "", "required", "Who can be paged, by a short name"},
    {File::roster, "people.*.name", text, "", "required", "The name that others read"},
    {File::roster, "people.*.language", choice, "zh-CN | en", "",
     "Language of the pages; none: the site's"},
    {File::roster, "people.*.contact", list, "", "required", "Ways to reach them, at least one"},
    {File::roster, "people.*.contact[].channel", name, "", "required", "A channel of surged.yaml"},
    {File::roster, "people.*.contact[].to", text, "", "",
     "Whom to address there, where the channel needs it"},
    {File::roster, "people.*.contact[].after", duration, "0s..24h", "0s",
     "From the page to this person, while nobody has acknowledged"},
    {File::roster, "people.*.deputy", name, "", "", "Who stands in", false},
    {File::roster, "teams", table, "", "required", "Who is paged in which order, by name"},
    {File::roster, "teams.*.escalation", list, "", "", "The rungs, first to last"},
    {File::roster, "teams.*.escalation[].page", names, "", "required", "People paged together"},
    {File::roster, "teams.*.escalation[].wait", duration, "1s..24h", "5m",
     "Without an acknowledgement for so long: the next rung"},
    {File::roster, "teams.*.repeat", integer, "1..100", "1", "Rounds over the rungs in all"},
    {File::roster, "teams.*.last_resort", name, "", "", "Paged when all rounds went unanswered"},
    {File::roster, "teams.*.rotation", list, "", "", "Who is on call when", false},
    {File::roster, "rotations", table, "", "", "Who is on call when", false},
    {File::roster, "overrides", list, "", "", "Swaps and stand-ins", false},
};

constexpr Key plan_keys[] = {
    {File::plan, "plan", name, "", "required", "Name of the plan"},
    {File::plan, "title", bilingual, "", "required", "What pages call it"},
    {File::plan, "source", name, "", "", "The original it comes from; incident ids begin with it"},
    {File::plan, "version", integer, "1..1000000", "1", "Raised by you with each change"},
    {File::plan, "scope", choice, "plan | queue", "plan",
     "One incident for the plan, or one for each queue"},
    {File::plan, "yields_to", names, "", "", "Plans that lead when both match", false},
    {File::plan, "applies_to", section, "", "", "What it watches"},
    {File::plan, "applies_to.queues", globs, "", "", "Queues; none: every queue"},
    {File::plan, "applies_to.channels", names, "", "", "Voice, chat, …", false},
    {File::plan, "triggers", list, "", "required",
     "What starts and grades it; the gravest one counts"},
    {File::plan, "triggers[].id", name, "", "required", "Name of the trigger, once in the plan"},
    {File::plan, "triggers[].page", names, "", "",
     "Roles or teams paged instead of the plan's `page`"},
    {File::plan, "triggers[].kpi", text, "", "", "The figure to watch: see the list of KPIs"},
    {File::plan, "triggers[].gauge", name, "", "", "Name of a gauge from events, instead of a KPI"},
    {File::plan, "triggers[].window", choice, "1m | 5m | 15m | 30m | 60m | day", "",
     "Over what time; a KPI of a window needs it"},
    {File::plan, "triggers[].class", name, "", "", "Only contacts of this class"},
    {File::plan, "triggers[].topic", text, "", "", "Only complaints of this topic"},
    {File::plan, "triggers[].above", ladder, "", "", "The level holds at value ≥ threshold"},
    {File::plan, "triggers[].below", ladder, "", "",
     "The level holds at value ≤ threshold, for KPIs where less is worse"},
    {File::plan, "triggers[].floor", table, "", "",
     "KPI: amount; below it the trigger has no value"},
    {File::plan, "triggers[].for", durations, "0s..24h", "0s", "How long it must hold"},
    {File::plan, "triggers[].clear", section, "", "", "When a level is left again, one at a time"},
    {File::plan, "triggers[].clear.margin", percent, "0%..90%", "20%",
     "So far inside the threshold"},
    {File::plan, "triggers[].clear.for", durations, "0s..24h", "5m; from II 10m", "For so long"},
    {File::plan, "triggers[].clear.dwell", durations, "0s..24h", "10m", "Least time after a rise"},
    {File::plan, "triggers[].min_calls", integer, "1..1000000000", "",
     "Fewer contacts under the ratio say nothing"},
    {File::plan, "triggers[].min_count", integer, "1..1000000000", "",
     "A smaller count says nothing"},
    {File::plan, "triggers[].overrides", list, "", "",
     "Other values for some queues; the last that matches wins"},
    {File::plan, "triggers[].overrides[].queues", globs, "", "required", "For these queues"},
    {File::plan, "triggers[].overrides[].above", ladder, "", "", "Replaces the trigger's whole"},
    {File::plan, "triggers[].overrides[].below", ladder, "", "", "Replaces the trigger's whole"},
    {File::plan, "triggers[].overrides[].floor", table, "", "", "Replaces the trigger's whole"},
    {File::plan, "triggers[].overrides[].for", durations, "0s..24h", "",
     "Replaces the trigger's whole"},
    {File::plan, "triggers[].overrides[].clear", section, "", "", "Replaces the trigger's whole"},
    {File::plan, "triggers[].overrides[].min_calls", integer, "1..1000000000", "",
     "Replaces the trigger's"},
    {File::plan, "triggers[].overrides[].min_count", integer, "1..1000000000", "",
     "Replaces the trigger's"},
    {File::plan, "triggers[].overrides[].window", choice, "1m | 5m | 15m | 30m | 60m | day", "",
     "Replaces the trigger's"},
    {File::plan, "triggers[].overrides[].when", name, "", "", "In this calendar", false},
    {File::plan, "triggers[].all", list, "", "", "Conditions; the mildest level of them holds"},
    {File::plan, "triggers[].any", list, "", "", "Conditions; the gravest level of them holds"},
    {File::plan, "triggers[].not", condition, "", "", "`level` holds while this is at none"},
    {File::plan, "triggers[].absent", name, "", "", "A source: `level` holds while it is silent"},
    {File::plan, "triggers[].level", choice, "IV | III | II | I", "",
     "The level of `not` and `absent`"},
    {File::plan, "triggers[].then", section, "", "", "absent: graver after more time"},
    {File::plan, "triggers[].then.after", duration, "1s..24h", "required",
     "Counted from where `level` began"},
    {File::plan, "triggers[].then.level", choice, "IV | III | II | I", "required",
     "Graver than `level`"},
    {File::plan, "triggers[].during", name, "", "", "Only in this calendar", false},
    {File::plan, "triggers[].ratio_to", name, "", "", "Against what is usual or planned", false},
    {File::plan, "triggers[].calendar", name, "", "", "Starts by date", false},
    {File::plan, "triggers[].alert", section, "", "", "Starts by an alert from outside", false},
    {File::plan, "triggers[].report", names, "", "", "Starts by a person's report", false},
    {File::plan, "activation", section, "", "",
     "What a level does; one left out does what the next milder one does"},
    {File::plan, "activation.*.mode", choice, "warn | automatic", "required",
     "Tell only, or start by itself", true,
     "ask | start-then-confirm"},
    {File::plan, "activation.*.by", name, "", "", "Who is asked", false},
    {File::plan, "activation.*.within", duration, "", "", "How long he has", false},
    {File::plan, "activation.*.then", choice, "activate", "",
     "What happens without an answer", false},
    {File::plan, "teams", table, "", "", "Role in this plan: a team of the roster"},
    {File::plan, "page", section, "", "",
     "Per level, a list of roles or teams; one left out pages as the next milder one"},
    {File::plan, "steps", list, "", "", "What is to be done"},
    {File::plan, "steps[].id", name, "", "required", "Name of the step, once in the plan"},
    {File::plan, "steps[].phase", choice,
     "report | confirm | activate | inform | respond | recover | end | review", "required",
     "When in the life of an incident"},
    {File::plan, "steps[].team", name, "", "required", "Role or team that does it"},
    {File::plan, "steps[].from_level", choice, "IV | III | II | I", "IV", "From this level on"},
    {File::plan, "steps[].within", duration, "0s..30d", "0s", "Time for it; 0s: none set"},
    {File::plan, "steps[].do", bilingual, "", "required", "What to do"},
    {File::plan, "steps[].action", section, "", "", "What a machine does", false},
    {File::plan, "steps[].approval", name, "", "", "Who must allow it", false},
    {File::plan, "notices", list, "", "", "What customers and others are told", false},
    {File::plan, "end", section, "", "", "When an incident is over"},
    {File::plan, "end.when_clear_for", duration, "0s..7d", "15m",
     "Every trigger at none for so long"},
    {File::plan, "end.declared_by", name, "", "",
     "Role or team that must say so too; none: ends by itself"},
    {File::plan, "review", section, "", "", "What is looked at afterwards", false},
    {File::plan, "drill", section, "", "", "How often it is practised", false},
};

// clang-format on

constexpr std::size_t shared_rows =
    std::size(surged_keys) + std::size(site_keys) + std::size(roster_keys) + std::size(plan_keys);

std::vector<Key> joined() {
    std::vector<Key> out;
    out.reserve(shared_rows + source_keys().size() + channel_keys().size());
    const auto append = [&](std::span<const Key> rows) {
        out.insert(out.end(), rows.begin(), rows.end());
    };
    append(surged_keys);
    append(source_keys());
    append(channel_keys());
    append(site_keys);
    append(roster_keys);
    append(plan_keys);
    return out;
}

}  // namespace

std::span<const Key> key_table() {
    static const std::vector<Key> table = joined();
    return table;
}

}  // namespace surged::config
