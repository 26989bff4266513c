#include "store/envelope.hpp"

#include "base/assert.hpp"
#include "base/codec.hpp"
#include "base/hash.hpp"

#include <bit>
#include <fmt/format.h>
#include <limits>

namespace surged::store {
namespace {

constexpr std::string_view magic = "SRGJ";
constexpr std::size_t crc_at = 8;         // after magic and length
constexpr std::size_t checked_from = 12;  // the CRC covers everything behind itself

template <class T>
void put(std::string& out, T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i) {
        out.push_back(static_cast<char>(value & 0xff));
        value = static_cast<T>(value >> (sizeof(T) > 1 ? 8 : 0));
    }
}
template <class T>
T get(std::string_view bytes, std::size_t at) {
    T value = 0;
    for (std::size_t i = sizeof(T); i-- > 0;)
        value = static_cast<T>(
            (sizeof(T) > 1 ? value << 8 : 0) | static_cast<std::uint8_t>(bytes[at + i])
        );
    return value;
}
bool known(std::uint8_t kind) {
    switch (static_cast<Kind>(kind)) {
        case Kind::input:
        case Kind::page:
        case Kind::rules:
        case Kind::image:
        case Kind::pack:
            return true;
    }
    return false;
}

struct PagePayload {
    std::string page;
    std::uint32_t attempt{0};
    Instant at;
    std::string bytes;
    template <class A>
    void fields(A& a) {
        a(page, attempt, at, bytes);
    }
};
struct RulesPayload {
    std::string hash, bytes;
    std::vector<std::pair<std::string, std::string>> sources;
    template <class A>
    void fields(A& a) {
        a(hash, bytes, sources);
    }
};

}  // namespace

void seal(std::string& out, const Envelope& e) {
    SURGED_ASSERT(e.payload.size() <= std::numeric_limits<std::uint32_t>::max());
    const std::size_t start = out.size();
    out.reserve(start + envelope_bytes + e.payload.size());
    out.append(magic);
    put(out, static_cast<std::uint32_t>(e.payload.size()));
    put(out, std::uint32_t{0});  // the CRC, once the rest is there
    put(out, e.format);
    put(out, e.core);
    put(out, static_cast<std::uint8_t>(e.kind));
    out.append(3, '\0');
    put(out, e.seq);
    put(out, std::bit_cast<std::uint64_t>(std::int64_t{e.instant.time_since_epoch().count()}));
    SURGED_ASSERT(out.size() - start == envelope_bytes);
    out.append(e.payload);
    // The length is covered too: it goes first into the running CRC.
    std::string_view record{out};
    record.remove_prefix(start);
    std::uint32_t crc = crc32c(record.substr(checked_from), crc32c(record.substr(4, 4)));
    for (std::size_t i = 0; i < 4; ++i, crc >>= 8)
        out[start + crc_at + i] = static_cast<char>(crc & 0xff);
}

std::optional<Envelope> Unsealer::stop(std::string why) {
    fault_ = std::move(why);
    rest_ = {};
    return std::nullopt;
}

std::optional<Envelope> Unsealer::next() {
    if (rest_.empty()) return std::nullopt;
    if (rest_.size() < envelope_bytes)
        return stop(fmt::format("a record is torn: {} bytes are left of its header", rest_.size()));
    if (!rest_.starts_with(magic)) return stop("no record begins where one should");
    const std::size_t length = get<std::uint32_t>(rest_, 4);
    if (length > rest_.size() - envelope_bytes)
        return stop(fmt::format(
            "a record is torn: {} of its {} bytes are there", rest_.size() - envelope_bytes, length
        ));
    const auto record = rest_.substr(0, envelope_bytes + length);
    if (crc32c(record.substr(checked_from), crc32c(record.substr(4, 4))) !=
        get<std::uint32_t>(record, crc_at))
        return stop("a record's CRC does not fit its bytes");
    Envelope e;
    e.format = get<std::uint16_t>(record, 12);
    if (e.format > format_version)
        return stop(fmt::format(
            "a record has format {}; this surged reads up to {}: use a newer one",
            e.format,
            format_version
        ));
    e.core = get<std::uint16_t>(record, 14);
    const auto kind = get<std::uint8_t>(record, 16);
    if (!known(kind)) return stop(fmt::format("a record is of an unknown kind, {}", kind));
    e.kind = static_cast<Kind>(kind);
    e.seq = get<std::uint64_t>(record, 20);
    e.instant = Instant{Micros{std::bit_cast<std::int64_t>(get<std::uint64_t>(record, 28))}};
    e.payload = record.substr(envelope_bytes);
    rest_.remove_prefix(record.size());
    return e;
}

std::string encode_page(const PageRecord& page) {
    return codec::encode(PagePayload{page.page, page.attempt, page.at, page.bytes});
}

std::optional<PageRecord> decode_page(std::string_view payload) {
    auto read = codec::decode<PagePayload>(payload);
    if (!read) return std::nullopt;
    return PageRecord{std::move(read->page), read->attempt, read->at, std::move(read->bytes)};
}

std::string encode_rules(const RulesRecord& rules) {
    return codec::encode(RulesPayload{rules.hash, rules.bytes, rules.sources});
}

std::optional<RulesRecord> decode_rules(std::string_view payload) {
    auto read = codec::decode<RulesPayload>(payload);
    if (!read) return std::nullopt;
    return RulesRecord{std::move(read->hash), std::move(read->bytes), std::move(read->sources)};
}

}  // namespace surged::store
