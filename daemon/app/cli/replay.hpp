// surgectl replay: the state of a store at any instant, what fired then and why.
#pragma once

#include "app/cli/common.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace surged::app::cli {

struct ReplayOptions {
    std::string store{"/var/lib/surged"};
    std::string at;  // RFC 3339, or local time of the site; empty: the end of the journal
    std::optional<std::uint64_t> record;  // instead of `at`: behind this input
    bool from_start{false};               // leave the images aside
};
/// Reads only; a running daemon is not disturbed. A finding is a state that is not as it was
/// recorded, or a journal that cannot be read up to there.
[[nodiscard]] Exit replay(const Globals& globals, const ReplayOptions& options);

}  // namespace surged::app::cli
