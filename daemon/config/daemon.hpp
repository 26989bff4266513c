// surged.yaml as checked values. Paths are absolute; *_file have been found but not read, except
// that a check needs no secret.
#pragma once

#include "base/error.hpp"
#include "config/channel.hpp"
#include "config/source.hpp"
#include "core/plan/rules.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace surged::config {

struct Token {
    std::string name;
    std::string role;  // reader, source, responder, operator
    std::string site;  // empty: any
    std::string secret_file;
};
struct Http {
    std::string address{"127.0.0.1"};
    std::uint16_t port{9469};
    std::string public_url;
    Micros thresholds_by_link{0};  // the longest that they may hold; 0: none by a link
    std::vector<Token> tokens;
};
struct Store {
    std::string path{"/var/lib/surged"};
    Micros retention{std::chrono::days{30}};
    std::size_t pack_commits{1000};
    bool record_state_hash{false};  // test setting: the state hash with each commit
    Micros snapshot_every{10min};
};
struct Daemon {
    Http http;
    Store store;
    std::string rules_path;
    bool rules_watch{false};
    plan::Limits limits;
    std::vector<Source> sources;
    std::vector<Channel> channels;
};

/// One mistake and where. Lines and columns count from 1; 0 where the file as a whole is meant.
struct Diagnostic {
    std::string file;
    int line{0}, column{0};
    std::string what, expected, suggestion;  // suggestion: the nearest known word, or empty
    [[nodiscard]] std::string text() const;  // file:line:column: what; expected …; did you mean …
};
using Diagnostics = std::vector<Diagnostic>;

/// `sets`: dotted path → value, as from --set. All mistakes at once, or a Daemon.
[[nodiscard]] tl::expected<Daemon, Diagnostics> load_daemon(
    const std::string& file, const std::vector<std::pair<std::string, std::string>>& sets
);

struct LoadedRules {
    plan::RuleSet rules;
    std::string bytes;                                         // canonical
    std::string hash;                                          // hex SHA-256 of bytes
    std::vector<std::pair<std::string, std::string>> sources;  // path below the folder, text
    Diagnostics warnings;
    Diagnostics advice;  // what is legal but foolish: for a check, not for a start
};
/// Reads site.yaml, roster.yaml, notices.yaml (if there) and plans/*.yaml under `folder`.
/// `daemon`: cross-checks (channels, sources named by rules, limits, public_url); nullptr: a check
/// of the folder alone, where every channel or source name passes.
[[nodiscard]] tl::expected<LoadedRules, Diagnostics> load_rules(
    const std::string& folder, const Daemon* daemon
);

/// Looks for `file` in $CREDENTIALS_DIRECTORY first (its base name, then FOLDER_BASENAME, so named
/// by systemd), then as given. Trailing line breaks are cut. Never put the result into an error or
/// a log.
[[nodiscard]] Result<std::string> read_secret(const std::string& file);
/// The file that read_secret reads.
[[nodiscard]] std::string secret_path(const std::string& file);

struct SecretsFound {
    Diagnostics mistakes;  // not there, not readable, empty: surged would not start
    Diagnostics warnings;  // everybody may read it
    std::size_t read{0};
};
/// Reads every secret that `file`, a good surged.yaml, names, each at the place of its key.
[[nodiscard]] SecretsFound check_secrets(
    const std::string& file, const std::vector<std::pair<std::string, std::string>>& sets
);

}  // namespace surged::config
