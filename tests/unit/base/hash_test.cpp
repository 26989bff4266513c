#include "base/hash.hpp"

#include <cstdint>
#include <doctest/doctest.h>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

TEST_CASE("hash: published vectors") {
    CHECK(surged::crc32c("123456789") == 0xE3069283U);
    CHECK(surged::crc32c("6789", surged::crc32c("12345")) == 0xE3069283U);
    CHECK(surged::fnv1a("a") == 0xaf63dc4c8601ec8cULL);
}

TEST_CASE("hash: texts of any length fall apart in the low and in the high bits") {
    // Numbered, as ids are; and all prefixes of one text, so that every length and tail is there.
    std::vector<std::string> texts{
        std::string(3, '\0'), std::string(4, '\0'), std::string(9, '\0')
    };
    for (int number = 0; number < 4'096; ++number)
        for (const char* head : {"", "c-", "PJSIP/", "sim-1794308400000-"})
            texts.push_back(head + std::to_string(number));
    std::string text;
    for (char c = ' '; c < '~'; ++c) texts.push_back(text += c);
    const std::set<std::string> different(texts.begin(), texts.end());
    std::map<std::uint64_t, int> low, high;
    for (const std::string& one : different) {
        const std::uint64_t hash = surged::TextHash{}(one);
        CHECK(hash == surged::TextHash{}(std::string_view{one}));
        ++low[hash & 0xfff];
        ++high[hash >> 52];
    }
    // Four a place on average: as often as chance would have it, never in heaps.
    for (const auto& places : {low, high}) {
        CHECK(places.size() > 3'900);
        for (const auto& [place, count] : places) CHECK(count < 20);
    }
}
