// What the vendors' HTTP APIs have in common: they answer JSON and report failures inside HTTP 200,
// so an answer is judged by its body. Pure.
#pragma once

#include "core/engine/input.hpp"
#include "io/http/client.hpp"

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace surged::io::vendor {

/// Page and attempt are left to the caller.
[[nodiscard]] engine::Receipt receipt(
    delivery::Outcome outcome, std::string detail, std::optional<Micros> retry_after = {}
);

/// The JSON object that came, whatever the status below 500; else what the lack of one means. No
/// status makes a success of an answer that is not JSON: a captive portal says 200 too.
[[nodiscard]] tl::expected<boost::json::object, engine::Receipt> body_of(
    const http::ClientResult& result, Wall now
);

/// The integer member of that name.
[[nodiscard]] std::optional<std::int64_t> number(
    const boost::json::object& body, std::string_view name
);
/// The text member of that name on one line, cut, with every secret in it blotted out: vendors
/// quote what they were sent. Empty if there is none.
[[nodiscard]] std::string words(
    const boost::json::object& body, std::string_view name, const std::vector<std::string>& secrets
);

/// "; this machine's clock is 45 s ahead of theirs" where it is off by more than 30 s (signatures
/// break on it); else empty. By the answer's Date header.
[[nodiscard]] std::string clock_words(const http::ClientResult& result, Wall now);

/// `base` and `path` as one address; a base that already ends with the path stays as it is.
[[nodiscard]] std::string address(std::string_view base, std::string_view path);
/// RFC 3986: all but letters, digits and -._~ as %XX.
[[nodiscard]] std::string percent_encoded(std::string_view text);
/// What people paste as a key: the key itself, or the vendor's whole address, whose key is what
/// follows `mark` ("key=", "/hook/").
[[nodiscard]] std::string bare_key(std::string_view pasted, std::string_view mark);
/// The names in a contact's `to`: between |, comma and blank.
[[nodiscard]] std::vector<std::string> names_in(std::string_view to);
/// A telephone number: digits, eight or more, perhaps after a +.
[[nodiscard]] bool is_mobile(std::string_view name);

}  // namespace surged::io::vendor
