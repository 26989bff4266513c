#include "core/acd/ids.hpp"

#include "base/hash.hpp"

#include <algorithm>
#include <bit>

namespace surged::acd {

std::uint32_t IdMemory::hash_of(std::string_view id) {
    return static_cast<std::uint32_t>(TextHash{}(id));
}

bool IdMemory::seen(std::string_view id, std::uint32_t hash) const {
    if (buckets_.empty()) return false;
    const std::uint32_t tag = tag_of(hash);
    const std::size_t home = home_of(hash);
    std::size_t at = home;
    do {
        const Bucket& bucket = buckets_[at];
        for (std::uint32_t i = 0; i < bucket.size; ++i)
            if (tag_of(bucket.entries[i]) == tag && id_at(bucket.entries[i] % capacity) == id)
                return true;
        if (!is_remembered(bucket.passed)) return false;
        at = after(at);
    } while (at != home);
    return false;
}

std::string_view IdMemory::id_at(std::size_t place) const {
    const Short& id = ids_[place];
    if (id.size <= Short::room) return {id.text.data(), id.size};
    return long_.at(place);
}

void IdMemory::put(std::size_t place, std::string_view id) {
    Short& own = ids_[place];
    if (own.size > Short::room) long_.erase(place);
    own.size = static_cast<std::uint8_t>(std::min(id.size(), Short::room + 1));
    if (own.size <= Short::room)
        std::copy(id.begin(), id.end(), own.text.begin());
    else
        long_.emplace(place, id);
}

void IdMemory::add(std::string_view id, std::uint32_t hash) {
    if (ids_.size() < capacity) {
        const std::size_t size = ids_.size() + 1;
        if (size > Bucket::usual * buckets_.size()) grow(size);
        ids_.emplace_back();
    }
    put(next_ % capacity, id);
    const std::uint32_t number = next_;
    next_ = (next_ + 1) & number_mask;
    link(hash, number);
    // Before a number comes again nothing must bear it any more, or what was forgotten would hold
    // room, and link() might find none.
    if (next_ % (number_mask / 2 + 1) == 0)
        for (Bucket& bucket : buckets_) sweep(bucket);
}

bool IdMemory::is_remembered(std::uint32_t number) const {
    if (number == Bucket::nobody) return false;
    return ((next_ - 1 - number) & number_mask) < ids_.size();
}

void IdMemory::link(std::uint32_t hash, std::uint32_t number) {
    for (std::size_t at = home_of(hash);; at = after(at)) {
        Bucket& bucket = buckets_[at];
        if (bucket.size == Bucket::room) sweep(bucket);
        if (bucket.size < Bucket::room) {
            bucket.entries[bucket.size] = tag_of(hash) | number;
            ++bucket.size;
            return;
        }
        bucket.passed = number;
    }
}

void IdMemory::sweep(Bucket& bucket) const {
    std::uint32_t size = 0;
    for (std::uint32_t i = 0; i < bucket.size; ++i)
        if (is_remembered(bucket.entries[i] & number_mask))
            bucket.entries[size++] = bucket.entries[i];
    bucket.size = size;
    if (!is_remembered(bucket.passed)) bucket.passed = Bucket::nobody;
}

/// Room for so many; all that are there are put in.
void IdMemory::grow(std::size_t count) {
    buckets_.assign(std::bit_ceil((count + Bucket::usual - 1) / Bucket::usual), {});
    for (std::uint32_t number = 0; number < next_; ++number) link(hash_of(id_at(number)), number);
}

void IdMemory::write(codec::Writer& out) const {
    out(ids_.size());
    const std::size_t oldest = ids_.size() < capacity ? 0 : next_;
    for (std::size_t i = 0; i < ids_.size(); ++i) out(id_at((oldest + i) % ids_.size()));
}

void IdMemory::read(codec::Reader& in) {
    *this = {};
    std::size_t count = 0;
    in(count);
    if (count > capacity) return in.fault();
    ids_.reserve(count);
    if (count > 0) grow(count);
    for (; count > 0 && in.ok(); --count) {
        std::string id;
        in(id);
        const std::uint32_t hash = hash_of(id);
        if (!seen(id, hash)) add(id, hash);
    }
}

}  // namespace surged::acd
