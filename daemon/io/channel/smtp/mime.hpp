// The parts that a mail is made of: encoded headers, encoded bodies, and the form in which DATA
// carries them. Pure; every line ends with CRLF and none is longer than 78 characters.
#pragma once

#include "base/time.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace surged::io::smtp {

/// `text` on one line of valid UTF-8: what comes from outside must not begin another header.
[[nodiscard]] std::string one_line(std::string_view text);

/// A header whose value is text for people: as it is if it is short ASCII, else in words of
/// RFC 2047 (UTF-8, base64), at most 75 characters each and split between characters, one a line.
[[nodiscard]] std::string text_header(std::string_view name, std::string_view text);

/// A header whose value is ASCII made by us (addresses, ids): folded between `parts`.
[[nodiscard]] std::string list_header(
    std::string_view name, const std::vector<std::string>& parts, std::string_view between
);

/// RFC 2045 §6.8: base64 in lines of 76.
[[nodiscard]] std::string base64_body(std::string_view bytes);
/// RFC 2045 §6.7, text with LF or CRLF.
[[nodiscard]] std::string quoted_printable(std::string_view text);

/// A MIME part for `text`: quoted-printable where it is mostly ASCII, else base64.
/// @param type  text/plain or text/html
[[nodiscard]] std::string text_part(std::string_view type, std::string_view text);

/// RFC 5321 §4.5.2: a dot more where a line begins with one, and the lone dot at the end.
[[nodiscard]] std::string data_of(std::string_view message);

/// Mon, 23 Nov 2026 16:35:19 +0000, from microseconds since the epoch.
[[nodiscard]] std::string date_of(Wall at);

}  // namespace surged::io::smtp
