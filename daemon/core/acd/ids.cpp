#include "core/acd/ids.hpp"

#include <bit>
#include <functional>
#include <utility>

namespace surged::acd {

std::uint32_t IdMemory::hash_of(std::string_view id) {
    return static_cast<std::uint32_t>(std::hash<std::string_view>{}(id));
}

bool IdMemory::seen(std::string_view id) const { return !heads_.empty() && holds(id, hash_of(id)); }

bool IdMemory::holds(std::string_view id, std::uint32_t hash) const {
    for (std::uint32_t slot = heads_[bucket_of(hash)]; slot != none; slot = chain_[slot].next)
        if (chain_[slot].hash == hash && ids_[slot] == id) return true;
    return false;
}

void IdMemory::add(std::string_view id) {
    if (ids_.size() < capacity) return append(std::string{id}, hash_of(id));
    const std::uint32_t slot = oldest_;
    unlink(slot);
    ids_[slot].assign(id);
    chain_[slot].hash = hash_of(id);
    link(slot);
    oldest_ = static_cast<std::uint32_t>((oldest_ + 1) % capacity);
}

void IdMemory::append(std::string id, std::uint32_t hash) {
    ids_.push_back(std::move(id));
    chain_.push_back({hash, none});
    if (ids_.size() > heads_.size()) return grow();
    link(static_cast<std::uint32_t>(ids_.size() - 1));
}

void IdMemory::link(std::uint32_t slot) {
    std::uint32_t& head = heads_[bucket_of(chain_[slot].hash)];
    chain_[slot].next = head;
    head = slot;
}

void IdMemory::unlink(std::uint32_t slot) {
    std::uint32_t* at = &heads_[bucket_of(chain_[slot].hash)];
    while (*at != slot) at = &chain_[*at].next;
    *at = chain_[slot].next;
}

void IdMemory::grow() {
    heads_.assign(heads_.empty() ? 16 : heads_.size() * 2, none);
    for (std::uint32_t slot = 0; slot < ids_.size(); ++slot) link(slot);
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
    chain_.reserve(count);
    if (count > 0) heads_.assign(std::bit_ceil(count), none);
    for (; count > 0 && in.ok(); --count) {
        std::string id;
        in(id);
        const std::uint32_t hash = hash_of(id);
        if (!holds(id, hash)) append(std::move(id), hash);
    }
}

}  // namespace surged::acd
