// Varints of up to eight bytes, all of one at once: a time in microseconds is one. LEB128: seven
// bits a byte, the low ones first; all but the last byte have their high bit set.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace surged::leb128 {

struct Bytes {
    std::array<char, 8> bytes;
    std::size_t size;
};
/// Of 1 ≤ `value` < 2^56.
[[nodiscard]] inline Bytes of_eight(std::uint64_t value) {
    const auto size = static_cast<std::size_t>(std::bit_width(value) + 6) / 7;
    // Fifty-six bits become twenty-eights, fourteens, and sevens in a byte each.
    value = (value & 0x0000'0000'0fff'ffffU) | ((value & 0x00ff'ffff'f000'0000U) << 4U);
    value = (value & 0x0000'3fff'0000'3fffU) | ((value & 0x0fff'c000'0fff'c000U) << 2U);
    value = (value & 0x007f'007f'007f'007fU) | ((value & 0x3f80'3f80'3f80'3f80U) << 1U);
    const std::uint64_t before_the_last = (std::uint64_t{1} << (8 * (size - 1))) - 1;
    value |= 0x8080'8080'8080'8080U & before_the_last;
    if constexpr (std::endian::native == std::endian::big) value = __builtin_bswap64(value);
    Bytes out{{}, size};
    std::memcpy(out.bytes.data(), &value, out.bytes.size());
    return out;
}

struct Value {
    std::uint64_t value;
    std::size_t size;  // 0: it does not end within eight bytes
};
/// What begins at `at`, where eight bytes must be there to be read.
[[nodiscard]] inline Value in_eight(const char* at) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, at, 8);
    if constexpr (std::endian::native == std::endian::big) bytes = __builtin_bswap64(bytes);
    const std::uint64_t ends = ~bytes & 0x8080'8080'8080'8080U;
    if (ends == 0) return {0, 0};
    const int bits = std::countr_zero(ends) + 1;
    bytes &= (~std::uint64_t{0} >> (64 - bits)) & 0x7f7f'7f7f'7f7f'7f7fU;
    // Sevens of bits become fourteens, twenty-eights, and one.
    bytes = (bytes & 0x007f'007f'007f'007fU) | ((bytes & 0x7f00'7f00'7f00'7f00U) >> 1U);
    bytes = (bytes & 0x0000'3fff'0000'3fffU) | ((bytes & 0x3fff'0000'3fff'0000U) >> 2U);
    bytes = (bytes & 0x0000'0000'0fff'ffffU) | ((bytes & 0x0fff'ffff'0000'0000U) >> 4U);
    return {bytes, static_cast<std::size_t>(bits) / 8};
}

}  // namespace surged::leb128
