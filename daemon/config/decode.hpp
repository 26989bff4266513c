// From trees to values: one function per file. Inside the library only; others see daemon.hpp.
#pragma once

#include "config/cursor.hpp"
#include "config/daemon.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace surged::config {

/// surged.yaml. `folder` is what its relative paths are relative to.
[[nodiscard]] Daemon decode_daemon(const Cursor& top, const std::string& folder);
/// One entry of `sources` or `channels`; nullopt if its type is unknown or not built yet
/// (reported).
[[nodiscard]] std::optional<Source> decode_source(
    const std::string& name, const Cursor& at, const std::string& folder
);
[[nodiscard]] std::optional<Channel> decode_channel(
    const std::string& name, const Cursor& at, const std::string& folder
);
[[nodiscard]] StatsdSource decode_statsd(const Cursor& at);
[[nodiscard]] PrometheusSource decode_prometheus(const Cursor& at, const std::string& folder);
[[nodiscard]] CsvSource decode_csv(const Cursor& at, const std::string& folder);
/// "127.0.0.1:9469", "localhost:0", "[::1]:9469".
[[nodiscard]] Parsed<std::pair<std::string, std::uint16_t>> parse_listen(std::string_view text);
/// The map that `key` names: a shipped one by its name, else a file. Everything wrong with it is
/// reported, with its place in that file.
[[nodiscard]] DocumentMap decode_map(
    const Cursor& at, std::string_view key, const std::string& folder
);
/// The text of a map that comes with surged, by its name.
struct ShippedMap {
    std::string_view name, text;
};
[[nodiscard]] std::span<const ShippedMap> shipped_maps();
/// A word or a list of words at `key`; none if absent.
[[nodiscard]] std::vector<std::string> words_at(const Cursor& at, std::string_view key);
/// A map of words at `key`, each side as it is written.
[[nodiscard]] std::map<std::string, std::string> table_at(const Cursor& at, std::string_view key);
/// At most `most` bytes of a regular file, plus one if there are more: never waits on a pipe.
[[nodiscard]] Result<std::string> read_file(const std::string& path, std::size_t most);

/// The `type` of a source or channel, and the cursor that reads the keys which that type has. The
/// keys were checked; nullopt: reported.
struct Typed {
    std::string type;
    Cursor at;
};
[[nodiscard]] std::optional<Typed> typed(const Cursor& at);
/// `text` as an absolute path; relative ones start at `folder`. "" stays "".
[[nodiscard]] std::string absolute(const std::string& folder, const std::string& text);
[[nodiscard]] std::string path_of(
    const std::string& folder, const Cursor& at, std::string_view key
);
/// An http or https URL without user, password or blanks; "" if absent or wrong (reported).
[[nodiscard]] std::string url_of(const Cursor& at, std::string_view key);
/// The same of a value itself: an item of a list.
[[nodiscard]] std::string url_here(const Cursor& value);
/// A host name or an address; reported if it looks like anything else.
[[nodiscard]] std::string host_of(const Cursor& at, std::string_view key);
/// Puts `value` at the dotted `path` of a tree of surged.yaml, as if it stood there.
void apply_set(
    Document& document, const std::string& path, const std::string& value, Report& report
);

/// Reads a file that a rule file names, by its path relative to the rules folder.
using FileReader = std::function<Parsed<std::string>(const std::string& path)>;
/// site.yaml; `daemon` may be null.
[[nodiscard]] plan::Site decode_site(
    const Cursor& top, const Daemon* daemon, const FileReader& read
);
[[nodiscard]] plan::Calendars decode_calendars(const Cursor& at, const FileReader& read);
/// The days of an iCalendar file; `only`: of events with this text in their title, "": all.
[[nodiscard]] Parsed<std::vector<plan::Calendar::Span>> parse_ics(
    std::string_view text, std::string_view only
);

struct Roster {
    std::map<std::string, plan::Person> people;
    std::map<std::string, plan::Team> teams;
};
/// roster.yaml. `language` is for people without one; `daemon` and `calendars` may be null. What is
/// not an error but will surprise goes to `warnings`.
[[nodiscard]] Roster decode_roster(
    const Cursor& top,
    plan::Language language,
    const Daemon* daemon,
    const plan::Calendars* calendars,
    Report& warnings
);

/// What a plan may refer to; a null pointer: unknown, every name passes.
struct PlanContext {
    const Roster* roster{nullptr};
    const plan::Site* site{nullptr};
    const Daemon* daemon{nullptr};
    Report* warnings{nullptr};
    const std::map<std::string, plan::Bilingual>* texts{nullptr};  // of notices.yaml
    const std::vector<plan::KindRule>* kinds{nullptr};             // of the plan that is read
    std::uint8_t channels{0};  // that the plan watches: a bit per acd::Channel; 0: all
};
/// One file of plans/.
[[nodiscard]] plan::Plan decode_plan(const Cursor& top, const PlanContext& context);
/// A trigger's condition; `members` deep inside all, any and not.
[[nodiscard]] plan::Condition decode_condition(
    const Cursor& at, const PlanContext& context, int depth
);
/// A leaf and its overrides.
void decode_leaf(const Cursor& at, const PlanContext& context, plan::Condition& out);

/// Offsets of an IANA zone from 2020 to 2040.
/// @return the nearest known name as Complaint::suggestion if there is no such zone
[[nodiscard]] Parsed<plan::Zone> load_zone(std::string_view name);

}  // namespace surged::config
