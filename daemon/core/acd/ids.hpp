// The last event ids of a source, so that an event sent twice counts once.
#pragma once

#include "base/codec.hpp"

#include <cstdint>
#include <string>
#include <string_view>
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
    [[nodiscard]] std::size_t size() const { return ids_.size(); }
    void write(codec::Writer& out) const;  // oldest first
    void read(codec::Reader& in);

private:
    /// Where an id is remembered, with a part of its hash: a look that finds nothing, as nearly
    /// all, reads one cache line of this table, which is kept small, and no id. 0: nowhere.
    struct Place {
        std::uint16_t tag{0}, slot{0};
        bool operator==(const Place&) const = default;
    };
    static_assert(capacity == 1U << 16U, "a slot has sixteen bits");
    [[nodiscard]] static Place place_of(std::uint32_t hash, std::size_t slot) {
        return {static_cast<std::uint16_t>((hash >> 16U) | 1U), static_cast<std::uint16_t>(slot)};
    }
    [[nodiscard]] std::size_t home_of(std::uint32_t hash) const { return hash & mask(); }
    [[nodiscard]] std::size_t after(std::size_t place) const { return (place + 1) & mask(); }
    [[nodiscard]] std::size_t mask() const { return places_.size() - 1; }
    void append(std::string id, std::uint32_t hash);
    void link(std::size_t slot);
    void unlink(std::size_t slot);
    void grow(std::size_t count);
    std::vector<std::string> ids_;       // a ring once full
    std::vector<std::uint32_t> hashes_;  // beside ids_
    std::vector<Place> places_;          // a power of two, at most half of it in use
    std::size_t oldest_{0};
};

}  // namespace surged::acd
