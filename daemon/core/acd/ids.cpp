#include "core/acd/ids.hpp"

#include <algorithm>
#include <bit>
#include <functional>
#include <utility>

namespace surged::acd {

std::uint32_t IdMemory::hash_of(std::string_view id) {
    return static_cast<std::uint32_t>(std::hash<std::string_view>{}(id));
}

bool IdMemory::seen(std::string_view id, std::uint32_t hash) const {
    if (places_.empty()) return false;
    const std::uint16_t tag = place_of(hash, 0).tag;
    for (std::size_t at = home_of(hash); places_[at].tag != 0; at = after(at))
        if (places_[at].tag == tag && ids_[places_[at].slot] == id) return true;
    return false;
}

void IdMemory::add(std::string_view id, std::uint32_t hash) {
    if (ids_.size() < capacity) return append(std::string{id}, hash);
    const std::size_t slot = oldest_;
    unlink(slot);
    ids_[slot].assign(id);
    hashes_[slot] = hash;
    link(slot);
    oldest_ = (oldest_ + 1) % capacity;
}

void IdMemory::append(std::string id, std::uint32_t hash) {
    ids_.push_back(std::move(id));
    hashes_.push_back(hash);
    if (2 * ids_.size() > places_.size()) return grow(ids_.size());
    link(ids_.size() - 1);
}

void IdMemory::link(std::size_t slot) {
    std::size_t at = home_of(hashes_[slot]);
    while (places_[at].tag != 0) at = after(at);
    places_[at] = place_of(hashes_[slot], slot);
}

void IdMemory::unlink(std::size_t slot) {
    std::size_t free = home_of(hashes_[slot]);
    while (places_[free] != place_of(hashes_[slot], slot)) free = after(free);
    // Who stands behind may have been pushed there from this place or from before it: those move
    // up.
    for (std::size_t at = after(free); places_[at].tag != 0; at = after(at)) {
        const std::size_t pushed = (at - home_of(hashes_[places_[at].slot])) & mask();
        if (pushed < ((at - free) & mask())) continue;
        places_[free] = places_[at];
        free = at;
    }
    places_[free] = {};
}

void IdMemory::grow(std::size_t count) {
    places_.assign(std::bit_ceil(std::max<std::size_t>(2 * count, 16)), {});
    for (std::size_t slot = 0; slot < ids_.size(); ++slot) link(slot);
}

void IdMemory::write(codec::Writer& out) const {
    out(ids_.size());
    for (std::size_t i = 0; i < ids_.size(); ++i) out(ids_[(oldest_ + i) % ids_.size()]);
}

void IdMemory::read(codec::Reader& in) {
    *this = {};
    std::size_t count = 0;
    in(count);
    if (count > capacity) return in.fault();
    ids_.reserve(count);
    hashes_.reserve(count);
    if (count > 0) grow(count);
    for (; count > 0 && in.ok(); --count) {
        std::string id;
        in(id);
        const std::uint32_t hash = hash_of(id);
        if (!seen(id, hash)) append(std::move(id), hash);
    }
}

}  // namespace surged::acd
