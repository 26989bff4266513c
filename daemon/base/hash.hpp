// Hashes: a fast running one for effects, CRC32C for journal records, one for tables.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
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

/// Of a string or a view of one, for tables that are only looked up: it differs with the byte order
/// of the machine. Eight bytes at a time are multiplied and the halves of the product folded.
/// @source https://github.com/wangyi-fudan/wyhash, its constants and its multiplication
struct TextHash {
    using is_transparent = void;
    using is_avalanching = void;  // Boost need not mix it again
    std::size_t operator()(std::string_view text) const {
        std::uint64_t hash = 0xa076'1d64'78bd'642fULL ^ text.size();
        const std::size_t size = text.size();
        const char* const begin = text.data();
        if (size >= 8) {
            for (std::size_t at = 0; at + 8 < size; at += 8)
                hash = folded(hash ^ bytes_of<std::uint64_t>(begin + at), 0xe703'7ed1'a0b4'28dbULL);
            hash ^= bytes_of<std::uint64_t>(begin + size - 8);  // some of them may be in it already
        } else if (size >= 4) {
            hash ^= bytes_of<std::uint32_t>(begin);
            hash ^= std::uint64_t{bytes_of<std::uint32_t>(begin + size - 4)} << 32;
        } else if (size > 0) {
            for (const std::size_t at : {std::size_t{0}, size / 2, size - 1})
                hash = (hash << 8) ^ static_cast<std::uint8_t>(begin[at]);
        }
        return folded(hash, 0x8ebc'6af0'9c88'c6e3ULL);
    }

private:
    __extension__ using Wide = unsigned __int128;
    static std::uint64_t folded(std::uint64_t a, std::uint64_t b) {
        const Wide product = Wide{a} * b;
        return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    }
    template <class Word>
    static Word bytes_of(const char* at) {
        Word word = 0;
        std::memcpy(&word, at, sizeof word);
        return word;
    }
};

}  // namespace surged
