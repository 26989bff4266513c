// Text from a PBX may be in any encoding; what we print must be UTF-8, or one queue's name would
// spoil a whole scrape or JSON document.
#pragma once

#include <string>
#include <string_view>

namespace surged::io {

[[nodiscard]] bool is_utf8(std::string_view text);
/// `text` as it is if it is UTF-8; else every byte that is not part of it becomes U+FFFD.
[[nodiscard]] std::string to_utf8(std::string_view text);

}  // namespace surged::io
