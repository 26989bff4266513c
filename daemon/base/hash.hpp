// Hashes: a fast running one for effects, CRC32C for journal records, one for tables.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

namespace surged {

/// FNV-1a, 64 bits; `seed` chains calls. Not for keeping secrets.
/// @source http://www.isthe.com/chongo/tech/comp/fnv/
[[nodiscard]] constexpr std::uint64_t fnv1a(
    std::string_view bytes, std::uint64_t seed = 14695981039346656037ULL
) {
    for (const char c : bytes) {
        seed ^= static_cast<std::uint8_t>(c);
        seed *= 1099511628211ULL;
    }
    return seed;
}

/// CRC-32C (Castagnoli), as in iSCSI: crc32c("123456789") = 0xE3069283.
/// @source RFC 3720, appendix B.4
[[nodiscard]] std::uint32_t crc32c(std::string_view bytes, std::uint32_t before = 0);

/// Of a string or a view of one, for tables that are only looked up: it differs between libraries.
struct TextHash {
    using is_transparent = void;
    using is_avalanching = void;  // Boost need not mix it again
    std::size_t operator()(std::string_view text) const {
        return std::hash<std::string_view>{}(text);
    }
};

}  // namespace surged
