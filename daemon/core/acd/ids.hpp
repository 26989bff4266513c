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
    [[nodiscard]] bool seen(std::string_view id) const;
    /// `id` must not have been seen.
    void add(std::string_view id);
    [[nodiscard]] std::size_t size() const { return ids_.size(); }
    void write(codec::Writer& out) const;  // oldest first
    void read(codec::Reader& in);

private:
    static constexpr std::uint32_t none = 0xffff'ffff;
    [[nodiscard]] static std::uint32_t hash_of(std::string_view id);
    [[nodiscard]] std::size_t bucket_of(std::uint32_t hash) const {
        return hash & (heads_.size() - 1);
    }
    [[nodiscard]] bool holds(std::string_view id, std::uint32_t hash) const;
    void append(std::string id, std::uint32_t hash);
    void link(std::uint32_t slot);
    void unlink(std::uint32_t slot);
    void grow();
    std::vector<std::string> ids_;  // a ring once full
    /// Apart from the ids: a look-up that finds nothing, as nearly all, reads none of them.
    struct Chain {
        std::uint32_t hash, next;  // in the same bucket
    };
    std::vector<Chain> chain_;          // beside ids_
    std::vector<std::uint32_t> heads_;  // a power of two
    std::uint32_t oldest_{0};
};

}  // namespace surged::acd
