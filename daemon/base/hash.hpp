// Hashes: a fast running one for effects, CRC32C for journal records.
#pragma once

#include <cstdint>
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

}  // namespace surged
