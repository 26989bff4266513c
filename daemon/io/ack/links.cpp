#include "io/ack/links.hpp"

#include "base/assert.hpp"

#include <utility>

namespace surged::io::ack {

Links::Links(std::vector<Key> keys, std::string public_url, Micros hold_most)
    : keys_{std::move(keys)}, public_url_{std::move(public_url)}, hold_most_{hold_most} {
    SURGED_ASSERT(!keys_.empty());
    while (public_url_.ends_with('/')) public_url_.pop_back();
}

std::string Links::of(const delivery::Page& page) const {
    if (public_url_.empty() || page.incident.empty()) return {};  // a notice takes no answer
    Claim claim;
    claim.page = page.id;
    claim.person = page.person;
    if (hold_most_ > Micros{0}) claim.actions |= static_cast<std::uint8_t>(Action::raise);
    claim.expires_s = (page.content.created.us + link_life.count()) / 1'000'000;
    return public_url_ + "/a/" + seal(std::move(claim), keys_.front());
}

}  // namespace surged::io::ack
