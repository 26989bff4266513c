#include "base/codec.hpp"

#include <algorithm>
#include <bit>
#include <doctest/doctest.h>
#include <limits>
#include <string>
#include <string_view>

using namespace surged;

TEST_CASE("codec: a number of any length comes back, at the end and with more behind it") {
    for (unsigned bits = 0; bits <= 64; ++bits) {
        CAPTURE(bits);
        const std::uint64_t most =
            bits == 64 ? std::numeric_limits<std::uint64_t>::max() : (std::uint64_t{1} << bits) - 1;
        for (const std::uint64_t value : {most, most / 2 + 1, most & 0x5555'5555'5555'5555U}) {
            codec::Writer out;
            out.varint(value);
            const std::string bytes = out.bytes();
            // Seven bits a byte and none too many: equal values must give equal bytes.
            CHECK(
                bytes.size() ==
                std::max<std::size_t>(1, static_cast<std::size_t>(std::bit_width(value) + 6) / 7)
            );
            for (const std::string_view behind :
                 {"", "\x7f", "\x80", "\xff\xff\xff\xff\xff\xff\xff\xff"}) {
                const std::string all = bytes + std::string{behind};
                codec::Reader in{all};
                CHECK(in.varint() == value);
                CHECK(in.ok());
                CHECK(in.rest() == behind);
            }
            for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
                codec::Reader in{std::string_view{bytes}.substr(0, cut)};
                CHECK(in.varint() == 0);
                CHECK_FALSE(in.ok());
            }
        }
    }
}

TEST_CASE("codec: a number that never ends is a fault") {
    for (const std::size_t size : {8U, 9U, 10U, 11U, 30U}) {
        CAPTURE(size);
        const std::string endless(size, '\x80');
        codec::Reader in{endless};
        CHECK(in.varint() == 0);
        CHECK_FALSE(in.ok());
        CHECK(in.at_end());
    }
}
