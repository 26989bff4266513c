// The receiver's side of a signed webhook: used by `surgectl receive` and by inbound hooks. Pure.
#pragma once

#include "base/time.hpp"

#include <cstdint>
#include <string_view>

namespace surged::io::webhook {

enum class Verdict : std::uint8_t {
    good,
    unsigned_,        // no signature where one is needed
    bad_signature,    // none of those given fits
    stale_timestamp,  // more than five minutes from now, or not a number
};
[[nodiscard]] std::string_view name_of(Verdict verdict);

/// The three headers of Standard Webhooks as they came.
struct Stamp {
    std::string_view id, timestamp, signature;
};

/// @param secret  as configured (whsec_… or plain); empty: only the timestamp is looked at
/// @param signatures  may hold several, separated by blanks, while keys are rotated
[[nodiscard]] Verdict verify(
    std::string_view secret, const Stamp& stamp, std::string_view body, Wall now
);

}  // namespace surged::io::webhook
