// What may be kept of a payload for a look: its shape, and the words that the map asks about.
#pragma once

#include "base/document_map.hpp"
#include "io/source/webhook/payload.hpp"

#include <string>

namespace surged::io::hook {

/// The tree as JSON of at most 4 KiB, in which every text and number is replaced by what it is
/// ("text, 12 bytes"), except the words that the map's `when`, `unless` and `type` look at: those
/// are what somebody who mends a map wants to see, and no person's data.
[[nodiscard]] std::string redacted(const DocumentMap& map, Payload& payload);

}  // namespace surged::io::hook
