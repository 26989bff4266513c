// The rows of the key table.
#include "config/key_rows.hpp"

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
    {File::surged, "http.thresholds_by_link", duration, "0s..4h", "0s",
     "How long thresholds may hold that a paged person raises by the link of his page; 0s: no link "
     "raises any"},
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
    {File::surged, "store.pack_commits", integer, "2..10000", "1000",
     "Commits of a compressed pack; as many of the newest stay as they came"},
    {File::surged, "store.record_state_hash", boolean, "", "false",
     "For tests: the hash of the state with each commit"},
    {File::surged, "rules", section, "", "", "The rules folder"},
    {File::surged, "rules.path", path, "", "/etc/surged/rules",
     "Folder with site.yaml, roster.yaml and plans/"},
    {File::surged, "rules.watch", boolean, "", "false",
     "Loads the rules again when a file in the folder has changed"},
    {File::surged, "limits", section, "", "",
     "What is beyond them is rejected with reason limit, and said once"},
    {File::surged, "limits.queues", integer, "1..1000000", "10000", "Queues known at a time"},
    {File::surged, "limits.open_calls", integer, "1..10000000", "100000", "Calls open at a time"},
    {File::surged, "limits.call_ttl", duration, "1m..7d", "6h",
     "A call of which nothing is heard for so long is dropped"},
    {File::surged, "limits.mail_ttl", duration, "1m..365d", "14d",
     "The same of an e-mail or a contact in social media"},
    {File::surged, "limits.queue_ttl", duration, "1m..365d", "24h",
     "A queue of which nothing is heard for so long is dropped"},
    {File::surged, "limits.lateness", duration, "0s..24h", "5m",
     "An event older than this counts as late, not in the windows"},
};

// clang-format on

std::vector<Key> joined() {
    std::vector<Key> out;
    for (const std::span<const Key> rows :
         {std::span<const Key>{surged_keys},
          source_keys(),
          channel_keys(),
          site_keys(),
          roster_keys(),
          plan_keys(),
          playbook_keys(),
          notice_keys(),
          map_keys(),
          test_keys()})
        out.insert(out.end(), rows.begin(), rows.end());
    return out;
}

}  // namespace

std::span<const Key> key_table() {
    static const std::vector<Key> table = joined();
    return table;
}

}  // namespace surged::config
