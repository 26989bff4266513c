// The commands that ask a running surged, or tell it something, over its HTTP API.
#pragma once

#include "app/cli/common.hpp"

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace surged::app::cli {

/// Whether it is well: its parts, its sources. A finding if a part is not.
[[nodiscard]] Exit status(const Globals& globals);
[[nodiscard]] Exit queues(const Globals& globals);
/// `all`: the settled ones too.
[[nodiscard]] Exit pages(const Globals& globals, bool all);
[[nodiscard]] Exit acknowledge(
    const Globals& globals, const std::string& page, const std::string& by
);
[[nodiscard]] Exit incident_list(const Globals& globals, bool all);
[[nodiscard]] Exit incident_show(const Globals& globals, const std::string& id);
[[nodiscard]] Exit incident_end(
    const Globals& globals, const std::string& id, const std::string& by, const std::string& why
);
/// A command to one incident: `verb` is activate, decline, level, note or steps/ID; `body` its
/// JSON.
[[nodiscard]] Exit incident_command(
    const Globals& globals, const std::string& id, const std::string& verb, const std::string& body
);
/// A JSON object of texts; empty ones are left out.
[[nodiscard]] std::string json_of(std::initializer_list<std::pair<const char*, std::string>> members
);
struct ReportOptions {
    std::string kind, by, plan, level, queue, place, scope, cause, text;
};
/// Reports that something happened: the plans that it starts.
[[nodiscard]] Exit report(const Globals& globals, const ReportOptions& options);
struct ThresholdOptions {
    std::string plan, trigger, queue, lasts, by, why;
    std::vector<std::string> levels;  // III=0.4
};
/// Sets a trigger's thresholds for a while; without levels: takes them back.
[[nodiscard]] Exit threshold(const Globals& globals, const ThresholdOptions& options);
/// Those in force, by whom and until when.
[[nodiscard]] Exit threshold_list(const Globals& globals);
[[nodiscard]] Exit plan_list(const Globals& globals);

}  // namespace surged::app::cli
