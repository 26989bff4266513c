// Text inside HTML and SVG.
#pragma once

#include <string>
#include <string_view>

namespace surged {

/// `text` (UTF-8) as content or quoted attribute of HTML or XML. Control characters, which XML
/// forbids, become blanks; tabs and line ends stay.
[[nodiscard]] std::string escape_markup(std::string_view text);

}  // namespace surged
