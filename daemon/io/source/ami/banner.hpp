// What a manager's banner says of the release behind it.
#pragma once

#include <string>
#include <string_view>

namespace surged::io::ami {

/// "Asterisk 22" of the banner "Asterisk Call Manager/11.0.0"; the banner's own version where the
/// release is not known. Empty if it is no manager's banner.
[[nodiscard]] std::string release_of(std::string_view banner);

}  // namespace surged::io::ami
