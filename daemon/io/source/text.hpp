// What the text feeds share: numbers, names in unknown encodings, excerpts that are safe to show.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace surged::io {

/// A whole number without sign; nullopt for anything else.
[[nodiscard]] std::optional<std::int64_t> parse_count(std::string_view text);

/// Every byte that is not part of a UTF-8 character as \xHH: different names stay different.
/// `mark`: what stands before the digits, where the text goes through another escape.
[[nodiscard]] std::string escape_to_utf8(std::string_view bytes, std::string_view mark = "\\x");

/// The longest name of a queue that is taken from a figure, in bytes.
inline constexpr std::size_t plain_name_max = 256;
/// UTF-8 without control characters, and not longer than that.
[[nodiscard]] bool is_plain_name(std::string_view text);

/// A short piece of `bytes` that is safe to show: digits as #, other bytes than ASCII text as ?.
[[nodiscard]] std::string safe_excerpt(std::string_view bytes);

/// Something unreadable. The excerpt has its digits masked: it may hold a caller's number.
struct BadRecord {
    std::string_view reason;
    std::string excerpt;
};

}  // namespace surged::io
