// The last event ids of a source, so that an event sent twice counts once.
#pragma once

#include "base/codec.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace surged::acd {

/// Exact and bounded: the newest `capacity` ids; an older one is forgotten.
class IdMemory {
public:
    static constexpr std::size_t capacity = 65'536;
    /// Made once of an id that is asked for and then added.
    [[nodiscard]] static std::uint32_t hash_of(std::string_view id);
    [[nodiscard]] bool seen(std::string_view id, std::uint32_t hash) const;
    [[nodiscard]] bool seen(std::string_view id) const { return seen(id, hash_of(id)); }
    /// `id` must not have been seen.
    void add(std::string_view id, std::uint32_t hash);
    void add(std::string_view id) { add(id, hash_of(id)); }
    /// What is read for an id of this hash, to be asked for from memory in time. nullptr: nothing.
    [[nodiscard]] const void* place_of(std::uint32_t hash) const {
        return buckets_.empty() ? nullptr : &buckets_[home_of(hash)];
    }
    /// Where an id will be written to once two more have been; nullptr: that is not known yet.
    [[nodiscard]] const void* room_after_next() const {
        return ids_.size() < capacity ? nullptr : &ids_[(next_ + 2) % capacity];
    }
    [[nodiscard]] std::size_t size() const { return ids_.size(); }
    void write(codec::Writer& out) const;  // oldest first
    void read(codec::Reader& in);

private:
    /// An id that is no longer than nearly all are (a UUID has 36 characters) stands in its place,
    /// not on the heap.
    struct Short {
        static constexpr std::size_t room = 39;
        std::uint8_t size{0};  // more than there is room for: it stands in `long_`
        std::array<char, room> text{};
    };
    [[nodiscard]] std::string_view id_at(std::size_t place) const;
    void put(std::size_t place, std::string_view id);

    /// Ids are numbered as they come; a number is remembered in this many bits.
    static constexpr std::uint32_t number_bits = 20;
    static constexpr std::uint32_t number_mask = (1U << number_bits) - 1;
    /// The ids whose hashes agree in their low bits, in one cache line: to know that an id was not
    /// seen, as nearly all were not, hardly ever takes more. An entry is the high bits of the hash
    /// above the number; that its id has been forgotten since is looked at when room is needed.
    /// Who finds its bucket full stands in one after it.
    struct alignas(64) Bucket {
        static constexpr std::uint32_t room = 14, usual = 8, nobody = ~0U;
        std::array<std::uint32_t, room> entries{};
        std::uint32_t size{0};
        std::uint32_t passed{nobody};  // the last that found it full
    };
    static_assert(sizeof(Bucket) == 64);
    static_assert((number_mask + 1) % capacity == 0, "a number tells the place in the ring");
    [[nodiscard]] static std::uint32_t tag_of(std::uint32_t hash) { return hash & ~number_mask; }
    [[nodiscard]] std::size_t home_of(std::uint32_t hash) const { return hash & mask(); }
    [[nodiscard]] std::size_t after(std::size_t bucket) const { return (bucket + 1) & mask(); }
    [[nodiscard]] std::size_t mask() const { return buckets_.size() - 1; }
    /// Of a number in an entry, or of one that passed.
    [[nodiscard]] bool is_remembered(std::uint32_t number) const;
    void link(std::uint32_t hash, std::uint32_t number);
    void sweep(Bucket& bucket) const;
    void grow(std::size_t count);
    std::vector<Short> ids_;                             // by number; a ring once full
    std::unordered_map<std::size_t, std::string> long_;  // by their place in it
    std::vector<Bucket> buckets_;  // a power of two; eight ids in each on average, at most
    std::uint32_t next_{0};        // number
};

}  // namespace surged::acd
