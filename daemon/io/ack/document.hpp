// The frame of the pages that surged serves to browsers: plain HTML for any phone, no script,
// nothing fetched from elsewhere, nothing kept.
#pragma once

#include "core/plan/level.hpp"
#include "io/http/message.hpp"

#include <string>
#include <string_view>

namespace surged::io::ack {

/// `body` is markup, `title` is text.
[[nodiscard]] std::string document(
    std::string_view language, std::string_view title, std::string_view body
);
/// A line that stands out. `kind`: good, bad, plain or empty; `text` is text.
[[nodiscard]] std::string box(std::string_view kind, std::string_view text);
/// zh-CN or en
[[nodiscard]] std::string_view code_of(plan::Language language);
/// A link to the same page in the other language.
[[nodiscard]] std::string other_language(plan::Language language);
/// With the headers that let a browser do nothing but show it.
[[nodiscard]] http::Response html(unsigned status, std::string body);

}  // namespace surged::io::ack
