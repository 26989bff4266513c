// From trees to values: one function per file. Inside the library only; others see daemon.hpp.
#pragma once

#include "config/cursor.hpp"
#include "config/daemon.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace surged::config {

/// surged.yaml. `folder` is what its relative paths are relative to.
[[nodiscard]] Daemon decode_daemon(const Cursor& top, const std::string& folder);
/// Puts `value` at the dotted `path` of a tree of surged.yaml, as if it stood there.
void apply_set(
    Document& document, const std::string& path, const std::string& value, Report& report
);

/// site.yaml; `daemon` may be null.
[[nodiscard]] plan::Site decode_site(const Cursor& top, const Daemon* daemon);

struct Roster {
    std::map<std::string, plan::Person> people;
    std::map<std::string, plan::Team> teams;
};
/// roster.yaml. `language` is for people without one; `daemon` may be null. What is not an error
/// but will surprise goes to `warnings`.
[[nodiscard]] Roster decode_roster(
    const Cursor& top, plan::Language language, const Daemon* daemon, Report& warnings
);

/// What a plan may refer to; a null pointer: unknown, every name passes.
struct PlanContext {
    const Roster* roster{nullptr};
    const plan::Site* site{nullptr};
    const Daemon* daemon{nullptr};
    Report* warnings{nullptr};
};
/// One file of plans/.
[[nodiscard]] plan::Plan decode_plan(const Cursor& top, const PlanContext& context);
/// A trigger's condition; `members` deep inside all, any and not.
[[nodiscard]] plan::Condition decode_condition(
    const Cursor& at, const PlanContext& context, int depth
);
/// A leaf and its overrides.
void decode_leaf(const Cursor& at, plan::Condition& out);

/// Offsets of an IANA zone from 2020 to 2040.
/// @return the nearest known name as Complaint::suggestion if there is no such zone
[[nodiscard]] Parsed<plan::Zone> load_zone(std::string_view name);

}  // namespace surged::config
