// What some channels must know beside the page: which of its incident was their first, and which
// incidents stand. Read off the const engine, between steps.
#pragma once

#include "core/engine/engine.hpp"
#include "io/channel/alertmanager/send.hpp"

#include <string>
#include <vector>

namespace surged::app {

/// The page of the first attempt that `page`'s channel made for its incident; "" if it made none.
[[nodiscard]] std::string first_page(const engine::Engine& engine, const delivery::Page& page);

/// The incidents that `channel` has paged for, each by its newest page, as long as they stand and
/// for told_after_end beyond.
/// @cost  O(incidents kept · log pages + pages of the channel's own incidents)
[[nodiscard]] std::vector<io::alertmanager::Standing> standing(
    const engine::Engine& engine, const std::string& channel
);

}  // namespace surged::app
