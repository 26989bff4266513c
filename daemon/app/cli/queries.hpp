// The commands that ask a running surged, or tell it something, over its HTTP API.
#pragma once

#include "app/cli/common.hpp"

#include <string>

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
/// The rules again; a finding with every mistake if they are wrong (the old ones stay).
[[nodiscard]] Exit reload(const Globals& globals);

}  // namespace surged::app::cli
