// What surged says where it refuses, in Chinese.
#pragma once

#include <string>
#include <string_view>

namespace surged::app::cli {

/// The API's words for a problem, or themselves where they are none of its usual sentences: what it
/// cites (a name, a mistake in a file) stays as it is.
[[nodiscard]] std::string in_chinese(std::string_view words);

}  // namespace surged::app::cli
