#include "store/envelope.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <string>

using namespace surged;
using namespace surged::store;

namespace {

std::string three_records() {
    std::string bytes;
    for (std::uint64_t seq = 1; seq <= 3; ++seq)
        seal(
            bytes,
            {.kind = Kind::input,
             .core = 7,
             .seq = seq,
             .instant = Instant{Micros{-5}},
             .payload = "payload"}
        );
    return bytes;
}
constexpr std::size_t record_bytes = envelope_bytes + 7;

/// Good records before the end or the first fault.
std::pair<std::uint64_t, std::string> read_all(std::string_view bytes) {
    Unsealer unsealer{bytes};
    std::uint64_t count = 0;
    while (const auto e = unsealer.next()) {
        CHECK(e->seq == ++count);
        CHECK(e->payload == "payload");
        CHECK(e->core == 7);
        CHECK(e->kind == Kind::input);
        CHECK(e->instant == Instant{Micros{-5}});
    }
    CHECK_FALSE(unsealer.next().has_value());  // it stays at its end
    return {count, unsealer.fault()};
}

}  // namespace

TEST_CASE("envelope: the layout is the documented one") {
    std::string bytes;
    seal(
        bytes,
        {.kind = Kind::page,
         .format = 1,
         .core = 0x0102,
         .seq = 0x1122334455667788,
         .instant = Instant{Micros{-2}},
         .payload = "ab"}
    );
    const std::string_view want{
        "SRGJ\x02\0\0\0????\x01\0\x02\x01P\0\0\0\x88\x77\x66\x55\x44\x33\x22\x11"
        "\xfe\xff\xff\xff\xff\xff\xff\xff"
        "ab",
        38
    };
    bytes.replace(8, 4, "????");
    CHECK(bytes == want);
}

TEST_CASE("envelope: every cut is seen, and the records before it are good") {
    const std::string whole = three_records();
    CHECK(read_all(whole) == std::pair<std::uint64_t, std::string>{3, ""});
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CAPTURE(size);
        const auto [count, fault] = read_all(std::string_view{whole}.substr(0, size));
        CHECK(count == size / record_bytes);
        CHECK(fault.empty() == (size % record_bytes == 0));
    }
}

TEST_CASE("envelope: every flipped bit is seen, and the records before it are good") {
    for (std::size_t bit = 0; bit < 3 * record_bytes * 8; ++bit) {
        CAPTURE(bit);
        std::string bytes = three_records();
        bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
        const auto [count, fault] = read_all(bytes);
        CHECK(count == bit / 8 / record_bytes);
        CHECK_FALSE(fault.empty());
    }
}

TEST_CASE("envelope: a newer format is refused in words") {
    std::string bytes;
    seal(bytes, {.format = format_version + 1, .seq = 1, .instant = {}, .payload = "x"});
    Unsealer unsealer{bytes};
    CHECK_FALSE(unsealer.next().has_value());
    CHECK(unsealer.fault().find(fmt::format("format {}", format_version + 1)) != std::string::npos);
}

TEST_CASE("envelope: pages and rule sets come back; other bytes do not") {
    const PageRecord page{"P06-hz-1.1", 3, Instant{5us}, std::string("\0\xff", 2)};
    const auto page_back = decode_page(encode_page(page));
    REQUIRE(page_back.has_value());
    CHECK(page_back->page == page.page);
    CHECK(page_back->attempt == 3);
    CHECK(page_back->at == page.at);
    CHECK(page_back->bytes == page.bytes);
    CHECK_FALSE(decode_page("").has_value());
    CHECK_FALSE(decode_page(encode_page(page) + "x").has_value());

    const RulesRecord rules{
        "ab12", "bytes", {{"site.yaml", "text"}, {"plans/P06.yaml", ""}}
    };
    const auto rules_back = decode_rules(encode_rules(rules));
    REQUIRE(rules_back.has_value());
    CHECK(rules_back->sources == rules.sources);
    CHECK_FALSE(decode_rules("\xff\xff\xff\xff\xff").has_value());
}
