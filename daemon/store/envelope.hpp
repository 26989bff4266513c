// The envelope around every record of the journal: what makes a torn or rotten one known as such.
// Layout in docs/reference/journal.md. Little-endian; the payload is opaque here.
#pragma once

#include "base/codec.hpp"
#include "base/time.hpp"
#include "store/journal.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace surged::store {

using codec::format_version;  // of the payloads

enum class Kind : std::uint8_t {
    input = 'I',
    page = 'P',
    rules = 'R',
    image = 'S',
    pack = 'C'  // many commits, see pack.hpp
};

struct Envelope {
    Kind kind{Kind::input};
    std::uint16_t format{format_version};
    std::uint16_t core{0};
    std::uint64_t seq{0};
    Instant instant;
    std::string_view payload;  // into the bytes that were opened
};

inline constexpr std::size_t envelope_bytes = 36;

/// Appends one sealed record.
void seal(std::string& out, const Envelope& envelope);

/// Reads records one after the other from what seal() wrote.
class Unsealer {
public:
    explicit Unsealer(std::string_view bytes) : rest_{bytes} {}
    /// The next good record; nullopt at the end or at the first fault, after which nothing more
    /// comes.
    [[nodiscard]] std::optional<Envelope> next();
    /// Why next() stopped early, in words; empty if it came to the end.
    [[nodiscard]] const std::string& fault() const { return fault_; }

private:
    std::optional<Envelope> stop(std::string why);
    std::string_view rest_;
    std::string fault_;
};

[[nodiscard]] std::string encode_page(const PageRecord& page);
[[nodiscard]] std::optional<PageRecord> decode_page(std::string_view payload);
[[nodiscard]] std::string encode_rules(const RulesRecord& rules);
[[nodiscard]] std::optional<RulesRecord> decode_rules(std::string_view payload);

}  // namespace surged::store
